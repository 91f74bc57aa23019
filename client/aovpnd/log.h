/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - the one way in which aovpnd logs: a line on stderr, where a service
 * manager or a person picks it up. Records of dials are not logged here; they
 * have their recorders.
 */
#ifndef AOVPN_LOG_H
#define AOVPN_LOG_H

/* Control characters in the arguments come out escaped. No final newline. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
