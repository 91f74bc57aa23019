/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_text.h - text about certificates for people: everything out of a
 * certificate or from the network goes to the terminal through these functions,
 * which escape it whatever was done before.
 */
#ifndef AOVPN_CERT_TEXT_H
#define AOVPN_CERT_TEXT_H

#include <time.h>

#include "certificate_check.h"
#include "cli.h"

#define CERT_TIME_MAX 32

struct cert_subject;

/* Print, escaped. No line end of the format's own comes through. */
void cert_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print text in lines, indented, behind a label: text_wrapped, escaped. */
void cert_field(int indent, const char *label, const char *text);

/* The same of a format. */
void cert_fieldf(int indent, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "2026-07-28 03:57Z", or "unknown" for 0. */
const char *cert_time_text(time_t when, char out[CERT_TIME_MAX]);

/* A whole check, made at the time now: the verdict is its last line. */
void cert_text_check(const struct cli *cli, const struct cert_subject *subject,
		     const struct aovpn_check *check, time_t now);

#endif
