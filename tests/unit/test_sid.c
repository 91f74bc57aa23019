/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sid.c - the SID of a certificate in both places: which bytes are one,
 * and what is said about those that are not.
 */
#include "sid.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <CUnit/CUnit.h>

#include "fixture.h"

#define SID "S-1-5-21-1111111111-2222222222-3333333333-1105"
#define TAG AOVPN_SID_TAG

/* The parts of the extension in DER: an OID 1.3.6.1.4.1.311.25.2.1, one that
 * differs in its last arc, and "S-1-5-18" as OCTET STRING. */
#define OID   "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x19\x02\x01"
#define OTHER "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x19\x02\x02"
#define TEXT  "\x04\x08S-1-5-18"
/* What makes such a name of OID and TEXT. */
#define NAME "\xa0\x18" OID "\xa0\x0a" TEXT

static struct aovpn_certificate_facts facts;
static char sid[AOVPN_SID_MAX], fault[AOVPN_TEXT_MAX];

/* --- the extension -------------------------------------------------------- */

struct vector {
	const char *der;
	size_t size;
	const char *sid;   /* NULL: malformed */
	const char *fault; /* what is said then */
};

#define GOOD(der, sid)                        \
	{                                     \
		der, sizeof(der) - 1, sid, "" \
	}
#define BAD(der, fault)                           \
	{                                         \
		der, sizeof(der) - 1, NULL, fault \
	}

static const struct vector vectors[] = {
	/* One that AD CS made, and one of our own with a longer RID. */
	GOOD("\x30\x3f\xa0\x3d" OID "\xa0\x2f\x04\x2d"
	     "S-1-5-21-666199682-1411342147-2938717855-1001",
	     "S-1-5-21-666199682-1411342147-2938717855-1001"),
	GOOD("\x30\x40\xa0\x3e" OID "\xa0\x30\x04\x2e"
	     "S-1-5-21-1111111111-2222222222-3333333333-1104",
	     "S-1-5-21-1111111111-2222222222-3333333333-1104"),
	GOOD("\x30\x1a" NAME, "S-1-5-18"),
	/* Lengths of more than 127. */
	GOOD("\x30\x81\x86\xa0\x81\x83" OID "\xa0\x75\x04\x73"
	     "S-1-5-21-4294967295-4294967295-4294967295-4294967295-"
	     "4294967295-4294967295-4294967295-4294967295-4294967295-1234567",
	     "S-1-5-21-4294967295-4294967295-4294967295-4294967295-"
	     "4294967295-4294967295-4294967295-4294967295-4294967295-1234567"),
	/* Nothing, no ASN.1, cut, another type, a length beyond the end. */
	BAD("", "it is not GeneralNames"),
	BAD("\x30", "it is not GeneralNames"),
	BAD("S-1-5-18", "it is not GeneralNames"),
	BAD(TEXT, "it is not GeneralNames"),
	BAD("\x31\x1a" NAME, "it is not GeneralNames"),
	BAD("\x30\x1b" NAME, "it is not GeneralNames"),
	BAD("\x30\x19" NAME, "it is not GeneralNames"),
	BAD("\x30\x03\x01\x01\xff", "it is not GeneralNames"),
	/* The otherName's or the value's tag is missing, or there twice. */
	BAD("\x30\x18" OID "\xa0\x0a" TEXT, "it is not GeneralNames"),
	BAD("\x30\x18\xa0\x16" OID TEXT, "it is not GeneralNames"),
	BAD("\x30\x1c\xa0\x1a\x30\x18" OID "\xa0\x0a" TEXT,
	    "it is not GeneralNames"),
	BAD("\x30\x1c\x30\x1a" NAME, "it is not GeneralNames"),
	/* A tail: behind all, in the otherName, in the value's tag. */
	BAD("\x30\x1a" NAME "\x00", "1 bytes follow its GeneralNames"),
	BAD("\x30\x1a" NAME "\x05\x00\x05\x00",
	    "4 bytes follow its GeneralNames"),
	BAD("\x30\x1c\xa0\x1a" OID "\xa0\x0a" TEXT "\x05\x00",
	    "it is not GeneralNames"),
	BAD("\x30\x1c\xa0\x1a" OID "\xa0\x0c" TEXT "\x05\x00",
	    "it is not GeneralNames"),
	/* BER: a length of one byte too many, at each level; an indefinite one;
	 * a value in parts. */
	BAD("\x30\x81\x1a" NAME, "it is not in DER"),
	BAD("\x30\x1b\xa0\x81\x18" OID "\xa0\x0a" TEXT, "it is not in DER"),
	BAD("\x30\x1b\xa0\x19" OID "\xa0\x81\x0a" TEXT, "it is not in DER"),
	BAD("\x30\x1b\xa0\x19" OID "\xa0\x0b\x04\x81\x08S-1-5-18",
	    "it is not in DER"),
	BAD("\x30\x80" NAME "\x00\x00", "it is not in DER"),
	BAD("\x30\x1c\xa0\x80" OID "\xa0\x0a" TEXT "\x00\x00",
	    "it is not in DER"),
	BAD("\x30\x1e\xa0\x1c" OID "\xa0\x0e\x24\x0c\x04\x04S-1-\x04\x04"
	    "5-18",
	    "it is not in DER"),
	/* None, several, another kind. */
	BAD("\x30\x00", "it has 0 names instead of one"),
	BAD("\x30\x34" NAME NAME, "it has 2 names instead of one"),
	BAD("\x30\x0a\x82\x08S-1-5-18", "its name is not an otherName"),
	BAD("\x30\x1a\xa0\x18" OTHER "\xa0\x0a" TEXT,
	    "its otherName is 1.3.6.1.4.1.311.25.2.2, not "
	    "1.3.6.1.4.1.311.25.2.1"),
	BAD("\x30\x19\xa0\x17\x06\x09\x2b\x06\x01\x04\x01\x82\x37\x19\x02"
	    "\xa0\x0a" TEXT,
	    "its otherName is 1.3.6.1.4.1.311.25.2, not "
	    "1.3.6.1.4.1.311.25.2.1"),
	/* The text as UTF8String, the SID in binary, an OCTET STRING in one. */
	BAD("\x30\x1a\xa0\x18" OID "\xa0\x0a\x0c\x08S-1-5-18",
	    "its value is not an OCTET STRING"),
	BAD("\x30\x1c\xa0\x1a" OID "\xa0\x0c\x30\x0a" TEXT,
	    "its value is not an OCTET STRING"),
	BAD("\x30\x1e\xa0\x1c" OID "\xa0\x0e\x04\x0c\x01\x01\x00\x00\x00\x00"
	    "\x00\x05\x12\x00\x00\x00",
	    "its value has a NUL at byte 2"),
	BAD("\x30\x1c\xa0\x1a" OID "\xa0\x0c\x04\x0a" TEXT,
	    "its value is not a SID: \"\\x04\\x08S-1-5-18\""),
	/* The text. */
	BAD("\x30\x12\xa0\x10" OID "\xa0\x02\x04\x00", "its value is empty"),
	BAD("\x30\x1b\xa0\x19" OID "\xa0\x0b\x04\x09S-1-5-18\0",
	    "its value has a NUL at byte 8"),
	BAD("\x30\x1b\xa0\x19" OID "\xa0\x0b\x04\x09S-1-5\0-18",
	    "its value has a NUL at byte 5"),
	BAD("\x30\x1b\xa0\x19" OID "\xa0\x0b\x04\x09S-1-5-18\n",
	    "its value has a line break"),
	BAD("\x30\x1b\xa0\x19" OID "\xa0\x0b\x04\x09\rS-1-5-18",
	    "its value has a line break"),
	BAD("\x30\x1b\xa0\x19" OID "\xa0\x0b\x04\x09S-1-5-18 ",
	    "its value is not a SID: \"S-1-5-18 \""),
	BAD("\x30\x1c\xa0\x1a" OID "\xa0\x0c\x04\x0aS-1\x1b[31m\xff\xff",
	    "its value is not a SID: \"S-1\\x1b[31m\\xff\\xff\""),
};

static void decode(const void *der, size_t size, const char *expected_sid,
		   const char *expected_fault)
{
	int result;

	memset(sid, 'x', sizeof(sid));
	memset(fault, 'x', sizeof(fault));
	result = aovpn_sid_extension_decode(der, size, sid, fault);
	CU_ASSERT_EQUAL(result, expected_sid ? 0 : -EBADMSG);
	CU_ASSERT_STRING_EQUAL(sid, expected_sid ? expected_sid : "");
	CU_ASSERT_STRING_EQUAL(fault, expected_fault);
	CU_ASSERT_EQUAL(ERR_peek_error(), 0);
	if (strcmp(fault, expected_fault) != 0)
		printf("\n\"%s\" for \"%s\"", fault, expected_fault);
}

static void decodes_vectors(void)
{
	size_t i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		decode(vectors[i].der, vectors[i].size, vectors[i].sid,
		       vectors[i].fault);
}

/* No part of a good one is one. */
static void refuses_what_is_cut(void)
{
	const struct vector *vector = &vectors[0];
	size_t size;

	for (size = 0; size < vector->size; size++)
		decode(vector->der, size, NULL, "it is not GeneralNames");
}

/* The extension of this text, as OpenSSL encodes it. */
static void decode_text(const char *text, size_t length,
			const char *expected_sid, const char *expected_fault)
{
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_TYPE *value = ASN1_TYPE_new();
	unsigned char *der = NULL;
	int size;

	ASN1_OCTET_STRING_set(octets, (const unsigned char *)text, (int)length);
	ASN1_TYPE_set(value, V_ASN1_OCTET_STRING, octets);
	GENERAL_NAME_set0_othername(name, OBJ_txt2obj(AOVPN_OID_SID, 1), value);
	sk_GENERAL_NAME_push(names, name);
	size = i2d_GENERAL_NAMES(names, &der);
	decode(der, (size_t)size, expected_sid, expected_fault);
	OPENSSL_free(der);
	GENERAL_NAMES_free(names);
}

/* A SID of so many subauthorities, each as long as can be; its length. */
static size_t longest(char text[256], const char *authority, unsigned int count)
{
	size_t length = (size_t)sprintf(text, "S-1-%s", authority);

	while (count-- > 0)
		length += (size_t)sprintf(text + length, "-4294967295");
	return length;
}

static void decodes_each_length(void)
{
	char text[256], shown[256];
	unsigned int count;
	size_t length;

	for (count = 1; count <= 15; count++) {
		length = longest(text, "5", count);
		decode_text(text, length, text, "");
	}
	length = longest(text, "0xffffffffffff", 15);
	CU_ASSERT_EQUAL(length, AOVPN_SID_TEXT_MAX);
	decode_text(text, length, text, "");
	length = longest(text, "5", 16);
	snprintf(shown, sizeof(shown), "its value is not a SID: \"%.63s\"",
		 text);
	decode_text(text, length, NULL, shown);
}

static void refuses_long_text(void)
{
	static char text[10240];

	memset(text, '1', sizeof(text));
	memcpy(text, "S-1-5-", 6);
	decode_text(text, sizeof(text), NULL,
		    "its value is 10240 bytes, longer than any SID");
	decode_text(text, AOVPN_SID_TEXT_MAX + 1, NULL,
		    "its value is 184 bytes, longer than any SID");
}

/* --- the text ------------------------------------------------------------- */

static const struct {
	const char *text;
	bool valid;
} texts[] = {
	{"S-1-5-18", true},
	{"S-1-0-0", true},
	{"S-1-12-1-4294967295-0-1-2", true},
	{"S-1-4294967295-1", true},
	{"S-1-0x000100000000-1", true},
	{"S-1-0xFFFFFFFFFFFF-1", true},
	{"S-1-0xabcdefABCDEF-1", true},
	{"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", true},
	{"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", false},
	{"S-1-12-1-4294967296", false},
	{"S-1-4294967296-1", false},
	{"S-1-0x0000ffffffff-1", false}, /* would be decimal */
	{"S-1-0x10000000000-1", false},  /* 11 digits */
	{"S-1-0x1000000000000-1", false},
	{"S-1-0x00010000000g-1", false},
	{"S-1-0X000100000000-1", false},
	{"S-1-0x", false},
	{"S-1-5-0x1", false},
	{"S-1-5-12345678901", false},
	{"S-1-5-00000000018", false},
	{"S-1-5-018", false},
	{"S-1-05-18", false},
	{"S-1-5", false},
	{"S-1-", false},
	{"S-1", false},
	{"", false},
	{"S-1-5-", false},
	{"S-1-5-18-", false},
	{"S-1-5--18", false},
	{"S-1--18", false},
	{"S-1-5-+1", false},
	{"S-1-5- 1", false},
	{"S-1-5-1x", false},
	{"S-2-5-18", false},
	{"S-11-5-18", false},
	{"s-1-5-18", false},
	{" S-1-5-18", false},
	{"DA", false},
	{"{{OnPremisesSecurityIdentifier}}", false},
};

static void tells_sid_by_its_grammar(void)
{
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (aovpn_sid_valid(texts[i].text, strlen(texts[i].text)) !=
		    texts[i].valid)
			CU_FAIL(texts[i].text);
	CU_PASS("all rows");
	CU_ASSERT(aovpn_sid_valid("S-1-5-18xyz", 8));
	CU_ASSERT_FALSE(aovpn_sid_valid("S-1-5-18\0", 9));
}

/* --- the URI -------------------------------------------------------------- */

/* Beside all of these rows, state follows: VALID with a SID and no two of them,
 * else MALFORMED with a fault, else ABSENT. */
static const struct {
	const char *entries[3];
	const char *sid;
	const char *fault;
	enum aovpn_sid_state state;
	bool joined;
} uris[] = {
	{{TAG SID}, SID, "", AOVPN_SID_VALID, false},
	{{"https://contoso.test/x", TAG SID}, SID, "", AOVPN_SID_VALID, false},
	{{TAG SID, TAG SID}, SID, "", AOVPN_SID_VALID, false},
	{{"a:b," TAG "S-1-5-18,c:d"}, "S-1-5-18", "", AOVPN_SID_VALID, true},
	{{"a:b, " TAG "S-1-5-18 , c:d"}, "S-1-5-18", "", AOVPN_SID_VALID, true},
	{{TAG "S-1-5-18,"}, "S-1-5-18", "", AOVPN_SID_VALID, true},
	{{TAG "S-1-5-18", "a:b,c:d"}, "S-1-5-18", "", AOVPN_SID_VALID, false},
	/* no tag, none where a URI begins */
	{{"https://contoso.test/?" TAG SID}, "", "", AOVPN_SID_ABSENT, false},
	{{"x" TAG "S-1-5-18"}, "", "", AOVPN_SID_ABSENT, false},
	{{SID}, "", "", AOVPN_SID_ABSENT, false},
	{{""}, "", "", AOVPN_SID_ABSENT, false},
	{{", ,"}, "", "", AOVPN_SID_ABSENT, false},
	{{"tag:microsoft.community,2022-09-14:sid:" SID},
	 "",
	 "",
	 AOVPN_SID_ABSENT,
	 false},
	/* what is wrong */
	{{TAG},
	 "",
	 "the text behind a URI's tag is empty",
	 AOVPN_SID_MALFORMED,
	 false},
	{{TAG ",a:b"},
	 "",
	 "the text behind a URI's tag is empty",
	 AOVPN_SID_MALFORMED,
	 true},
	{{TAG "S-1-5-21-evil"},
	 "",
	 "the text behind a URI's tag is not a SID: \"S-1-5-21-evil\"",
	 AOVPN_SID_MALFORMED,
	 false},
	{{TAG "S-1-5-18\n"},
	 "",
	 "the text behind a URI's tag has a line break",
	 AOVPN_SID_MALFORMED,
	 false},
	{{TAG "%53-1-5-18"},
	 "",
	 "the text behind a URI's tag is not a SID: \"%53-1-5-18\"",
	 AOVPN_SID_MALFORMED,
	 false},
	{{"tag:microsoft.com%2C2022-09-14:sid:S-1-5-18"},
	 "",
	 "a URI begins with tag:microsoft.com, but not with " TAG,
	 AOVPN_SID_MALFORMED,
	 false},
	{{"tag:microsoft.com,2022-09-14:S-1-5-18"},
	 "",
	 "a URI begins with tag:microsoft.com, but not with " TAG,
	 AOVPN_SID_MALFORMED,
	 false},
	/* a good one beside a bad one */
	{{TAG "x", TAG "S-1-5-18"},
	 "S-1-5-18",
	 "the text behind a URI's tag is not a SID: \"x\"",
	 AOVPN_SID_VALID,
	 false},
	{{TAG "S-1-5-18", TAG "x", TAG},
	 "S-1-5-18",
	 "the text behind a URI's tag is not a SID: \"x\"",
	 AOVPN_SID_VALID,
	 false},
	{{"TAG:Microsoft.com,2022-09-14:SID:S-1-5-18"},
	 "S-1-5-18",
	 "a URI's tag is not in lower case",
	 AOVPN_SID_VALID,
	 false},
	/* two that differ, also behind a bad one, and a third */
	{{TAG "S-1-5-18", TAG "S-1-5-19"},
	 "S-1-5-18",
	 "two URIs differ: S-1-5-18 and S-1-5-19",
	 AOVPN_SID_MALFORMED,
	 false},
	{{TAG "x," TAG "S-1-5-18," TAG "S-1-5-19"},
	 "S-1-5-18",
	 "two URIs differ: S-1-5-18 and S-1-5-19",
	 AOVPN_SID_MALFORMED,
	 true},
	{{TAG "S-1-5-18", TAG "S-1-5-19", TAG "S-1-5-18"},
	 "S-1-5-18",
	 "two URIs differ: S-1-5-18 and S-1-5-19",
	 AOVPN_SID_MALFORMED,
	 false},
};

static void reads_uris(void)
{
	size_t i, j;

	for (i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		memset(&facts, 0, sizeof(facts));
		for (j = 0; j < 3 && uris[i].entries[j]; j++)
			aovpn_sid_uri_take(uris[i].entries[j],
					   strlen(uris[i].entries[j]), &facts);
		CU_ASSERT_STRING_EQUAL(facts.sid_uri, uris[i].sid);
		CU_ASSERT_STRING_EQUAL(facts.sid_uri_fault, uris[i].fault);
		CU_ASSERT_EQUAL(facts.sid_uri_state, uris[i].state);
		CU_ASSERT_EQUAL(facts.sid_uri_joined, uris[i].joined);
		if (strcmp(facts.sid_uri_fault, uris[i].fault) != 0)
			printf("\n\"%s\" for \"%s\"", facts.sid_uri_fault,
			       uris[i].fault);
	}
}

/* The longest SIDs that differ are both told. */
static void tells_both_of_two(void)
{
	char text[1024], one[256], other[256];

	longest(one, "5", 7);
	longest(other, "12", 7);
	memset(&facts, 0, sizeof(facts));
	snprintf(text, sizeof(text), TAG "%s," TAG "%s", one, other);
	aovpn_sid_uri_take(text, strlen(text), &facts);
	snprintf(text, sizeof(text), "two URIs differ: %s and %s", one, other);
	CU_ASSERT_STRING_EQUAL(facts.sid_uri_fault, text);
}

/* --- certificates --------------------------------------------------------- */

static const struct {
	const char *file;
	enum aovpn_sid_state state;
	const char *fault;
} extensions[] = {
	{"plain.crt", AOVPN_SID_ABSENT, ""},
	{"sid-extension.crt", AOVPN_SID_VALID, ""},
	{"sid-extension-bad.crt", AOVPN_SID_MALFORMED,
	 "its value is not a SID: \"S-1-5-21-evil\""},
	{"sid-extension-garbage.crt", AOVPN_SID_MALFORMED,
	 "it is not GeneralNames"},
	{"sid-long.crt", AOVPN_SID_MALFORMED,
	 "its value is 10245 bytes, longer than any SID"},
	{"sid-nul.crt", AOVPN_SID_MALFORMED, "its value has a NUL at byte 46"},
	{"sid-newline.crt", AOVPN_SID_MALFORMED, "its value has a line break"},
	{"sid-empty.crt", AOVPN_SID_MALFORMED, "its value is empty"},
	{"sid-utf8.crt", AOVPN_SID_MALFORMED,
	 "its value is not an OCTET STRING"},
	{"sid-nested.crt", AOVPN_SID_MALFORMED,
	 "its value is not an OCTET STRING"},
	{"sid-escape.crt", AOVPN_SID_MALFORMED,
	 "its value is not a SID: \"S-1-5-\\x1b[31m\""},
	{"sid-dns.crt", AOVPN_SID_MALFORMED, "its name is not an otherName"},
	{"sid-other-oid.crt", AOVPN_SID_MALFORMED,
	 "its otherName is 1.3.6.1.4.1.311.25.2.2, not "
	 "1.3.6.1.4.1.311.25.2.1"},
	{"sid-two-names.crt", AOVPN_SID_MALFORMED,
	 "it has 2 names instead of one"},
	{"sid-trailing.crt", AOVPN_SID_MALFORMED,
	 "2 bytes follow its GeneralNames"},
	{"sid-ber.crt", AOVPN_SID_MALFORMED, "it is not in DER"},
};

static void read_facts(const char *name)
{
	X509 *certificate = fixture_certificate(name);

	aovpn_certificate_facts_read(certificate, &facts);
	X509_free(certificate);
}

static void reads_extension_of_certificates(void)
{
	bool valid;
	size_t i;

	for (i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		read_facts(extensions[i].file);
		valid = extensions[i].state == AOVPN_SID_VALID;
		CU_ASSERT_EQUAL(facts.sid_extension_state, extensions[i].state);
		CU_ASSERT_STRING_EQUAL(facts.sid_extension, valid ? SID : "");
		CU_ASSERT_STRING_EQUAL(facts.sid_extension_fault,
				       extensions[i].fault);
		CU_ASSERT_EQUAL(facts.sid_uri_state, AOVPN_SID_ABSENT);
		CU_ASSERT_FALSE(facts.sid_in_other_name);
	}
}

static void refuses_extension_that_is_there_twice(void)
{
	X509 *certificate = fixture_certificate("sid-extension.crt");
	ASN1_OBJECT *oid = OBJ_txt2obj(AOVPN_OID_SID_EXTENSION, 1);
	int at = X509_get_ext_by_OBJ(certificate, oid, -1);

	X509_add_ext(certificate, X509_get_ext(certificate, at), -1);
	aovpn_certificate_facts_read(certificate, &facts);
	CU_ASSERT_EQUAL(facts.sid_extension_state, AOVPN_SID_MALFORMED);
	CU_ASSERT_STRING_EQUAL(facts.sid_extension_fault,
			       "the extension is there 2 times");
	CU_ASSERT_STRING_EQUAL(facts.sid_extension, "");
	ASN1_OBJECT_free(oid);
	X509_free(certificate);
}

static void reads_uri_of_certificates(void)
{
	read_facts("sid-uri-second.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, SID);
	CU_ASSERT_FALSE(facts.sid_uri_joined);
	CU_ASSERT_EQUAL(facts.sid_extension_state, AOVPN_SID_ABSENT);
	read_facts("sid-uri-joined.crt");
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, SID);
	CU_ASSERT(facts.sid_uri_joined);
	read_facts("sid-uri-two.crt");
	CU_ASSERT_EQUAL(facts.sid_uri_state, AOVPN_SID_MALFORMED);
	CU_ASSERT_STRING_EQUAL(facts.sid_uri_fault,
			       "two URIs differ: " SID " and S-1-5-18");
	read_facts("sid-uri-bad.crt");
	CU_ASSERT_EQUAL(facts.sid_uri_state, AOVPN_SID_MALFORMED);
	CU_ASSERT_STRING_EQUAL(facts.sid_uri, "");
	read_facts("sid-uri-inside.crt");
	CU_ASSERT_EQUAL(facts.sid_uri_state, AOVPN_SID_ABSENT);
	read_facts("nul.crt");
	CU_ASSERT_EQUAL(facts.sid_uri_state, AOVPN_SID_MALFORMED);
	CU_ASSERT_STRING_EQUAL(facts.sid_uri_fault,
			       "the text behind a URI's tag has a NUL at byte "
			       "10");
}

/* Where somebody put it into the subject alternative name. */
static void tells_sid_in_other_name(void)
{
	read_facts("sid-in-san.crt");
	CU_ASSERT(facts.sid_in_other_name);
	CU_ASSERT_EQUAL(facts.sid_extension_state, AOVPN_SID_ABSENT);
	read_facts("sid-in-san-name.crt");
	CU_ASSERT(facts.sid_in_other_name);
	read_facts("user.crt");
	CU_ASSERT_FALSE(facts.sid_in_other_name);
}

CU_TestInfo sid_tests[] = {
	{"decodes and refuses vectors", decodes_vectors},
	{"refuses an extension that is cut", refuses_what_is_cut},
	{"decodes a SID of each length", decodes_each_length},
	{"refuses a long text", refuses_long_text},
	{"tells a SID by its grammar", tells_sid_by_its_grammar},
	{"reads URIs", reads_uris},
	{"tells both of two SIDs", tells_both_of_two},
	{"reads the extension of certificates",
	 reads_extension_of_certificates},
	{"refuses an extension that is there twice",
	 refuses_extension_that_is_there_twice},
	{"reads the URI of certificates", reads_uri_of_certificates},
	{"tells a SID in an otherName", tells_sid_in_other_name},
	CU_TEST_INFO_NULL,
};
