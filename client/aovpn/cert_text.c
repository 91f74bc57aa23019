/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_text.c - see cert_text.h; the report of a check is in cert_check_text.c.
 */
#include "cert_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "escape.h"

#define TEXT_MAX 4096

static void format_escaped(const char *format, va_list args,
			   char out[4 * TEXT_MAX])
{
	char raw[TEXT_MAX];

	vsnprintf(raw, sizeof(raw), format, args);
	aovpn_escape_string(raw, out, 4 * TEXT_MAX);
}

void cert_print(const char *format, ...)
{
	char text[4 * TEXT_MAX];
	va_list args;

	va_start(args, format);
	format_escaped(format, args, text);
	va_end(args);
	fputs(text, stdout);
}

void cert_fieldf(int indent, const char *label, const char *format, ...)
{
	char text[4 * TEXT_MAX];
	va_list args;

	va_start(args, format);
	format_escaped(format, args, text);
	va_end(args);
	text_wrapped(indent, label, text);
}

void cert_field(int indent, const char *label, const char *text)
{
	cert_fieldf(indent, label, "%s", text);
}

const char *cert_time_text(time_t when, char out[CERT_TIME_MAX])
{
	struct tm tm;

	if (when == 0 || !gmtime_r(&when, &tm) ||
	    strftime(out, CERT_TIME_MAX, "%Y-%m-%d %H:%MZ", &tm) == 0)
		snprintf(out, CERT_TIME_MAX, "unknown");
	return out;
}
