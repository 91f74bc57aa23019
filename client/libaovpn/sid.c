/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sid.c - see sid.h. Decoding is OpenSSL's. */
#include "sid.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "certificate_parts.h"
#include "escape.h"

#define SUBAUTHORITIES_MAX   15 /* MS-DTYP 2.4.2.2 */
#define AUTHORITY_HEX_DIGITS 12
#define SHOWN_MAX            64 /* of a text that is no SID, escaped */

/* What all of Microsoft's tag URIs (RFC 4151) begin with, before a comma. */
#define TAG_AUTHORITY "tag:microsoft.com"

/* --- the text ------------------------------------------------------------- */

/* Pass a decimal number below 2^32 of 1 to 10 digits without leading zeros. */
static bool pass_decimal(const char **text, const char *end)
{
	const char *p = *text;
	uint64_t value = 0;

	while (p < end && isdigit((unsigned char)*p) && p - *text < 10)
		value = value * 10 + (uint64_t)(*p++ - '0');
	if (p == *text || value > UINT32_MAX)
		return false;
	if (**text == '0' && p - *text > 1)
		return false;
	*text = p;
	return true;
}

/* Pass an authority in hexadecimal: for those of 2^32 and more, so its first
 * four digits are not all zero. */
static bool pass_hexadecimal(const char **text, const char *end)
{
	const char *p = *text;
	int i;

	if (end - p < 2 + AUTHORITY_HEX_DIGITS || memcmp(p, "0x", 2) != 0 ||
	    memcmp(p + 2, "0000", 4) == 0)
		return false;
	p += 2;
	for (i = 0; i < AUTHORITY_HEX_DIGITS; i++)
		if (!isxdigit((unsigned char)p[i]))
			return false;
	*text = p + AUTHORITY_HEX_DIGITS;
	return true;
}

/* RFC 5234 has "S" stand for "s", too; Windows writes a capital. */
bool aovpn_sid_valid(const char *text, size_t length)
{
	const char *p = text, *end = text + length;
	unsigned int count = 0;

	if (length < 4 || memcmp(text, "S-1-", 4) != 0)
		return false;
	p += 4;
	if (!pass_hexadecimal(&p, end) && !pass_decimal(&p, end))
		return false;
	for (; p < end; count++)
		if (*p++ != '-' || !pass_decimal(&p, end))
			return false;
	return count > 0 && count <= SUBAUTHORITIES_MAX;
}

__attribute__((format(printf, 2, 3))) static int
set_fault(char fault[AOVPN_TEXT_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(fault, AOVPN_TEXT_MAX, format, arguments);
	va_end(arguments);
	return -EBADMSG;
}

/* Take the text as a SID, or say what it is instead: what names the text. */
static int take_text(const char *text, size_t length, const char *what,
		     char sid[AOVPN_SID_MAX], char fault[AOVPN_TEXT_MAX])
{
	char shown[SHOWN_MAX];
	const char *odd;

	if (length == 0)
		return set_fault(fault, "%s is empty", what);
	if (length > AOVPN_SID_TEXT_MAX)
		return set_fault(fault, "%s is %zu bytes, longer than any SID",
				 what, length);
	odd = memchr(text, '\0', length);
	if (odd)
		return set_fault(fault, "%s has a NUL at byte %td", what,
				 odd - text);
	if (memchr(text, '\n', length) || memchr(text, '\r', length))
		return set_fault(fault, "%s has a line break", what);
	if (!aovpn_sid_valid(text, length)) {
		aovpn_escape(text, length, shown, sizeof(shown));
		return set_fault(fault, "%s is not a SID: \"%s\"", what, shown);
	}
	memcpy(sid, text, length);
	sid[length] = '\0';
	return 0;
}

/* --- the extension -------------------------------------------------------- */

/* Is der exactly the DER of names? OpenSSL also reads indefinite lengths and
 * lengths of more bytes than needed (BER). */
static bool is_der(const GENERAL_NAMES *names, const unsigned char *der,
		   size_t size)
{
	unsigned char *again = NULL;
	int length = i2d_GENERAL_NAMES(names, &again);
	bool same = length >= 0 && (size_t)length == size &&
		    memcmp(again, der, size) == 0;

	OPENSSL_free(again);
	return same;
}

static int take_names(const GENERAL_NAMES *names, char sid[AOVPN_SID_MAX],
		      char fault[AOVPN_TEXT_MAX])
{
	int count = sk_GENERAL_NAME_num(names);
	const GENERAL_NAME *name;
	const ASN1_STRING *value;
	char oid[AOVPN_OID_MAX];

	if (count != 1)
		return set_fault(fault, "it has %d names instead of one",
				 count);
	name = sk_GENERAL_NAME_value(names, 0);
	if (name->type != GEN_OTHERNAME)
		return set_fault(fault, "its name is not an otherName");
	if (!aovpn_object_is(name->d.otherName->type_id, AOVPN_OID_SID)) {
		aovpn_object_digits(name->d.otherName->type_id, oid);
		return set_fault(fault, "its otherName is %s, not %s",
				 oid[0] ? oid : "of a long OID", AOVPN_OID_SID);
	}
	if (name->d.otherName->value->type != V_ASN1_OCTET_STRING)
		return set_fault(fault, "its value is not an OCTET STRING");
	value = name->d.otherName->value->value.octet_string;
	return take_text((const char *)ASN1_STRING_get0_data(value),
			 (size_t)ASN1_STRING_length(value), "its value", sid,
			 fault);
}

int aovpn_sid_extension_decode(const unsigned char *der, size_t size,
			       char sid[AOVPN_SID_MAX],
			       char fault[AOVPN_TEXT_MAX])
{
	const unsigned char *p = der;
	GENERAL_NAMES *names;
	int result;

	sid[0] = fault[0] = '\0';
	names = d2i_GENERAL_NAMES(NULL, &p, (long)size);
	if (!names)
		result = set_fault(fault, "it is not GeneralNames");
	else if (p != der + size)
		result = set_fault(fault, "%td bytes follow its GeneralNames",
				   der + size - p);
	else if (!is_der(names, der, size))
		result = set_fault(fault, "it is not in DER");
	else
		result = take_names(names, sid, fault);
	GENERAL_NAMES_free(names);
	ERR_clear_error();
	return result;
}

void aovpn_sid_extension_read(const X509 *certificate,
			      struct aovpn_certificate_facts *facts)
{
	const ASN1_OCTET_STRING *value;
	unsigned int count;
	int result;

	count = aovpn_extension_find(certificate, AOVPN_OID_SID_EXTENSION,
				     &value);
	if (count == 0)
		return;
	if (count > 1)
		result = set_fault(facts->sid_extension_fault,
				   "the extension is there %u times", count);
	else
		result = aovpn_sid_extension_decode(
			ASN1_STRING_get0_data(value),
			(size_t)ASN1_STRING_length(value), facts->sid_extension,
			facts->sid_extension_fault);
	facts->sid_extension_state =
		result == 0 ? AOVPN_SID_VALID : AOVPN_SID_MALFORMED;
}

/* --- the URI -------------------------------------------------------------- */

/* Does a URI of that many bytes begin with prefix? RFC 4151 has a tag's case
 * count; whether Windows' does is unknown, so any is taken, and said. */
static bool begins(const char *uri, size_t size, const char *prefix)
{
	size_t length = strlen(prefix);

	return size >= length && strncasecmp(uri, prefix, length) == 0;
}

/* A good one stays good beside a bad one. */
static void take_bad(const char *fault, struct aovpn_certificate_facts *facts)
{
	if (facts->sid_uri_fault[0] == '\0')
		set_fault(facts->sid_uri_fault, "%s", fault);
	if (facts->sid_uri_state == AOVPN_SID_ABSENT)
		facts->sid_uri_state = AOVPN_SID_MALFORMED;
}

/* The first one stays, also beside another. */
static void take_good(const char *sid, struct aovpn_certificate_facts *facts)
{
	if (facts->sid_uri[0] == '\0') {
		snprintf(facts->sid_uri, sizeof(facts->sid_uri), "%s", sid);
		facts->sid_uri_state = AOVPN_SID_VALID;
	} else if (strcmp(facts->sid_uri, sid) != 0) {
		facts->sid_uri_state = AOVPN_SID_MALFORMED;
		set_fault(facts->sid_uri_fault,
			  "two URIs differ: %.90s and %.90s", facts->sid_uri,
			  sid);
	}
}

static void take_tag_uri(const char *uri, size_t size,
			 struct aovpn_certificate_facts *facts)
{
	const size_t tag = strlen(AOVPN_SID_TAG);
	char sid[AOVPN_SID_MAX], fault[AOVPN_TEXT_MAX];

	if (take_text(uri + tag, size - tag, "the text behind a URI's tag", sid,
		      fault) < 0) {
		take_bad(fault, facts);
		return;
	}
	take_good(sid, facts);
	if (memcmp(uri, AOVPN_SID_TAG, tag) != 0)
		take_bad("a URI's tag is not in lower case", facts);
}

/* Is it nearly a tag URI: with the comma escaped, another date or no "sid:"? */
static bool is_near_miss(const char *uri, size_t size)
{
	const size_t length = strlen(TAG_AUTHORITY);

	return begins(uri, size, TAG_AUTHORITY) &&
	       (size == length || uri[length] == '%' || uri[length] == ':');
}

static bool ends_uri(char c)
{
	return c == ',' || c == ' ';
}

/* The size of the URI at text. The tag has a comma itself. */
static size_t uri_size(const char *text, const char *end)
{
	size_t size = (size_t)(end - text);
	const char *p = text;

	if (begins(text, size, AOVPN_SID_TAG))
		p += strlen(AOVPN_SID_TAG);
	while (p < end && !ends_uri(*p))
		p++;
	return (size_t)(p - text);
}

void aovpn_sid_uri_take(const char *text, size_t length,
			struct aovpn_certificate_facts *facts)
{
	const char *p = text, *end = text + length;
	size_t size;

	while (p < end) {
		size = uri_size(p, end);
		if (begins(p, size, AOVPN_SID_TAG)) {
			take_tag_uri(p, size, facts);
			facts->sid_uri_joined |= size < length;
		} else if (is_near_miss(p, size)) {
			take_bad("a URI begins with " TAG_AUTHORITY
				 ", but not with " AOVPN_SID_TAG,
				 facts);
		}
		p += size;
		while (p < end && ends_uri(*p))
			p++;
	}
}
