/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kind_remarks.c - what is to know about certificates of a kind, as a table: to
 * which kinds a remark belongs and what must be so in the certificate.
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "kind_parts.h"

#define IS(kind) (1u << AOVPN_KIND_##kind)
#define INTUNE   (IS(CLOUD_PKI) | IS(INTUNE_SCEP) | IS(INTUNE_PKCS))
#define ON_AD_CS (IS(INTUNE_SCEP) | IS(INTUNE_PKCS) | IS(AD_CS))
#define ANY_KIND ((1u << AOVPN_KINDS) - 1)

#define ENFORCEMENT 1739232000 /* 2025-02-11, KB5014754 */

static bool has_sid(const struct aovpn_certificate_facts *leaf)
{
	return leaf->sid_extension_state == AOVPN_SID_VALID ||
	       leaf->sid_uri_state == AOVPN_SID_VALID;
}

static bool has_no_sid(const struct aovpn_certificate_facts *leaf,
		       const struct aovpn_kind *kind)
{
	(void)kind;
	return !has_sid(leaf);
}

static bool has_no_sid_extension(const struct aovpn_certificate_facts *leaf,
				 const struct aovpn_kind *kind)
{
	(void)kind;
	return leaf->sid_extension_state == AOVPN_SID_ABSENT;
}

static bool has_sid_only_as_uri(const struct aovpn_certificate_facts *leaf,
				const struct aovpn_kind *kind)
{
	(void)kind;
	return leaf->sid_uri_state == AOVPN_SID_VALID &&
	       leaf->sid_extension_state == AOVPN_SID_ABSENT;
}

static bool
is_older_than_enforcement(const struct aovpn_certificate_facts *leaf,
			  const struct aovpn_kind *kind)
{
	(void)kind;
	return !has_sid(leaf) && leaf->not_before < ENFORCEMENT;
}

static bool has_only_ldap_cdp(const struct aovpn_certificate_facts *leaf,
			      const struct aovpn_kind *kind)
{
	(void)kind;
	return aovpn_has_only_ldap_cdp(leaf);
}

static bool is_ndes_default(const struct aovpn_certificate_facts *leaf,
			    const struct aovpn_kind *kind)
{
	(void)kind;
	return strcasecmp(leaf->template_name, AOVPN_TEMPLATE_NDES) == 0;
}

static bool may_want_connector(const struct aovpn_certificate_facts *leaf,
			       const struct aovpn_kind *kind)
{
	return kind->id == AOVPN_KIND_INTUNE_PKCS ||
	       has_no_sid_extension(leaf, kind);
}

static bool is_scepman(const struct aovpn_certificate_facts *leaf,
		       const struct aovpn_kind *kind)
{
	(void)leaf;
	return kind->vendor && strcmp(kind->vendor, "SCEPman") == 0;
}

/* In the order in which they are told; AOVPN_KIND_REMARKS_MAX at the most. */
static const struct {
	unsigned int kinds;
	bool (*applies)(const struct aovpn_certificate_facts *leaf,
			const struct aovpn_kind *kind); /* NULL: always */
	const char *text;
} remarks[] = {
	{ANY_KIND & ~IS(CONDITIONAL_ACCESS), is_older_than_enforcement,
	 "It was issued before 11 February 2025 and has no SID: from that day "
	 "on domain controllers want a strong mapping, and since 9 September "
	 "2025 none of them can be set to do without."},
	{IS(CONDITIONAL_ACCESS), NULL,
	 "It has no CDP by design, so NPS refuses it unless "
	 "IgnoreNoRevocationCheck is 1 in HKLM\\SYSTEM\\CurrentControlSet\\"
	 "Services\\RasMan\\PPP\\EAP\\13."},
	{IS(CONDITIONAL_ACCESS), NULL,
	 "Entra issues it to the VPN client of Windows at each dial, for about "
	 "an hour: a Linux client cannot obtain one."},
	{IS(CLOUD_PKI), NULL,
	 "Cloud PKI has no OCSP: its CRL is valid for 7 days and published "
	 "every 3.5 days and on a revocation, and NPS must reach it by HTTP."},
	{IS(CLOUD_PKI), NULL,
	 "Cloud PKI writes no template into a certificate, so nothing in it "
	 "tells which policy of Intune it came by."},
	{IS(CLOUD_PKI) | IS(INTUNE_SCEP), has_no_sid,
	 "A SCEP profile of Intune brings the SID into new certificates by a "
	 "SAN of type URI: "
	 "tag:microsoft.com,2022-09-14:sid:{{OnPremisesSecurityIdentifier}}."},
	{ANY_KIND, has_sid_only_as_uri,
	 "Its SID is in a SAN URI, which domain controllers on Windows Server "
	 "2019 and newer read; those on Windows Server 2016 and older do not."},
	{IS(CLOUD_PKI) | IS(THIRD_PARTY), NULL,
	 "Only an enterprise CA publishes itself to the NTAuth store: the "
	 "issuing CA of this certificate must be published there by hand "
	 "(certutil -dspublish -f ISSUING.cer NTAuthCA)."},
	{IS(THIRD_PARTY), is_scepman,
	 "SCEPman relies on OCSP: a CRL of it lists no revoked certificate "
	 "unless AppConfig:CRL:Source is Storage."},
	{IS(THIRD_PARTY), has_no_sid,
	 "Whether the SID's URI of an Intune SCEP profile comes into the "
	 "certificate depends on the CA: one that does not know it may issue "
	 "none at all."},
	{IS(INTUNE_SCEP), is_ndes_default,
	 "NDES issues by the template " AOVPN_TEMPLATE_NDES
	 ", which is for IPsec and not for clientAuth, until its registry "
	 "(HKLM\\SOFTWARE\\Microsoft\\Cryptography\\MSCEP) names another."},
	{IS(AD_CS), has_no_sid_extension,
	 "AD CS adds the SID by itself only where the template builds the "
	 "subject from Active Directory and has not the flag "
	 "CT_FLAG_NO_SECURITY_EXTENSION (0x80000) in msPKI-Enrollment-Flag."},
	{IS(INTUNE_PKCS) | IS(AD_CS), may_want_connector,
	 "The Intune Certificate Connector, where one requested it, adds the "
	 "SID only from version 6.2406.0.1001 on and with "
	 "EnableSidSecurityExtension set to 1 in HKLM\\Software\\Microsoft\\"
	 "MicrosoftIntune\\PFXCertificateConnector."},
	{ON_AD_CS, has_only_ldap_cdp,
	 "Its CDP is in Active Directory alone, so only a machine of the "
	 "domain, as NPS is one, can fetch its CRL."},
	{INTUNE, NULL,
	 "A changed policy of Intune changes only certificates that are issued "
	 "after it: this one stays as it is until it is renewed or replaced."},
};

void aovpn_kind_remark(const struct aovpn_chain_facts *chain,
		       struct aovpn_kind *kind)
{
	const struct aovpn_certificate_facts *leaf = &chain->certificate[0];
	size_t i;

	for (i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
		if (!(remarks[i].kinds & 1u << kind->id) ||
		    (remarks[i].applies && !remarks[i].applies(leaf, kind)))
			continue;
		if (kind->remark_count == AOVPN_KIND_REMARKS_MAX)
			return;
		kind->remarks[kind->remark_count++] = remarks[i].text;
	}
}
