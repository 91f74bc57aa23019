/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_json.c - see cert_json.h; the object of a check is in cert_check_json.c.
 */
#include "cert_json.h"

#include <limits.h>

#include "escape.h"

json_t *cert_json_text(const char *text)
{
	char escaped[2 * PATH_MAX];

	if (!text || text[0] == '\0')
		return json_null();
	aovpn_escape_string(text, escaped, sizeof(escaped));
	return json_string(escaped);
}

json_t *cert_json_verdict(const struct aovpn_verdict *verdict)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "file",
			 cert_json_text(verdict->file), "subject",
			 cert_json_text(verdict->subject), "thumbprint",
			 cert_json_text(verdict->thumbprint), "not_after",
			 record_date(verdict->not_after), "verdict",
			 verdict->chosen ? "chosen"
					 : aovpn_refusal_name(verdict->refusal),
			 "reason", cert_json_text(verdict->reason), "warnings",
			 record_doubts(verdict->doubts));
}
