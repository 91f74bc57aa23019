/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kind.c - see kind.h. Shapes: what Microsoft documents or a certificate of
 * that kind shows; a shape that nobody confirmed is a guess (POSSIBLE), and a
 * comment says so.
 */
#include "kind.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "escape.h"
#include "kind_parts.h"
#include "url_match.h"

#define LEAF(chain) (&(chain)->certificate[0])

#define EKU_CONDITIONAL_ACCESS    "1.3.6.1.4.1.311.87"
#define ISSUER_CONDITIONAL_ACCESS "Microsoft VPN root CA gen "
#define LIFE_CONDITIONAL_ACCESS   (2 * 3600) /* 1 h 5 min were seen */

#define CLOUD_PKI_DOMAIN "pki.azure.net"
#define GUID             "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
#define CLOUD_PKI_CDP \
	"/[0-9a-z-]+/crls/[0-9a-f]{32}/" GUID "_v[0-9]+/current\\.crl"
#define CLOUD_PKI_AIA \
	"/[0-9a-z-]+/cacerts/[0-9a-f]{32}/" GUID "_v[0-9]+/cert\\.cer"

/* Below it an enterprise CA publishes in Active Directory, by default. */
#define AD_CS_CONTAINER "CN=Public%20Key%20Services,CN=Services,"
/* The web folder of an AD CS CA's default URLs. */
#define AD_CS_FOLDER "/CertEnroll/.*"

/* --- evidence ------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void say(struct aovpn_kind *kind,
						      const char *format, ...)
{
	char text[AOVPN_URL_MAX + AOVPN_TEXT_MAX];
	va_list arguments;

	if (kind->evidence_count == AOVPN_KIND_EVIDENCE_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	aovpn_escape_string(text, kind->evidence[kind->evidence_count++],
			    AOVPN_TEXT_MAX);
}

static bool has_eku(const struct aovpn_certificate_facts *facts,
		    const char *oid)
{
	uint32_t i;

	for (i = 0; i < facts->eku_count; i++)
		if (strcmp(facts->eku[i], oid) == 0)
			return true;
	return false;
}

/* The value of the first CN in a name by RFC 2253, up to its end; NULL if there
 * is none. A comma or "+" in a value stands behind a backslash. */
static const char *common_name(const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (strncasecmp(p, "CN=", 3) == 0 &&
		    (p == name || ((p[-1] == ',' || p[-1] == '+') &&
				   (p == name + 1 || p[-2] != '\\'))))
			return p + 3;
	return NULL;
}

static bool common_name_begins(const char *name, const char *prefix)
{
	const char *cn = common_name(name);

	return cn && strncasecmp(cn, prefix, strlen(prefix)) == 0;
}

/* --- Entra Conditional Access --------------------------------------------- */

static bool is_short_lived(const struct aovpn_certificate_facts *leaf)
{
	return leaf->not_after > leaf->not_before &&
	       leaf->not_after - leaf->not_before <= LIFE_CONDITIONAL_ACCESS;
}

static unsigned int
recognize_conditional_access(const struct aovpn_chain_facts *chain,
			     struct aovpn_kind *kind)
{
	const struct aovpn_certificate_facts *leaf = LEAF(chain);
	bool usage = has_eku(leaf, EKU_CONDITIONAL_ACCESS);
	bool issuer =
		common_name_begins(leaf->issuer, ISSUER_CONDITIONAL_ACCESS);
	bool brief = is_short_lived(leaf);

	if (usage)
		say(kind, "it has the EKU " EKU_CONDITIONAL_ACCESS);
	if (issuer)
		say(kind, "its issuer is %s", leaf->issuer);
	if (brief)
		say(kind, "it is valid for %ld minutes",
		    (long)(leaf->not_after - leaf->not_before) / 60);
	if (!leaf->has_cdp)
		say(kind, "it has no CDP");
	if (usage && issuer)
		return AOVPN_CERTAIN;
	if (issuer || (usage && brief && !leaf->has_cdp))
		return AOVPN_LIKELY;
	return usage ? AOVPN_POSSIBLE : 0;
}

/* --- Microsoft Cloud PKI -------------------------------------------------- */

/* Is one of these URLs of Cloud PKI? 0, LIKELY by its host, CERTAIN by its path
 * as well. */
static unsigned int judge_cloud_pki(const struct aovpn_urls *urls,
				    const char *path, const char *what,
				    struct aovpn_kind *kind)
{
	struct aovpn_url_parts parts;
	uint32_t i;

	for (i = 0; i < urls->count; i++) {
		if (!aovpn_url_take_apart(urls->url[i], &parts) ||
		    !aovpn_host_is_below(parts.host, CLOUD_PKI_DOMAIN))
			continue;
		say(kind, "%s is %s", what, urls->url[i]);
		return aovpn_path_matches(parts.path, path) ? AOVPN_CERTAIN
							    : AOVPN_LIKELY;
	}
	return 0;
}

static unsigned int recognize_cloud_pki(const struct aovpn_chain_facts *chain,
					struct aovpn_kind *kind)
{
	const struct aovpn_certificate_facts *leaf = LEAF(chain);
	unsigned int by_cdp, by_aia, by_issuer = 0;

	by_cdp = judge_cloud_pki(&leaf->cdp, CLOUD_PKI_CDP, "its CDP", kind);
	by_aia = judge_cloud_pki(&leaf->aia, CLOUD_PKI_AIA, "its AIA", kind);
	if (chain->count > 1 && !by_cdp && !by_aia)
		by_issuer = judge_cloud_pki(&chain->certificate[1].cdp,
					    CLOUD_PKI_CDP, "its issuer's CDP",
					    kind);
	if (by_cdp || by_aia)
		return by_cdp > by_aia ? by_cdp : by_aia;
	return by_issuer ? AOVPN_LIKELY : 0;
}

/* --- third parties -------------------------------------------------------- */

/* A vendor's own domain in a CDP or AIA is his (LIKELY). Names are chosen by
 * whoever sets the CA up: only SCEPman's default is documented, the others are
 * guesses. */
static const struct vendor {
	const char *name;
	const char *domain; /* NULL: runs under the customer's */
	const char *issuer; /* how the issuer's CN begins, or NULL */
	enum aovpn_confidence by_issuer;
} vendors[] = {
	{"SCEPman", NULL, "SCEPman-Root-CA", AOVPN_LIKELY},
	{"SCEPman", NULL, "SCEPman", AOVPN_POSSIBLE},
	{"EZCA", "ezca.io", "EZCA", AOVPN_POSSIBLE},
	{"EZCA", "keytos.io", "Keytos", AOVPN_POSSIBLE},
	{"SecureW2", "securew2.com", "SecureW2", AOVPN_POSSIBLE},
	{"Foxpass", "foxpass.com", "Foxpass", AOVPN_POSSIBLE},
	{"smallstep", "smallstep.com", "Smallstep", AOVPN_POSSIBLE},
	{"DigiCert ONE", "one.digicert.com", NULL, 0},
};

static bool names_domain(const struct aovpn_urls *urls, const char *what,
			 const struct vendor *vendor, struct aovpn_kind *kind)
{
	struct aovpn_url_parts parts;
	uint32_t i;

	for (i = 0; i < urls->count; i++) {
		if (!aovpn_url_take_apart(urls->url[i], &parts) ||
		    !aovpn_host_is_below(parts.host, vendor->domain))
			continue;
		say(kind, "its %s is %s, of %s", what, urls->url[i],
		    vendor->name);
		return true;
	}
	return false;
}

static unsigned int judge_vendor(const struct aovpn_certificate_facts *leaf,
				 const struct vendor *vendor,
				 struct aovpn_kind *kind)
{
	unsigned int confidence = 0;

	if (vendor->issuer &&
	    common_name_begins(leaf->issuer, vendor->issuer)) {
		say(kind, "its issuer is named like one of %s: %s",
		    vendor->name, leaf->issuer);
		confidence = vendor->by_issuer;
	}
	if (vendor->domain &&
	    (names_domain(&leaf->cdp, "CDP", vendor, kind) ||
	     names_domain(&leaf->ocsp, "OCSP responder", vendor, kind) ||
	     names_domain(&leaf->aia, "AIA", vendor, kind)))
		confidence = AOVPN_LIKELY;
	if (confidence)
		kind->vendor = vendor->name;
	return confidence;
}

static unsigned int recognize_third_party(const struct aovpn_chain_facts *chain,
					  struct aovpn_kind *kind)
{
	unsigned int confidence = 0;
	size_t i;

	for (i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
		confidence = judge_vendor(LEAF(chain), &vendors[i], kind);
		if (confidence)
			break;
	}
	return confidence;
}

/* --- AD CS, with and without Intune --------------------------------------- */

static bool is_ldap(const char *url)
{
	return strncasecmp(url, "ldap:", 5) == 0;
}

bool aovpn_has_only_ldap_cdp(const struct aovpn_certificate_facts *facts)
{
	uint32_t i;

	for (i = 0; i < facts->cdp.count; i++)
		if (!is_ldap(facts->cdp.url[i]))
			return false;
	return facts->cdp.count > 0 && facts->cdp.unusable == 0;
}

static bool names_container(const struct aovpn_urls *urls, const char *what,
			    struct aovpn_kind *kind)
{
	uint32_t i;

	for (i = 0; i < urls->count; i++) {
		if (!is_ldap(urls->url[i]) ||
		    !strcasestr(urls->url[i], AD_CS_CONTAINER))
			continue;
		say(kind, "its %s is in Active Directory: %s", what,
		    urls->url[i]);
		return true;
	}
	return false;
}

static bool names_folder(const struct aovpn_urls *urls, struct aovpn_kind *kind)
{
	struct aovpn_url_parts parts;
	uint32_t i;

	for (i = 0; i < urls->count; i++) {
		if (!aovpn_url_take_apart(urls->url[i], &parts) ||
		    !aovpn_path_matches(parts.path, AD_CS_FOLDER))
			continue;
		say(kind, "its CDP is in the folder of an AD CS: %s",
		    urls->url[i]);
		return true;
	}
	return false;
}

static void say_template(const struct aovpn_certificate_facts *leaf,
			 struct aovpn_kind *kind)
{
	if (leaf->template_oid[0] != '\0')
		say(kind, "its template is %s, version %u.%u",
		    leaf->template_oid, leaf->template_major,
		    leaf->template_minor);
	if (leaf->template_name[0] != '\0')
		say(kind, "its template is named %s", leaf->template_name);
}

/* Other CAs can write a template, too; nobody else publishes in that container.
 */
static unsigned int recognize_ad_cs(const struct aovpn_chain_facts *chain,
				    struct aovpn_kind *kind)
{
	const struct aovpn_certificate_facts *leaf = LEAF(chain);
	bool template = leaf->template_oid[0] || leaf->template_name[0];
	bool container;

	say_template(leaf, kind);
	container = names_container(&leaf->cdp, "CDP", kind) ||
		    names_container(&leaf->aia, "AIA", kind);
	if (template && container)
		return AOVPN_CERTAIN;
	if (template || container)
		return AOVPN_LIKELY;
	return names_folder(&leaf->cdp, kind) ? AOVPN_POSSIBLE : 0;
}

/* Intune fills the subject out of the request, where AD CS would take it from
 * Active Directory: the UPN as CN. */
static bool has_upn_as_subject(const struct aovpn_certificate_facts *leaf)
{
	const char *cn = common_name(leaf->subject);
	size_t length = strlen(leaf->upn);

	return cn && length > 0 && strncasecmp(cn, leaf->upn, length) == 0 &&
	       (cn[length] == '\0' || cn[length] == ',' || cn[length] == '+');
}

static bool say_intune(const struct aovpn_certificate_facts *leaf,
		       struct aovpn_kind *kind)
{
	if (leaf->intune_device_uri) {
		say(kind, "its SAN has a URI IntuneDeviceId://");
		return true;
	}
	if (has_upn_as_subject(leaf)) {
		say(kind, "its subject's CN is the UPN, so was requested");
		return true;
	}
	return false;
}

/* The URI is a variable of Intune's SCEP profile; NDES's template alone, or the
 * URI without an AD CS, is a guess. */
static unsigned int recognize_intune_scep(const struct aovpn_chain_facts *chain,
					  struct aovpn_kind *kind)
{
	const struct aovpn_certificate_facts *leaf = LEAF(chain);
	unsigned int ad_cs = recognize_ad_cs(chain, kind);
	bool ndes = strcasecmp(leaf->template_name, AOVPN_TEMPLATE_NDES) == 0;
	bool intune;

	if (leaf->sid_uri_state != AOVPN_SID_ABSENT)
		say(kind, "its SAN has a URI for the SID");
	intune = say_intune(leaf, kind);
	if (leaf->sid_uri_state != AOVPN_SID_ABSENT)
		return ad_cs >= AOVPN_LIKELY ? AOVPN_LIKELY : AOVPN_POSSIBLE;
	if (ndes)
		return intune ? AOVPN_LIKELY : AOVPN_POSSIBLE;
	return leaf->intune_device_uri ? AOVPN_POSSIBLE : 0;
}

/* The connector adds the SID's extension to what it requests; AD CS adds it
 * only to subjects out of Active Directory. */
static unsigned int recognize_intune_pkcs(const struct aovpn_chain_facts *chain,
					  struct aovpn_kind *kind)
{
	const struct aovpn_certificate_facts *leaf = LEAF(chain);
	unsigned int ad_cs = recognize_ad_cs(chain, kind);

	if (ad_cs < AOVPN_LIKELY ||
	    leaf->sid_extension_state == AOVPN_SID_ABSENT)
		return 0;
	say(kind, "it has the extension for the SID");
	return say_intune(leaf, kind) ? AOVPN_LIKELY : 0;
}

/* --- the kinds ------------------------------------------------------------ */

/* In the order in which they are tried: the more special before AD CS. */
static const struct {
	enum aovpn_kind_id id;
	const char *name;
	const char *title;
	/* Say what speaks for it; returns its confidence, 0: it is not. */
	unsigned int (*recognize)(const struct aovpn_chain_facts *chain,
				  struct aovpn_kind *kind);
} kinds[] = {
	{AOVPN_KIND_CONDITIONAL_ACCESS, "conditional-access",
	 "Entra Conditional Access", recognize_conditional_access},
	{AOVPN_KIND_CLOUD_PKI, "cloud-pki", "Microsoft Cloud PKI for Intune",
	 recognize_cloud_pki},
	{AOVPN_KIND_THIRD_PARTY, "third-party", "a third party's cloud PKI",
	 recognize_third_party},
	{AOVPN_KIND_INTUNE_SCEP, "intune-scep", "Intune by SCEP and AD CS",
	 recognize_intune_scep},
	{AOVPN_KIND_INTUNE_PKCS, "intune-pkcs", "Intune by PKCS and AD CS",
	 recognize_intune_pkcs},
	{AOVPN_KIND_AD_CS, "ad-cs", "Active Directory Certificate Services",
	 recognize_ad_cs},
	{AOVPN_KIND_UNKNOWN, "unknown", "unknown", NULL},
};

#define COUNT (sizeof(kinds) / sizeof(kinds[0]))

static void choose(const struct aovpn_chain_facts *chain,
		   struct aovpn_kind *ret)
{
	struct aovpn_kind candidate;
	unsigned int confidence;
	size_t i;

	for (i = 0; i < COUNT && kinds[i].recognize; i++) {
		candidate = (struct aovpn_kind){.id = kinds[i].id};
		confidence = kinds[i].recognize(chain, &candidate);
		if (confidence <= ret->confidence)
			continue;
		candidate.confidence = confidence;
		*ret = candidate;
		if (confidence >= AOVPN_LIKELY)
			return;
	}
}

void aovpn_kind_find(const struct aovpn_chain_facts *chain,
		     struct aovpn_kind *ret)
{
	*ret = (struct aovpn_kind){.id = AOVPN_KIND_UNKNOWN};
	if (chain->count == 0)
		return;
	choose(chain, ret);
	aovpn_kind_remark(chain, ret);
}

const char *aovpn_kind_name(enum aovpn_kind_id id)
{
	size_t i;

	for (i = 0; i < COUNT - 1; i++)
		if (kinds[i].id == id)
			break;
	return kinds[i].name;
}

const char *aovpn_kind_title(enum aovpn_kind_id id)
{
	size_t i;

	for (i = 0; i < COUNT - 1; i++)
		if (kinds[i].id == id)
			break;
	return kinds[i].title;
}
