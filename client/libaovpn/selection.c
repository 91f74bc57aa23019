/* SPDX-License-Identifier: GPL-2.0-or-later */
/* selection.c - see selection.h. One small function is one check. */
#include "selection.h"
#include "pki.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define OID_CLIENT_AUTH "1.3.6.1.5.5.7.3.2"
#define OID_ANY_PURPOSE "1.3.6.1.4.1.311.10.12.1"
/* RFC 1035 2.3.4 has 253; what "host/" leaves of an identity is less. */
#define DNS_NAME_MAX (AOVPN_TEXT_MAX - (int)sizeof("host/"))

/* One candidate while it is judged. */
struct judging {
	const struct aovpn_candidate *candidate;
	const struct aovpn_filter *filter;
	time_t now;
	char *reason; /* AOVPN_TEXT_MAX */
};

static const struct aovpn_certificate_facts *leaf_of(const struct judging *j)
{
	return &j->candidate->chain->certificate[0];
}

static enum aovpn_refusal __attribute__((format(printf, 3, 4)))
refuse(const struct judging *j, enum aovpn_refusal refusal, const char *format,
       ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(j->reason, AOVPN_TEXT_MAX, format, args);
	va_end(args);
	return refusal;
}

/* The next item of a list and its length; *list moves behind it. NULL: end. */
static const char *next_item(const char **list, size_t *ret_length)
{
	const char *item = *list;

	if (item[0] == '\0')
		return NULL;
	*ret_length = strcspn(item, ",");
	*list += *ret_length + (item[*ret_length] == ',' ? 1 : 0);
	return item;
}

static enum aovpn_refusal check_loaded(const struct judging *j)
{
	const char *text = j->candidate->load_text;

	switch (j->candidate->load_error) {
	case 0:
		return AOVPN_REFUSED_NOT;
	case -EKEYREJECTED:
		return refuse(j, AOVPN_REFUSED_PASSWORD, "%s", text);
	case -EKEYREVOKED:
	case -EIO:
		return refuse(j, AOVPN_REFUSED_KEY, "%s", text);
	case -ENODEV:
	case -ELIBACC:
		return refuse(j, AOVPN_REFUSED_TOKEN, "%s", text);
	case -ENOTUNIQ:
		return refuse(j, AOVPN_REFUSED_AMBIGUOUS, "%s", text);
	case -EKEYEXPIRED:
		return refuse(j, AOVPN_REFUSED_PIN_LOCKED, "%s", text);
	default:
		return refuse(j, AOVPN_REFUSED_UNREADABLE, "%s", text);
	}
}

static enum aovpn_refusal check_pss(const struct judging *j)
{
	if (!j->filter->wants_pss || !j->candidate->rsa_without_pss)
		return AOVPN_REFUSED_NOT;
	return refuse(j, AOVPN_REFUSED_NO_PSS,
		      "its key cannot sign by RSA-PSS, which TLS 1.3 wants, "
		      "and MinVersion= is 1.3");
}

/* Is a CA of the chain (not the leaf itself) one of those listed? */
static bool has_issuer(const struct aovpn_chain_facts *chain,
		       const char *issuers)
{
	uint32_t i;

	for (i = 1; i < chain->count; i++)
		if (aovpn_thumbprint_listed(issuers,
					    chain->certificate[i].thumbprint))
			return true;
	return false;
}

static enum aovpn_refusal check_issuer(const struct judging *j)
{
	const struct aovpn_chain_facts *chain = j->candidate->chain;

	if (j->filter->issuers[0] == '\0' ||
	    has_issuer(chain, j->filter->issuers))
		return AOVPN_REFUSED_NOT;
	if (!chain->complete)
		return refuse(j, AOVPN_REFUSED_ISSUER,
			      "no CA known above it has a thumbprint of "
			      "IssuerThumbprints=, and the certificate of "
			      "\"%.110s\" is not known here",
			      chain->certificate[chain->count - 1].issuer);
	return refuse(j, AOVPN_REFUSED_ISSUER,
		      "no CA above it has a thumbprint of "
		      "IssuerThumbprints=; it was issued by \"%.150s\"",
		      leaf_of(j)->issuer);
}

/* Does oid equal the pattern, or lie below one that ends in ".*"? */
static bool oid_matches(const char *oid, const char *pattern, size_t length)
{
	if (length >= 2 && memcmp(pattern + length - 2, ".*", 2) == 0)
		return strncmp(oid, pattern, length - 1) == 0;
	return strlen(oid) == length && memcmp(oid, pattern, length) == 0;
}

static bool has_eku(const struct aovpn_certificate_facts *leaf,
		    const char *pattern, size_t length)
{
	uint32_t i;

	for (i = 0; i < leaf->eku_count; i++)
		if (oid_matches(leaf->eku[i], pattern, length))
			return true;
	return false;
}

/* Has leaf this usage, and each of a list that is given? */
static bool in_category(const struct aovpn_certificate_facts *leaf,
			const char *usage, const char *list)
{
	const char *item;
	size_t length;

	if (list[0] == '\0' || !has_eku(leaf, usage, strlen(usage)))
		return false;
	while ((item = next_item(&list, &length)))
		if (!has_eku(leaf, item, length))
			return false;
	return true;
}

/* The usages that leaf has, as a list; what does not fit is left out. */
static void list_ekus(const struct aovpn_certificate_facts *leaf, char *out,
		      size_t size)
{
	size_t used;
	uint32_t i;

	snprintf(out, size, "%s", leaf->eku_count ? "" : "none");
	for (i = 0; i < leaf->eku_count; i++) {
		used = strlen(out);
		if (used + strlen(leaf->eku[i]) + sizeof(", ") > size)
			return;
		snprintf(out + used, size - used, "%s%s", used ? ", " : "",
			 leaf->eku[i]);
	}
}

static enum aovpn_refusal check_eku(const struct judging *j)
{
	const struct aovpn_filter *filter = j->filter;
	const struct aovpn_certificate_facts *leaf = leaf_of(j);
	char has[140];

	if (filter->client_auth_ekus[0] == '\0' &&
	    filter->any_purpose_ekus[0] == '\0' && !filter->all_purpose)
		return AOVPN_REFUSED_NOT;
	if (in_category(leaf, OID_CLIENT_AUTH, filter->client_auth_ekus) ||
	    in_category(leaf, OID_ANY_PURPOSE, filter->any_purpose_ekus) ||
	    (filter->all_purpose && !leaf->has_eku))
		return AOVPN_REFUSED_NOT;
	list_ekus(leaf, has, sizeof(has));
	return refuse(j, AOVPN_REFUSED_EKU,
		      "its usages do not fit ClientAuthEKUs=, AnyPurposeEKUs= "
		      "or AllPurpose=: %s",
		      has);
}

static enum aovpn_refusal check_client_auth(const struct judging *j)
{
	char has[140];

	if (leaf_of(j)->eku_client_auth)
		return AOVPN_REFUSED_NOT;
	list_ekus(leaf_of(j), has, sizeof(has));
	return refuse(j, AOVPN_REFUSED_NO_CLIENT_AUTH,
		      "its usages do not include clientAuth: %s", has);
}

static enum aovpn_refusal check_identity(const struct judging *j)
{
	char identity[AOVPN_TEXT_MAX];

	aovpn_eap_identity(leaf_of(j), j->filter->identity, identity,
			   sizeof(identity));
	if (identity[0] != '\0')
		return AOVPN_REFUSED_NOT;
	return refuse(j, AOVPN_REFUSED_NO_IDENTITY,
		      "it has neither UPN nor DNS name and the profile has no "
		      "EAPIdentity=");
}

static enum aovpn_refusal refuse_by_date(const struct judging *j,
					 enum aovpn_refusal refusal,
					 const char *what, time_t when)
{
	char date[32] = "a date that cannot be read";
	struct tm tm;

	if (gmtime_r(&when, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return refuse(j, refusal, "%s %s", what, date);
}

static enum aovpn_refusal check_begun(const struct judging *j)
{
	if (leaf_of(j)->not_before <= j->now)
		return AOVPN_REFUSED_NOT;
	return refuse_by_date(j, AOVPN_REFUSED_NOT_YET_VALID,
			      "it is not valid before", leaf_of(j)->not_before);
}

static enum aovpn_refusal check_not_over(const struct judging *j)
{
	if (leaf_of(j)->not_after >= j->now)
		return AOVPN_REFUSED_NOT;
	return refuse_by_date(j, AOVPN_REFUSED_EXPIRED, "it expired on",
			      leaf_of(j)->not_after);
}

typedef enum aovpn_refusal check(const struct judging *judging);

/* In the order of enum aovpn_refusal. */
static check *const checks[] = {
	check_loaded,      check_pss,      check_issuer, check_eku,
	check_client_auth, check_identity, check_begun,  check_not_over,
};

static enum aovpn_refusal judge(const struct judging *j)
{
	enum aovpn_refusal refusal = AOVPN_REFUSED_NOT;
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		refusal = checks[i](j);
		if (refusal != AOVPN_REFUSED_NOT)
			break;
	}
	return refusal;
}

static uint32_t doubts_of_chain(const struct aovpn_chain_facts *chain)
{
	const struct aovpn_certificate_facts *c;
	uint32_t doubts = chain->complete ? 0 : AOVPN_DOUBT_CHAIN, i;

	for (i = 0; i < chain->count; i++) {
		c = &chain->certificate[i];
		/* Not the leaf: that would have been refused. */
		if (!c->eku_client_auth)
			doubts |= AOVPN_DOUBT_CA_EKU;
		if (!c->self_issued && !c->has_cdp && !c->has_ocsp)
			doubts |= AOVPN_DOUBT_NO_CDP;
	}
	return doubts;
}

static uint32_t doubts_of(const struct aovpn_candidate *candidate)
{
	const struct aovpn_certificate_facts *leaf =
		&candidate->chain->certificate[0];
	uint32_t doubts = doubts_of_chain(candidate->chain);

	if (candidate->rsa_without_pss)
		doubts |= AOVPN_DOUBT_NO_PSS;
	if (candidate->key_untried)
		doubts |= AOVPN_DOUBT_KEY_UNTRIED;
	if (leaf->sid_extension[0] == '\0' && leaf->sid_uri[0] == '\0')
		doubts |= AOVPN_DOUBT_NO_SID;
	if (leaf->upn[0] == '\0' && leaf->dns[0] == '\0')
		doubts |= AOVPN_DOUBT_NO_NAME;
	return doubts;
}

static void fill_verdict(const struct aovpn_candidate *candidate,
			 const struct aovpn_filter *filter, time_t now,
			 struct aovpn_verdict *ret)
{
	const struct judging judging = {
		.candidate = candidate,
		.filter = filter,
		.now = now,
		.reason = ret->reason,
	};
	const struct aovpn_certificate_facts *leaf;

	memset(ret, 0, sizeof(*ret));
	snprintf(ret->file, sizeof(ret->file), "%s", candidate->file);
	ret->refusal = judge(&judging);
	if (candidate->load_error)
		return;
	leaf = &candidate->chain->certificate[0];
	memcpy(ret->subject, leaf->subject, sizeof(ret->subject));
	memcpy(ret->thumbprint, leaf->thumbprint, sizeof(ret->thumbprint));
	ret->not_after = leaf->not_after;
	if (ret->refusal == AOVPN_REFUSED_NOT)
		ret->doubts = doubts_of(candidate);
}

/* Is a, which can be used, to be preferred over b, which can be too? */
static bool newer(const struct aovpn_candidate *a,
		  const struct aovpn_candidate *b)
{
	const struct aovpn_certificate_facts *x = &a->chain->certificate[0];
	const struct aovpn_certificate_facts *y = &b->chain->certificate[0];

	if (x->not_before != y->not_before)
		return x->not_before > y->not_before;
	return x->not_after > y->not_after;
}

static size_t find_best(const struct aovpn_candidate *candidates, size_t count,
			const struct aovpn_verdict *verdicts)
{
	size_t best = 0, i;

	for (i = 1; i < count; i++) {
		if (verdicts[i].refusal > verdicts[best].refusal)
			best = i;
		else if (verdicts[i].refusal == AOVPN_REFUSED_NOT &&
			 verdicts[best].refusal == AOVPN_REFUSED_NOT &&
			 newer(&candidates[i], &candidates[best]))
			best = i;
	}
	return best;
}

static void say_why_taken(struct aovpn_verdict *verdicts, size_t count,
			  size_t best)
{
	size_t usable = 0, i;

	for (i = 0; i < count; i++)
		usable += verdicts[i].refusal == AOVPN_REFUSED_NOT;
	for (i = 0; i < count; i++) {
		if (verdicts[i].refusal != AOVPN_REFUSED_NOT)
			continue;
		if (i != best)
			snprintf(verdicts[i].reason, AOVPN_TEXT_MAX,
				 "it could be used, but another is newer");
		else if (usable > 1)
			snprintf(verdicts[i].reason, AOVPN_TEXT_MAX,
				 "it is the newest of %zu that can be used",
				 usable);
		else
			snprintf(verdicts[i].reason, AOVPN_TEXT_MAX,
				 "it is the one that can be used");
	}
}

void aovpn_select(const struct aovpn_candidate *candidates, size_t count,
		  const struct aovpn_filter *filter, time_t now,
		  struct aovpn_verdict *verdicts, struct aovpn_selection *ret)
{
	size_t i;

	*ret = (struct aovpn_selection){0};
	if (count == 0)
		return;
	for (i = 0; i < count; i++)
		fill_verdict(&candidates[i], filter, now, &verdicts[i]);
	ret->best = find_best(candidates, count, verdicts);
	ret->found = verdicts[ret->best].refusal == AOVPN_REFUSED_NOT;
	if (!ret->found)
		return;
	verdicts[ret->best].chosen = true;
	say_why_taken(verdicts, count, ret->best);
}

static const struct {
	const char *name;
	const char *cause;
} refusals[] = {
	[AOVPN_REFUSED_UNREADABLE] = {"unreadable", "client-cert-missing"},
	[AOVPN_REFUSED_KEY] = {"key-unusable", "client-key-unusable"},
	[AOVPN_REFUSED_TOKEN] = {"token-absent", "client-token-absent"},
	[AOVPN_REFUSED_AMBIGUOUS] = {"ambiguous", "client-cert-ambiguous"},
	[AOVPN_REFUSED_PIN_LOCKED] = {"pin-locked", "client-pin-locked"},
	[AOVPN_REFUSED_NO_PSS] = {"no-pss", "client-key-no-pss"},
	[AOVPN_REFUSED_PASSWORD] = {"password", "client-key-password"},
	[AOVPN_REFUSED_ISSUER] = {"issuer-filtered", "client-cert-filtered"},
	[AOVPN_REFUSED_EKU] = {"usage-filtered", "client-cert-filtered"},
	[AOVPN_REFUSED_NO_CLIENT_AUTH] = {"no-client-auth",
					  "client-cert-no-client-auth"},
	[AOVPN_REFUSED_NO_IDENTITY] = {"no-identity", "client-cert-no-upn"},
	[AOVPN_REFUSED_NOT_YET_VALID] = {"not-yet-valid",
					 "client-cert-not-yet-valid"},
	[AOVPN_REFUSED_EXPIRED] = {"expired", "client-cert-expired"},
	[AOVPN_REFUSED_NOT] = {"accepted", NULL},
};

const char *aovpn_refusal_cause(enum aovpn_refusal refusal)
{
	return refusals[refusal].cause;
}

const char *aovpn_refusal_name(enum aovpn_refusal refusal)
{
	return refusals[refusal].name;
}

const char *aovpn_doubt_text(enum aovpn_doubt doubt)
{
	switch (doubt) {
	case AOVPN_DOUBT_CHAIN:
		return "its chain does not reach a root that is known here";
	case AOVPN_DOUBT_CA_EKU:
		return "a CA above it does not permit clientAuth";
	case AOVPN_DOUBT_NO_PSS:
		return "its key cannot sign by RSA-PSS, so TLS is held to 1.2";
	case AOVPN_DOUBT_NO_CDP:
		return "it or a CA above it names neither a CRL nor OCSP, so "
		       "NPS cannot check revocation";
	case AOVPN_DOUBT_NO_SID:
		return "it carries no SID, by which a domain controller maps "
		       "it to an account";
	case AOVPN_DOUBT_NO_NAME:
		return "it has neither UPN nor DNS name; the identity is the "
		       "profile's";
	case AOVPN_DOUBT_KEY_UNTRIED:
		return "its key was not tried: that wants a PIN or password, "
		       "which was not asked for";
	case AOVPN_DOUBT_END:
		break;
	}
	return "";
}

void aovpn_eap_identity(const struct aovpn_certificate_facts *leaf,
			const char *configured, char *out, size_t size)
{
	if (configured[0] != '\0')
		snprintf(out, size, "%s", configured);
	else if (leaf->upn[0] != '\0')
		snprintf(out, size, "%s", leaf->upn);
	else if (leaf->dns[0] != '\0' &&
		 strlen(leaf->dns) <= (size_t)DNS_NAME_MAX)
		snprintf(out, size, "host/%.*s", DNS_NAME_MAX, leaf->dns);
	else
		out[0] = '\0';
}
