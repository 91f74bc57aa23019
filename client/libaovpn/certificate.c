/*
 * certificate.c - see certificate.h. Extensions: RFC 5280 4.2; UPN: otherName
 * 1.3.6.1.4.1.311.20.2.3; SID: MS-WCCE's szOID_NTDS_CA_SECURITY_EXT and the URI
 * tag, both of KB5014754, as text by MS-DTYP 2.4.2.1. Decoding is OpenSSL's.
 */
#include "certificate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "escape.h"
#include "pki.h"

#define OID_UPN            "1.3.6.1.4.1.311.20.2.3"
#define OID_SID_EXTENSION  "1.3.6.1.4.1.311.25.2"
#define OID_SID            "1.3.6.1.4.1.311.25.2.1"
#define OID_CLIENT_AUTH    "1.3.6.1.5.5.7.3.2"
#define OID_SERVER_AUTH    "1.3.6.1.5.5.7.3.1"
#define OID_ANY_EKU        "2.5.29.37.0"
#define OID_MS_ANY_PURPOSE "1.3.6.1.4.1.311.10.12.1"

#define SID_TAG "tag:microsoft.com,2022-09-14:sid:"

#define SID_SUBAUTHORITIES_MAX 15 /* MS-DTYP 2.4.2.1 */
#define NAME_FLAGS             (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB)

static bool has_oid(const ASN1_OBJECT *object, const char *oid)
{
	char text[80];

	/* 1: always digits, whatever names this OpenSSL knows. */
	if (OBJ_obj2txt(text, sizeof(text), object, 1) <= 0)
		return false;
	return strcmp(text, oid) == 0;
}

/* Take the text of an entry that is a name. One with a NUL in it is made to be
 * cut by naive readers, so it is nobody's name; a first one stays. */
static void take_name(const ASN1_STRING *string, char *out, size_t size)
{
	const char *text = (const char *)ASN1_STRING_get0_data(string);
	size_t length = (size_t)ASN1_STRING_length(string);

	if (out[0] != '\0' || length == 0 || memchr(text, '\0', length))
		return;
	aovpn_escape(text, length, out, size);
}

static void read_name(const X509_NAME *name, char *out, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long length;

	/* RFC 2253 form escapes control characters, NUL too, as \XX. */
	if (bio && X509_NAME_print_ex(bio, name, 0, NAME_FLAGS) > 0) {
		length = BIO_get_mem_data(bio, &text);
		aovpn_escape(text, (size_t)length, out, size);
	}
	BIO_free(bio);
}

static void write_hex(const unsigned char *data, size_t length, char *out)
{
	size_t i;

	for (i = 0; i < length; i++)
		snprintf(out + 2 * i, 3, "%02x", data[i]);
}

/* A serial that does not fit (RFC 5280 4.1.2.2: 20 bytes) stays "". */
static void read_serial(const X509 *certificate, char *out, size_t size)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
	size_t length = (size_t)ASN1_STRING_length(serial);
	bool negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;

	if (2 * length + 2 > size)
		return;
	if (negative)
		out[0] = '-';
	write_hex(ASN1_STRING_get0_data(serial), length, out + negative);
}

/* Which key of its issuer signed it (RFC 5280 4.2.1.1): one that is longer than
 * a hash stays "". */
static void read_issuer_key_id(X509 *certificate, char *out, size_t size)
{
	const ASN1_OCTET_STRING *id = X509_get0_authority_key_id(certificate);
	size_t length = id ? (size_t)ASN1_STRING_length(id) : 0;

	if (length > 0 && 2 * length < size)
		write_hex(ASN1_STRING_get0_data(id), length, out);
}

static time_t read_time(const ASN1_TIME *asn1)
{
	struct tm tm;

	return ASN1_TIME_to_tm(asn1, &tm) ? timegm(&tm) : 0;
}

static bool read_is_ca(const X509 *certificate)
{
	BASIC_CONSTRAINTS *constraints;
	bool is_ca;

	constraints = X509_get_ext_d2i(certificate, NID_basic_constraints, NULL,
				       NULL);
	is_ca = constraints && constraints->ca;
	BASIC_CONSTRAINTS_free(constraints);
	return is_ca;
}

/* The first URI of one distribution point. */
static void take_cdp(const DIST_POINT *point,
		     struct aovpn_certificate_facts *facts)
{
	const GENERAL_NAMES *names;
	const GENERAL_NAME *name;
	int i;

	if (!point->distpoint || point->distpoint->type != 0)
		return;
	names = point->distpoint->name.fullname;
	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_URI)
			take_name(name->d.uniformResourceIdentifier,
				  facts->cdp.url[0], AOVPN_URL_MAX);
	}
}

static void read_cdp(const X509 *certificate,
		     struct aovpn_certificate_facts *facts)
{
	CRL_DIST_POINTS *points;
	int i;

	points = X509_get_ext_d2i(certificate, NID_crl_distribution_points,
				  NULL, NULL);
	for (i = 0; i < sk_DIST_POINT_num(points); i++)
		take_cdp(sk_DIST_POINT_value(points, i), facts);
	CRL_DIST_POINTS_free(points);
	facts->has_cdp = facts->cdp.url[0][0] != '\0';
}

static bool read_has_ocsp(const X509 *certificate)
{
	AUTHORITY_INFO_ACCESS *access;
	const ACCESS_DESCRIPTION *entry;
	bool found = false;
	int i;

	access = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
	for (i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
		entry = sk_ACCESS_DESCRIPTION_value(access, i);
		if (OBJ_obj2nid(entry->method) == NID_ad_OCSP &&
		    entry->location->type == GEN_URI)
			found = true;
	}
	AUTHORITY_INFO_ACCESS_free(access);
	return found;
}

static bool lists(const EXTENDED_KEY_USAGE *usage, const char *oid)
{
	int i;

	for (i = 0; i < sk_ASN1_OBJECT_num(usage); i++)
		if (has_oid(sk_ASN1_OBJECT_value(usage, i), oid))
			return true;
	return false;
}

static void keep_ekus(const EXTENDED_KEY_USAGE *usage,
		      struct aovpn_certificate_facts *facts)
{
	char *out;
	int i, length;

	for (i = 0; i < sk_ASN1_OBJECT_num(usage); i++) {
		if (facts->eku_count == AOVPN_EKU_MAX)
			return;
		out = facts->eku[facts->eku_count];
		length = OBJ_obj2txt(out, AOVPN_OID_MAX,
				     sk_ASN1_OBJECT_value(usage, i), 1);
		/* Half an OID is another one. */
		if (length > 0 && length < AOVPN_OID_MAX)
			facts->eku_count++;
		else
			out[0] = '\0';
	}
}

/* An extension that is there but cannot be read permits nothing. */
static void read_eku(const X509 *certificate,
		     struct aovpn_certificate_facts *facts)
{
	EXTENDED_KEY_USAGE *usage;
	bool any;
	int critical;

	usage = X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical,
				 NULL);
	facts->has_eku = critical != -1;
	any = !facts->has_eku || lists(usage, OID_ANY_EKU) ||
	      lists(usage, OID_MS_ANY_PURPOSE);
	facts->eku_client_auth = any || lists(usage, OID_CLIENT_AUTH);
	facts->eku_server_auth = any || lists(usage, OID_SERVER_AUTH);
	keep_ekus(usage, facts);
	EXTENDED_KEY_USAGE_free(usage);
}

/* Pass a decimal number of 1 to 10 digits that is at most max. */
static bool pass_number(const char **text, const char *end, uint64_t max)
{
	const char *p = *text;
	uint64_t value = 0;

	while (p < end && isdigit((unsigned char)*p) && p - *text < 10)
		value = value * 10 + (uint64_t)(*p++ - '0');
	if (p == *text || value > max)
		return false;
	*text = p;
	return true;
}

/* Is this, all of it, a SID: S-1-authority-subauthority...? */
static bool is_sid(const char *text, size_t length)
{
	const char *p = text + 4, *end = text + length;
	unsigned int count = 0;

	if (length < 4 || memcmp(text, "S-1-", 4) != 0)
		return false;
	if (!pass_number(&p, end, UINT64_MAX))
		return false;
	for (; p < end; count++)
		if (*p++ != '-' || !pass_number(&p, end, UINT32_MAX))
			return false;
	return count > 0 && count <= SID_SUBAUTHORITIES_MAX;
}

static bool take_sid(const char *text, size_t length, char *out)
{
	if (length >= AOVPN_SID_MAX || !is_sid(text, length))
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

/* Some SCEP paths join several URIs by commas in one entry, and the tag has a
 * comma itself: so the tag is looked for where an URI can begin, and the SID
 * ends where one can end. */
static void take_sid_uri(const ASN1_IA5STRING *uri, char *out)
{
	const char *text = (const char *)ASN1_STRING_get0_data(uri);
	const char *end = text + ASN1_STRING_length(uri), *p, *sid, *sid_end;
	const size_t tag = sizeof(SID_TAG) - 1;

	for (p = text; (size_t)(end - p) > tag && out[0] == '\0'; p++) {
		if (p > text && p[-1] != ',' && p[-1] != ' ')
			continue;
		if (strncasecmp(p, SID_TAG, tag) != 0)
			continue;
		sid = sid_end = p + tag;
		while (sid_end < end && *sid_end != ',' && *sid_end != ' ')
			sid_end++;
		take_sid(sid, (size_t)(sid_end - sid), out);
	}
}

static void take_upn(const OTHERNAME *name, char *out, size_t size)
{
	if (has_oid(name->type_id, OID_UPN) &&
	    name->value->type == V_ASN1_UTF8STRING)
		take_name(name->value->value.utf8string, out, size);
}

static void read_alternative_names(const X509 *certificate,
				   struct aovpn_certificate_facts *facts)
{
	GENERAL_NAMES *names;
	const GENERAL_NAME *name;
	int i;

	names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_DNS)
			take_name(name->d.dNSName, facts->dns,
				  sizeof(facts->dns));
		else if (name->type == GEN_URI)
			take_sid_uri(name->d.uniformResourceIdentifier,
				     facts->sid_uri);
		else if (name->type == GEN_OTHERNAME)
			take_upn(name->d.otherName, facts->upn,
				 sizeof(facts->upn));
	}
	GENERAL_NAMES_free(names);
}

/* The value of the one extension of this OID; NULL if none or several. */
static const ASN1_OCTET_STRING *extension_value(const X509 *certificate,
						const char *oid)
{
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	int at = -1, again = -1;

	if (object) {
		at = X509_get_ext_by_OBJ(certificate, object, -1);
		again = at < 0 ? -1
			       : X509_get_ext_by_OBJ(certificate, object, at);
	}
	ASN1_OBJECT_free(object);
	if (at < 0 || again >= 0)
		return NULL;
	return X509_EXTENSION_get_data(X509_get_ext(certificate, at));
}

/* The extension is GeneralNames with one otherName whose value is an OCTET
 * STRING of the SID's text. */
static void read_sid_extension(const X509 *certificate, char *out)
{
	const ASN1_OCTET_STRING *value;
	const unsigned char *p, *end;
	const ASN1_STRING *sid;
	const GENERAL_NAME *name;
	GENERAL_NAMES *names;

	value = extension_value(certificate, OID_SID_EXTENSION);
	if (!value)
		return;
	p = ASN1_STRING_get0_data(value);
	end = p + ASN1_STRING_length(value);
	names = d2i_GENERAL_NAMES(NULL, &p, ASN1_STRING_length(value));
	name = sk_GENERAL_NAME_value(names, 0);
	if (p == end && sk_GENERAL_NAME_num(names) == 1 &&
	    name->type == GEN_OTHERNAME &&
	    has_oid(name->d.otherName->type_id, OID_SID) &&
	    name->d.otherName->value->type == V_ASN1_OCTET_STRING) {
		sid = name->d.otherName->value->value.octet_string;
		take_sid((const char *)ASN1_STRING_get0_data(sid),
			 (size_t)ASN1_STRING_length(sid), out);
	}
	GENERAL_NAMES_free(names);
}

void aovpn_certificate_facts_read(X509 *certificate,
				  struct aovpn_certificate_facts *ret)
{
	*ret = (struct aovpn_certificate_facts){0};
	read_name(X509_get_subject_name(certificate), ret->subject,
		  sizeof(ret->subject));
	read_name(X509_get_issuer_name(certificate), ret->issuer,
		  sizeof(ret->issuer));
	read_issuer_key_id(certificate, ret->issuer_key_id,
			   sizeof(ret->issuer_key_id));
	read_serial(certificate, ret->serial, sizeof(ret->serial));
	aovpn_x509_thumbprint(certificate, ret->thumbprint);
	ret->not_before = read_time(X509_get0_notBefore(certificate));
	ret->not_after = read_time(X509_get0_notAfter(certificate));
	ret->is_ca = read_is_ca(certificate);
	ret->self_issued = aovpn_x509_self_issued(certificate);
	read_cdp(certificate, ret);
	ret->has_ocsp = read_has_ocsp(certificate);
	read_eku(certificate, ret);
	read_alternative_names(certificate, ret);
	read_sid_extension(certificate, ret->sid_extension);
	ERR_clear_error();
}

/* Roots only add to what the credential has; a file of them that cannot be
 * read is reported where the profile is used, not here. */
static STACK_OF(X509) *load_roots(const char *path)
{
	STACK_OF(X509) *roots = NULL;

	if (path && path[0] != '\0')
		aovpn_roots_load(path, &roots, NULL);
	return roots;
}

void aovpn_chain_facts_read(const struct aovpn_credential *credential,
			    const char *roots, struct aovpn_chain_facts *ret)
{
	STACK_OF(X509) *far = load_roots(roots);
	X509 *path[AOVPN_CHAIN_MAX];
	size_t count, i;

	*ret = (struct aovpn_chain_facts){.gathered_at = time(NULL)};
	count = aovpn_pki_path(credential->certificate, credential->chain, far,
			       path, AOVPN_CHAIN_MAX);
	for (i = 0; i < count; i++)
		aovpn_certificate_facts_read(path[i], &ret->certificate[i]);
	ret->count = (uint32_t)count;
	ret->complete = aovpn_x509_self_issued(path[count - 1]);
	sk_X509_pop_free(far, X509_free);
	ERR_clear_error();
}
