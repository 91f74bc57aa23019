/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate_usages.c - what a certificate is for: extended key usage (RFC
 * 5280 4.2.1.12, with Windows' own any-purpose OID) and certificate policies
 * (4.2.1.4).
 */
#include "certificate_parts.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#define OID_CLIENT_AUTH    "1.3.6.1.5.5.7.3.2"
#define OID_SERVER_AUTH    "1.3.6.1.5.5.7.3.1"
#define OID_ANY_EKU        "2.5.29.37.0"
#define OID_MS_ANY_PURPOSE "1.3.6.1.4.1.311.10.12.1"

static bool lists(const EXTENDED_KEY_USAGE *usage, const char *oid)
{
	int i;

	for (i = 0; i < sk_ASN1_OBJECT_num(usage); i++)
		if (aovpn_object_is(sk_ASN1_OBJECT_value(usage, i), oid))
			return true;
	return false;
}

/* Keep one more OID of a list, where there is room. */
static void keep(const ASN1_OBJECT *object, char (*list)[AOVPN_OID_MAX],
		 uint32_t *count, uint32_t max)
{
	if (*count < max && aovpn_object_digits(object, list[*count]))
		(*count)++;
}

/* An extension that is there but cannot be read permits nothing. */
static void read_extended_key_usage(const X509 *certificate,
				    struct aovpn_certificate_facts *facts)
{
	EXTENDED_KEY_USAGE *usage;
	bool any;
	int critical, i;

	usage = X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical,
				 NULL);
	facts->has_eku = critical != -1;
	any = !facts->has_eku || lists(usage, OID_ANY_EKU) ||
	      lists(usage, OID_MS_ANY_PURPOSE);
	facts->eku_client_auth = any || lists(usage, OID_CLIENT_AUTH);
	facts->eku_server_auth = any || lists(usage, OID_SERVER_AUTH);
	for (i = 0; i < sk_ASN1_OBJECT_num(usage); i++)
		keep(sk_ASN1_OBJECT_value(usage, i), facts->eku,
		     &facts->eku_count, AOVPN_EKU_MAX);
	EXTENDED_KEY_USAGE_free(usage);
}

static void read_policies(const X509 *certificate,
			  struct aovpn_certificate_facts *facts)
{
	CERTIFICATEPOLICIES *policies;
	int i;

	policies = X509_get_ext_d2i(certificate, NID_certificate_policies, NULL,
				    NULL);
	for (i = 0; i < sk_POLICYINFO_num(policies); i++)
		keep(sk_POLICYINFO_value(policies, i)->policyid, facts->policy,
		     &facts->policy_count, AOVPN_POLICIES_MAX);
	CERTIFICATEPOLICIES_free(policies);
}

void aovpn_read_usages(const X509 *certificate,
		       struct aovpn_certificate_facts *facts)
{
	read_extended_key_usage(certificate, facts);
	read_policies(certificate, facts);
}
