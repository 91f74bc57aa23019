/* cert_json.c - see cert_json.h; the object of a check is in cert_check_json.c.
 */
#include "cert_json.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

#include "escape.h"

json_t *cert_json_text(const char *text)
{
	char escaped[2 * PATH_MAX];

	if (!text || text[0] == '\0')
		return json_null();
	aovpn_escape_string(text, escaped, sizeof(escaped));
	return json_string(escaped);
}

json_t *cert_json_time(time_t when)
{
	char out[32];
	struct tm tm;

	/* RFC 3339 has years of four digits. */
	if (when == 0 || !gmtime_r(&when, &tm) || tm.tm_year > 9999 - 1900 ||
	    tm.tm_year < -1900)
		return json_null();
	snprintf(out, sizeof(out), "%04u-%02u-%02uT%02u:%02u:%02uZ",
		 (unsigned int)(tm.tm_year + 1900) % 10000,
		 (unsigned int)(tm.tm_mon + 1) % 100,
		 (unsigned int)tm.tm_mday % 100, (unsigned int)tm.tm_hour % 100,
		 (unsigned int)tm.tm_min % 100, (unsigned int)tm.tm_sec % 100);
	return json_string(out);
}

static json_t *doubts(uint32_t bits)
{
	json_t *array = json_array();
	uint32_t doubt;

	for (doubt = 1; doubt < AOVPN_DOUBT_END; doubt <<= 1)
		if (bits & doubt)
			json_array_append_new(
				array, json_string(aovpn_doubt_text(doubt)));
	return array;
}

json_t *cert_json_verdict(const struct aovpn_verdict *verdict)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "file",
			 cert_json_text(verdict->file), "subject",
			 cert_json_text(verdict->subject), "thumbprint",
			 cert_json_text(verdict->thumbprint), "not_after",
			 cert_json_time(verdict->not_after), "verdict",
			 verdict->chosen ? "chosen"
					 : aovpn_refusal_name(verdict->refusal),
			 "reason", cert_json_text(verdict->reason), "warnings",
			 doubts(verdict->doubts));
}
