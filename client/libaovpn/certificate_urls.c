/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * certificate_urls.c - where a certificate says its revocation and its issuer
 * can be had: CRL distribution points (RFC 5280 4.2.1.13) and authority
 * information access (4.2.2.1).
 */
#include "certificate_parts.h"

#include <string.h>

#include <openssl/objects.h>
#include <openssl/x509v3.h>

/* RFC 3986 knows no space, no control character and nothing beyond ASCII. */
static bool is_printable(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] <= 0x20 || text[i] >= 0x7f)
			return false;
	return true;
}

static void take_url(const ASN1_IA5STRING *uri, struct aovpn_urls *urls)
{
	const char *text = (const char *)ASN1_STRING_get0_data(uri);
	size_t length = (size_t)ASN1_STRING_length(uri);

	if (length == 0)
		return;
	if (urls->count == AOVPN_URLS_MAX || length >= AOVPN_URL_MAX ||
	    !is_printable(text, length)) {
		urls->unusable++;
		return;
	}
	memcpy(urls->url[urls->count], text, length);
	urls->count++;
}

static void take_distribution_point(const DIST_POINT *point,
				    struct aovpn_urls *urls)
{
	const GENERAL_NAMES *names;
	const GENERAL_NAME *name;
	int i;

	/* type 1: relative to the issuer's name, so no URI. */
	if (!point->distpoint || point->distpoint->type != 0)
		return;
	names = point->distpoint->name.fullname;
	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_URI)
			take_url(name->d.uniformResourceIdentifier, urls);
	}
}

/* Windows takes any URI for a point that it should ask: where it cannot, the
 * revocation is offline, not missing. */
static bool has_any(const struct aovpn_urls *urls)
{
	return urls->count > 0 || urls->unusable > 0;
}

static void read_distribution_points(const X509 *certificate,
				     struct aovpn_urls *urls)
{
	CRL_DIST_POINTS *points;
	int i;

	points = X509_get_ext_d2i(certificate, NID_crl_distribution_points,
				  NULL, NULL);
	for (i = 0; i < sk_DIST_POINT_num(points); i++)
		take_distribution_point(sk_DIST_POINT_value(points, i), urls);
	CRL_DIST_POINTS_free(points);
}

static void take_access(const ACCESS_DESCRIPTION *entry,
			struct aovpn_certificate_facts *facts)
{
	int method = OBJ_obj2nid(entry->method);

	if (entry->location->type != GEN_URI)
		return;
	if (method == NID_ad_OCSP)
		take_url(entry->location->d.uniformResourceIdentifier,
			 &facts->ocsp);
	else if (method == NID_ad_ca_issuers)
		take_url(entry->location->d.uniformResourceIdentifier,
			 &facts->aia);
}

static void read_information_access(const X509 *certificate,
				    struct aovpn_certificate_facts *facts)
{
	AUTHORITY_INFO_ACCESS *access;
	int i;

	access = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
	for (i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++)
		take_access(sk_ACCESS_DESCRIPTION_value(access, i), facts);
	AUTHORITY_INFO_ACCESS_free(access);
}

void aovpn_read_urls(const X509 *certificate,
		     struct aovpn_certificate_facts *facts)
{
	read_distribution_points(certificate, &facts->cdp);
	read_information_access(certificate, facts);
	facts->has_cdp = has_any(&facts->cdp);
	facts->has_ocsp = has_any(&facts->ocsp);
}
