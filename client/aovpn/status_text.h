/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status_text.h - connections as people read them.
 */
#ifndef AOVPN_STATUS_TEXT_H
#define AOVPN_STATUS_TEXT_H

#include <jansson.h>
#include <stddef.h>

struct cli;

/* One connection of the status: a line, and more below it. */
void status_connection(const struct cli *cli, const json_t *connection);

/* "42 s", "5 min", "2 h 14 min", "3 d 4 h"; less than nothing is "0 s". */
void status_duration(long long seconds, char *out, size_t size);

/* "512 B", "3.2 MiB", in powers of 1024. */
void status_bytes(unsigned long long bytes, char *out, size_t size);

#endif
