/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch_crl.c - see fetch_crl.h; RFC 5280 5.1 to 5.3 and 6.3.3. */
#include "fetch_crl.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "fetch_text.h"

/* CertificateList, whose tbsCertList stays as it is encoded: it is what the
 * signature is over. */
typedef struct {
	ASN1_STRING *tbs;
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *signature;
} signed_crl;

/* TBSCertList, whose revokedCertificates stay as they are encoded. */
typedef struct {
	ASN1_INTEGER *version;
	X509_ALGOR *algorithm;
	X509_NAME *issuer;
	ASN1_TIME *this_update;
	ASN1_TIME *next_update;
	ASN1_STRING *revoked;
	STACK_OF(X509_EXTENSION) *extensions;
} tbs_crl;

/* It takes the macros for functions. */
/* clang-format off */
ASN1_SEQUENCE(signed_crl) = {
	ASN1_SIMPLE(signed_crl, tbs, ASN1_SEQUENCE),
	ASN1_SIMPLE(signed_crl, algorithm, X509_ALGOR),
	ASN1_SIMPLE(signed_crl, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(signed_crl)

ASN1_SEQUENCE(tbs_crl) = {
	ASN1_OPT(tbs_crl, version, ASN1_INTEGER),
	ASN1_SIMPLE(tbs_crl, algorithm, X509_ALGOR),
	ASN1_SIMPLE(tbs_crl, issuer, X509_NAME),
	ASN1_SIMPLE(tbs_crl, this_update, ASN1_TIME),
	ASN1_OPT(tbs_crl, next_update, ASN1_TIME),
	ASN1_OPT(tbs_crl, revoked, ASN1_SEQUENCE),
	ASN1_EXP_SEQUENCE_OF_OPT(tbs_crl, extensions, X509_EXTENSION, 0),
} static_ASN1_SEQUENCE_END(tbs_crl);
/* clang-format on */

/* Everything while one CRL is read. */
struct reading {
	signed_crl *outer;
	tbs_crl *tbs;
	X509 *certificate;
	X509 *issuer;
	struct aovpn_fetched *out;
};

/* --- its form ------------------------------------------------------------- */

static void *decode(const ASN1_ITEM *item, const unsigned char *data,
		    size_t size)
{
	const unsigned char *at = data;
	ASN1_VALUE *value;

	if (size > LONG_MAX)
		return NULL;
	value = ASN1_item_d2i(NULL, &at, (long)size, item);
	if (value && at == data + size)
		return value;
	ASN1_item_free(value, item);
	return NULL;
}

static bool decode_all(struct reading *r, const unsigned char *data,
		       size_t size)
{
	r->outer = decode(ASN1_ITEM_rptr(signed_crl), data, size);
	if (r->outer)
		r->tbs = decode(ASN1_ITEM_rptr(tbs_crl),
				ASN1_STRING_get0_data(r->outer->tbs),
				(size_t)ASN1_STRING_length(r->outer->tbs));
	if (!r->tbs) {
		r->out->web_page = fetch_is_web_page(data, size);
		fetch_fail(r->out, AOVPN_FETCH_FORMAT,
			   "it is no CRL in DER, but %s",
			   fetch_describe(data, size));
		return false;
	}
	if (X509_ALGOR_cmp(r->outer->algorithm, r->tbs->algorithm) == 0)
		return true;
	fetch_fail(r->out, AOVPN_FETCH_FORMAT,
		   "the CRL names two signature algorithms");
	return false;
}

static bool read_dates(struct reading *r)
{
	if (fetch_time(r->tbs->this_update, &r->out->this_update) &&
	    (!r->tbs->next_update ||
	     fetch_time(r->tbs->next_update, &r->out->next_update)))
		return true;
	fetch_fail(r->out, AOVPN_FETCH_FORMAT, "a date of the CRL is none");
	return false;
}

/* An extension, decoded; NULL: not there, or damaged, or there twice, which
 * *ret_bad tells. */
static void *extension(const struct reading *r, int nid, bool *ret_bad)
{
	int critical;
	void *value = X509V3_get_d2i(r->tbs->extensions, nid, &critical, NULL);

	if (!value && critical != -1)
		*ret_bad = true;
	return value;
}

static void read_number(struct reading *r, bool *ret_bad)
{
	ASN1_INTEGER *number = extension(r, NID_crl_number, ret_bad);

	if (number)
		fetch_hex(number, r->out->crl_number,
			  sizeof(r->out->crl_number));
	ASN1_INTEGER_free(number);
}

/* --- whose it is ---------------------------------------------------------- */

static bool check_issuer(struct reading *r)
{
	char name[AOVPN_TEXT_MAX];

	if (X509_NAME_cmp(r->tbs->issuer, X509_get_subject_name(r->issuer)) ==
	    0)
		return true;
	fetch_name(r->tbs->issuer, name, sizeof(name));
	fetch_fail(r->out, AOVPN_FETCH_SCOPE, "it is the CRL of \"%s\"", name);
	return false;
}

/* The issuer may have had several keys: is it this one's? */
static bool check_key_identifier(struct reading *r)
{
	bool bad = false, fits;
	AUTHORITY_KEYID *id = extension(r, NID_authority_key_identifier, &bad);

	fits = !bad && (!id || X509_check_akid(r->issuer, id) == X509_V_OK);
	AUTHORITY_KEYID_free(id);
	if (!fits)
		fetch_fail(r->out, AOVPN_FETCH_SIGNATURE,
			   "it is signed by another key of the issuer, as its "
			   "authority key identifier says");
	return fits;
}

static bool is_signed(const struct reading *r)
{
	EVP_PKEY *key = X509_get0_pubkey(r->issuer);

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* fuzz.mk */
	return key;
#endif
	return key && ASN1_item_verify(ASN1_ITEM_rptr(ASN1_SEQUENCE),
				       r->outer->algorithm, r->outer->signature,
				       r->outer->tbs, key) == 1;
}

static bool check_signature(struct reading *r)
{
	const char *weak = fetch_weak_signature(r->outer->algorithm);

	if (weak)
		fetch_fail(r->out, AOVPN_FETCH_SIGNATURE,
			   "it is signed by %s, which anybody can forge", weak);
	else if (!(X509_get_key_usage(r->issuer) & KU_CRL_SIGN))
		fetch_fail(r->out, AOVPN_FETCH_SIGNATURE,
			   "the issuer's key usage lacks cRLSign: it may not "
			   "sign CRLs");
	else if (!is_signed(r))
		fetch_fail(r->out, AOVPN_FETCH_SIGNATURE,
			   "its signature is not one of the issuer's key");
	else
		return true;
	return false;
}

/* --- what it is about ----------------------------------------------------- */

static bool is_known(int nid)
{
	return nid == NID_issuing_distribution_point || nid == NID_delta_crl ||
	       nid == NID_authority_key_identifier || nid == NID_crl_number;
}

/* RFC 5280 5.2: with one that is unknown it must not be used. */
static bool check_critical(struct reading *r)
{
	X509_EXTENSION *one;
	char oid[AOVPN_OID_MAX];

	for (int i = 0; i < sk_X509_EXTENSION_num(r->tbs->extensions); i++) {
		one = sk_X509_EXTENSION_value(r->tbs->extensions, i);
		if (!X509_EXTENSION_get_critical(one) ||
		    is_known(OBJ_obj2nid(X509_EXTENSION_get_object(one))))
			continue;
		OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(one),
			    1);
		fetch_fail(r->out, AOVPN_FETCH_FORMAT,
			   "it has a critical extension, %s, that nobody "
			   "here knows",
			   oid);
		return false;
	}
	return true;
}

static bool share_a_name(const GENERAL_NAMES *ours, const GENERAL_NAMES *theirs)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(ours); i++)
		for (int j = 0; j < sk_GENERAL_NAME_num(theirs); j++)
			if (GENERAL_NAME_cmp(
				    sk_GENERAL_NAME_value(ours, i),
				    sk_GENERAL_NAME_value(theirs, j)) == 0)
				return true;
	return false;
}

/* Is the point one that the certificate names? A list may be a part of what the
 * issuer revoked, and lie beside the others. */
static bool is_point_of(const DIST_POINT_NAME *point, X509 *certificate)
{
	CRL_DIST_POINTS *named;
	DIST_POINT_NAME *name;
	bool found = false;

	if (!point)
		return true;
	named = X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL,
				 NULL);
	for (int i = 0; i < sk_DIST_POINT_num(named) && !found; i++) {
		name = sk_DIST_POINT_value(named, i)->distpoint;
		found = name && name->type == 0 && point->type == 0 &&
			share_a_name(name->name.fullname, point->name.fullname);
	}
	CRL_DIST_POINTS_free(named);
	return found;
}

/* Why a CRL with that issuingDistributionPoint says nothing of certificate, or
 * NULL (RFC 5280 5.2.5, 6.3.3 (b)). */
static const char *outside(const ISSUING_DIST_POINT *point, X509 *certificate)
{
	bool is_ca = X509_get_extension_flags(certificate) & EXFLAG_CA;

	if (point->indirectCRL > 0)
		return "it is an indirect CRL, of several issuers";
	if (point->onlyattr > 0)
		return "it is only about attribute certificates";
	if (point->onlyuser > 0 && is_ca)
		return "it is only about end entities, and this is a CA";
	if (point->onlyCA > 0 && !is_ca)
		return "it is only about CAs, and this is none";
	if (point->onlysomereasons)
		return "it is only about some reasons of revocation";
	if (!is_point_of(point->distpoint, certificate))
		return "it is the list of another distribution point than "
		       "those of the certificate";
	return NULL;
}

static bool is_delta(const struct reading *r)
{
	return X509v3_get_ext_by_NID(r->tbs->extensions, NID_delta_crl, -1) >=
	       0;
}

static bool check_scope(struct reading *r)
{
	bool bad = false;
	ISSUING_DIST_POINT *point =
		extension(r, NID_issuing_distribution_point, &bad);
	const char *why = NULL;

	if (is_delta(r))
		why = "it is a delta CRL: only what changed since another";
	else if (point)
		why = outside(point, r->certificate);
	ISSUING_DIST_POINT_free(point);
	if (bad)
		fetch_fail(r->out, AOVPN_FETCH_FORMAT,
			   "its issuing distribution point is damaged");
	else if (why)
		fetch_fail(r->out, AOVPN_FETCH_SCOPE, "%s", why);
	return !bad && !why;
}

/* --- its entries ---------------------------------------------------------- */

/* RFC 5280 5.3: certificateIssuer belongs to indirect CRLs, which are not
 * taken; with an unknown critical one the whole CRL is of no use. */
static bool entry_is_plain(const X509_REVOKED *entry)
{
	const STACK_OF(X509_EXTENSION) *list =
		X509_REVOKED_get0_extensions(entry);
	X509_EXTENSION *one;
	int nid;

	for (int i = 0; i < sk_X509_EXTENSION_num(list); i++) {
		one = sk_X509_EXTENSION_value(list, i);
		nid = OBJ_obj2nid(X509_EXTENSION_get_object(one));
		if (nid == NID_certificate_issuer)
			return false;
		if (X509_EXTENSION_get_critical(one) && nid != NID_crl_reason &&
		    nid != NID_invalidity_date)
			return false;
	}
	return true;
}

static bool take_entry(struct reading *r, const X509_REVOKED *entry)
{
	int critical;
	long reason = -1;
	ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason,
							 &critical, NULL);

	if (code)
		reason = ASN1_ENUMERATED_get(code);
	ASN1_ENUMERATED_free(code);
	if (!fetch_time(X509_REVOKED_get0_revocationDate(entry),
			&r->out->revoked_at) ||
	    (!code && critical != -1))
		return false;
	/* Belongs to delta CRLs, and says that it is revoked no more. */
	if (reason == CRL_REASON_REMOVE_FROM_CRL)
		return true;
	r->out->status = AOVPN_STATUS_REVOKED;
	snprintf(r->out->reason, sizeof(r->out->reason), "%s",
		 fetch_reason_name(reason));
	return true;
}

/* Decode and judge the entry at *at, and go behind it. */
static bool read_entry(struct reading *r, const unsigned char **at,
		       const unsigned char *end)
{
	X509_REVOKED *entry = d2i_X509_REVOKED(NULL, at, end - *at);
	bool ok = entry && entry_is_plain(entry);

	if (ok && r->out->status == AOVPN_STATUS_GOOD &&
	    ASN1_INTEGER_cmp(X509_REVOKED_get0_serialNumber(entry),
			     X509_get0_serialNumber(r->certificate)) == 0)
		ok = take_entry(r, entry);
	X509_REVOKED_free(entry);
	return ok;
}

/* Find the entries within their SEQUENCE; an indefinite length is no DER. */
static bool open_list(const ASN1_STRING *list, const unsigned char **ret_at,
		      const unsigned char **ret_end)
{
	long length;
	int tag, class, form;

	*ret_at = ASN1_STRING_get0_data(list);
	*ret_end = *ret_at + ASN1_STRING_length(list);
	form = ASN1_get_object(ret_at, &length, &tag, &class,
			       ASN1_STRING_length(list));
	return form == V_ASN1_CONSTRUCTED && *ret_at + length == *ret_end;
}

static void read_entries(struct reading *r)
{
	const unsigned char *at = NULL, *end = NULL;
	bool ok = true;

	r->out->state = AOVPN_FETCH_OK;
	r->out->status = AOVPN_STATUS_GOOD;
	if (!r->tbs->revoked)
		return;
	ok = open_list(r->tbs->revoked, &at, &end);
	while (ok && at < end) {
		ok = read_entry(r, &at, end);
		r->out->crl_entries += ok;
	}
	if (!ok)
		fetch_fail(r->out, AOVPN_FETCH_FORMAT,
			   "its entry %u is damaged, or of a kind that nobody "
			   "here knows",
			   r->out->crl_entries + 1);
}

static void judge(struct reading *r, const unsigned char *data, size_t size)
{
	bool bad = false;

	/* Has OpenSSL read the extensions, on which X509_check_akid relies. */
	X509_check_purpose(r->issuer, -1, 0);
	if (!decode_all(r, data, size) || !read_dates(r))
		return;
	read_number(r, &bad);
	if (bad)
		fetch_fail(r->out, AOVPN_FETCH_FORMAT,
			   "its CRL number is damaged");
	else if (check_issuer(r) && check_key_identifier(r) &&
		 check_signature(r) && check_critical(r) && check_scope(r))
		read_entries(r);
}

void fetch_crl_read(const unsigned char *data, size_t size, X509 *certificate,
		    X509 *issuer, struct aovpn_fetched *out)
{
	struct reading r = {
		.certificate = certificate, .issuer = issuer, .out = out};

	judge(&r, data, size);
	if (out->state == AOVPN_FETCH_OK && out->this_update > time(NULL))
		snprintf(out->text, sizeof(out->text),
			 "it is of the future: one of the clocks is wrong");
	ASN1_item_free((ASN1_VALUE *)r.outer, ASN1_ITEM_rptr(signed_crl));
	ASN1_item_free((ASN1_VALUE *)r.tbs, ASN1_ITEM_rptr(tbs_crl));
	ERR_clear_error();
}
