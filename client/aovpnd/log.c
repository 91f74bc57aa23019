/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.c - see log.h. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "escape.h"

/* prefix: the syslog level that journald reads off a service's stderr; a
 * person at a terminal gets none. */
static void write_line(const char *prefix, const char *format, va_list args)
{
	char raw[1024], line[2048];

	vsnprintf(raw, sizeof(raw), format, args);
	aovpn_escape_string(raw, line, sizeof(line));
	fprintf(stderr, "%saovpnd: %s\n",
		getenv("JOURNAL_STREAM") ? prefix : "", line);
}

void log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(SD_INFO, format, args);
	va_end(args);
}

void log_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(SD_WARNING, format, args);
	va_end(args);
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(SD_ERR, format, args);
	va_end(args);
}
