/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate_template.c - the certificate template by which AD CS issued a
 * certificate (MS-WCCE 2.2.2.7.7): of version 1 its name, of later ones its OID
 * and version.
 */
#include "certificate_parts.h"

#include <stdint.h>

#include <openssl/asn1t.h>
#include <openssl/crypto.h>

#include "escape.h"

#define OID_TEMPLATE_NAME "1.3.6.1.4.1.311.20.2"
#define OID_TEMPLATE      "1.3.6.1.4.1.311.21.7"

/* CertificateTemplateOID ::= SEQUENCE { templateID, templateMajorVersion
 * OPTIONAL, templateMinorVersion OPTIONAL } */
struct template_id {
	ASN1_OBJECT *oid;
	ASN1_INTEGER *major;
	ASN1_INTEGER *minor;
};

/* clang-format off */
ASN1_SEQUENCE(template_id) = {
	ASN1_SIMPLE(struct template_id, oid, ASN1_OBJECT),
	ASN1_OPT(struct template_id, major, ASN1_INTEGER),
	ASN1_OPT(struct template_id, minor, ASN1_INTEGER),
} static_ASN1_SEQUENCE_END_name(struct template_id, template_id);
/* clang-format on */

/* The version's numbers are 0 to 2^32-1, here 0 where absent. */
static bool take_version(const ASN1_INTEGER *number, uint32_t *ret)
{
	uint64_t value = 0;

	if (number && !ASN1_INTEGER_get_uint64(&value, number))
		return false;
	if (value > UINT32_MAX)
		return false;
	*ret = (uint32_t)value;
	return true;
}

static void take_template(const struct template_id *id,
			  struct aovpn_certificate_facts *facts)
{
	uint32_t major, minor;

	if (!take_version(id->major, &major) ||
	    !take_version(id->minor, &minor) ||
	    !aovpn_object_digits(id->oid, facts->template_oid))
		return;
	facts->template_major = major;
	facts->template_minor = minor;
}

static void read_template_id(const ASN1_OCTET_STRING *value,
			     struct aovpn_certificate_facts *facts)
{
	const unsigned char *p = ASN1_STRING_get0_data(value);
	const unsigned char *end = p + ASN1_STRING_length(value);
	ASN1_VALUE *decoded;

	decoded = ASN1_item_d2i(NULL, &p, end - p, ASN1_ITEM_rptr(template_id));
	if (decoded && p == end)
		take_template((const struct template_id *)decoded, facts);
	ASN1_item_free(decoded, ASN1_ITEM_rptr(template_id));
}

/* The name is a BMPString as AD CS writes it; other kinds of text are taken,
 * too. */
static void read_template_name(const ASN1_OCTET_STRING *value,
			       struct aovpn_certificate_facts *facts)
{
	const unsigned char *p = ASN1_STRING_get0_data(value);
	const unsigned char *end = p + ASN1_STRING_length(value);
	unsigned char *utf8 = NULL;
	ASN1_STRING *name;
	int length;

	name = d2i_DIRECTORYSTRING(NULL, &p, end - p);
	length = name && p == end ? ASN1_STRING_to_UTF8(&utf8, name) : -1;
	if (length > 0)
		aovpn_escape((const char *)utf8, (size_t)length,
			     facts->template_name,
			     sizeof(facts->template_name));
	OPENSSL_free(utf8);
	ASN1_STRING_free(name);
}

void aovpn_read_template(const X509 *certificate,
			 struct aovpn_certificate_facts *facts)
{
	const ASN1_OCTET_STRING *value;

	if (aovpn_extension_find(certificate, OID_TEMPLATE, &value) == 1)
		read_template_id(value, facts);
	if (aovpn_extension_find(certificate, OID_TEMPLATE_NAME, &value) == 1)
		read_template_name(value, facts);
}
