/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate_names.c - the subject alternative names (RFC 5280 4.2.1.6) that
 * NPS and a domain controller look at: UPN (otherName 1.3.6.1.4.1.311.20.2.3),
 * dNSName and the SID's URI of KB5014754, and the one that Intune writes.
 */
#include "certificate_parts.h"

#include <string.h>
#include <strings.h>

#include <openssl/x509v3.h>

#include "sid.h"

#define OID_UPN    "1.3.6.1.4.1.311.20.2.3"
#define DEVICE_URI "IntuneDeviceId://"

/* Intune writes it beside others, in an entry of its own or joined to them. */
static bool has_device_uri(const char *text, size_t length)
{
	const size_t size = strlen(DEVICE_URI);
	size_t i;

	for (i = 0; i + size <= length; i++)
		if ((i == 0 || text[i - 1] == ',' || text[i - 1] == ' ') &&
		    strncasecmp(text + i, DEVICE_URI, size) == 0)
			return true;
	return false;
}

static void take_uri(const ASN1_IA5STRING *uri,
		     struct aovpn_certificate_facts *facts)
{
	const char *text = (const char *)ASN1_STRING_get0_data(uri);
	size_t length = (size_t)ASN1_STRING_length(uri);

	aovpn_sid_uri_take(text, length, facts);
	facts->intune_device_uri |= has_device_uri(text, length);
}

static void take_other_name(const OTHERNAME *name,
			    struct aovpn_certificate_facts *facts)
{
	if (aovpn_object_is(name->type_id, OID_UPN) &&
	    name->value->type == V_ASN1_UTF8STRING)
		aovpn_take_name(name->value->value.utf8string, facts->upn,
				sizeof(facts->upn));
	if (aovpn_object_is(name->type_id, AOVPN_OID_SID_EXTENSION) ||
	    aovpn_object_is(name->type_id, AOVPN_OID_SID))
		facts->sid_in_other_name = true;
}

static void take_name(const GENERAL_NAME *name,
		      struct aovpn_certificate_facts *facts)
{
	if (name->type == GEN_DNS)
		aovpn_take_name(name->d.dNSName, facts->dns,
				sizeof(facts->dns));
	else if (name->type == GEN_URI)
		take_uri(name->d.uniformResourceIdentifier, facts);
	else if (name->type == GEN_OTHERNAME)
		take_other_name(name->d.otherName, facts);
}

void aovpn_read_alternative_names(const X509 *certificate,
				  struct aovpn_certificate_facts *facts)
{
	GENERAL_NAMES *names;
	int i;

	names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names); i++)
		take_name(sk_GENERAL_NAME_value(names, i), facts);
	GENERAL_NAMES_free(names);
}
