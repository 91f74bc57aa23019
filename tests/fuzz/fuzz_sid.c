/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_sid.c - the SID of a certificate. The first byte says what follows: 0,
 * the extension's value; else that many bytes of one URI entry of the subject
 * alternative name, and another one.
 *
 * What the decoder takes for a SID is a SID, in the one encoding that DER has
 * for it.
 */
#include "sid.h"

#include <errno.h>

#include "fuzz.h"

/* Write tag and length of what stands behind p, in DER; returns its begin. */
static uint8_t *put_head(uint8_t *p, uint8_t tag, size_t length)
{
	*--p = (uint8_t)length;
	if (length > 127)
		*--p = 0x81;
	*--p = tag;
	return p;
}

/* Is that the extension's value for this SID? */
static bool encodes(const uint8_t *data, size_t size, const char *sid)
{
	static const uint8_t oid[] = {0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04,
				      0x01, 0x82, 0x37, 0x19, 0x02, 0x01};
	uint8_t der[256], *end = der + sizeof(der), *p = end - strlen(sid);

	memcpy(p, sid, strlen(sid));
	p = put_head(p, 0x04, (size_t)(end - p));
	p = put_head(p, 0xa0, (size_t)(end - p));
	p -= sizeof(oid);
	memcpy(p, oid, sizeof(oid));
	p = put_head(p, 0xa0, (size_t)(end - p));
	p = put_head(p, 0x30, (size_t)(end - p));
	return (size_t)(end - p) == size && memcmp(p, data, size) == 0;
}

static void fuzz_extension(const uint8_t *data, size_t size)
{
	char sid[AOVPN_SID_MAX], fault[AOVPN_TEXT_MAX];
	int result;

	memset(sid, 0xff, sizeof(sid));
	memset(fault, 0xff, sizeof(fault));
	result = aovpn_sid_extension_decode(data, size, sid, fault);
	PROMISE(fuzz_is_clean(sid, sizeof(sid)));
	PROMISE(fuzz_is_clean(fault, sizeof(fault)));
	if (result == 0) {
		PROMISE(fault[0] == '\0');
		PROMISE(aovpn_sid_valid(sid, strlen(sid)));
		PROMISE(encodes(data, size, sid));
	} else {
		PROMISE(result == -EBADMSG);
		PROMISE(sid[0] == '\0' && fault[0] != '\0');
	}
}

/* The entry as an array of its own: a sanitizer sees any read beyond it. */
static void take_entry(const uint8_t *data, size_t size,
		       struct aovpn_certificate_facts *facts)
{
	char *entry = malloc(size ? size : 1);

	PROMISE(entry);
	if (size)
		memcpy(entry, data, size);
	aovpn_sid_uri_take(entry, size, facts);
	free(entry);
}

static void fuzz_uris(const uint8_t *data, size_t size, size_t first)
{
	static struct aovpn_certificate_facts facts;
	const char *sid = facts.sid_uri;
	uint32_t state;

	memset(&facts, 0, sizeof(facts));
	first = first < size ? first : size;
	take_entry(data, first, &facts);
	take_entry(data + first, size - first, &facts);
	state = facts.sid_uri_state;
	PROMISE(fuzz_is_clean(sid, AOVPN_SID_MAX));
	PROMISE(fuzz_is_clean(facts.sid_uri_fault, AOVPN_TEXT_MAX));
	PROMISE(sid[0] == '\0' || aovpn_sid_valid(sid, strlen(sid)));
	PROMISE(state != AOVPN_SID_VALID || sid[0] != '\0');
	PROMISE(state != AOVPN_SID_MALFORMED || facts.sid_uri_fault[0]);
	PROMISE(state != AOVPN_SID_ABSENT ||
		(sid[0] == '\0' && facts.sid_uri_fault[0] == '\0' &&
		 !facts.sid_uri_joined));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] == 0)
		fuzz_extension(data + 1, size - 1);
	else
		fuzz_uris(data + 1, size - 1, data[0]);
	return 0;
}
