/* SPDX-License-Identifier: GPL-2.0-or-later */
/* error.c - see error.h. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#include "escape.h"

int aovpn_error_set(struct aovpn_error *error, int code, const char *format,
		    ...)
{
	char raw[AOVPN_ERROR_TEXT_MAX];
	va_list args;

	if (!error)
		return code;
	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	aovpn_escape_string(raw, error->text, sizeof(error->text));
	return code;
}
