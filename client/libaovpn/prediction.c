/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prediction.c - see prediction.h. One small predicate a defect, beside a table
 * that lists them in the order in which NPS comes upon them: the chain (dates,
 * path, usages, strength, trust; RFC 5280 6.1), its revocation, then the
 * mapping to an account (KB5014754).
 */
#include "prediction.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include "escape.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define DATE_MAX 32

/* KB5014754, at 00:00 UTC. Sources name the 9th or the 10th of September. */
#define ENFORCED_SINCE    1739232000 /* 11 February 2025 */
#define OPT_OUT_ENDED     1757462400 /* 10 September 2025 */
#define CLOUD_ONLY_PREFIX "S-1-12-1-"

#define EKU_CLIENT_AUTH        "1.3.6.1.5.5.7.3.2"
#define EKU_CONDITIONAL_ACCESS "1.3.6.1.4.1.311.87"

#define RSA_BITS_REFUSED 1024 /* below: Windows refuses (KB2661254) */
#define RSA_BITS_WEAK    2048

/* A certificate of the chain under a rule's eyes. */
struct subject {
	const struct aovpn_chain_facts *chain;
	const struct aovpn_certificate_facts *c;
	uint32_t depth;
	time_t now;
};

/* Says how sure the defect is, 0 where there is none; writes the evidence, and
 * a reason of NPS's where it differs from the rule's. */
typedef enum aovpn_confidence (*predicate)(const struct subject *s,
					   struct aovpn_prediction *ret);

static void __attribute__((format(printf, 2, 3)))
add_evidence(struct aovpn_prediction *p, const char *format, ...)
{
	char line[2 * AOVPN_TEXT_MAX];
	va_list arguments;

	if (p->evidence_count == AOVPN_PREDICTION_EVIDENCE_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	/* A subject may have been cut within a character. */
	aovpn_escape_string(line, p->evidence[p->evidence_count++],
			    AOVPN_TEXT_MAX);
}

/* "the client certificate", "the CA certificate": which one is meant. */
static const char *role(const struct subject *s)
{
	return s->depth == 0 ? "the client certificate" : "the CA certificate";
}

static void write_date(time_t time, char ret[DATE_MAX])
{
	struct tm tm;

	ret[0] = '\0';
	if (gmtime_r(&time, &tm))
		strftime(ret, DATE_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* The end of the chain that needs nobody above it. */
static bool is_root(const struct subject *s)
{
	return s->chain->complete && s->depth == s->chain->count - 1;
}

/* --- dates, path, usages, strength, trust --------------------------------- */

static enum aovpn_confidence expired(const struct subject *s,
				     struct aovpn_prediction *ret)
{
	char date[DATE_MAX];

	if (s->c->not_after >= s->now)
		return 0;
	write_date(s->c->not_after, date);
	add_evidence(ret, "%s \"%.150s\" expired on %s", role(s), s->c->subject,
		     date);
	return AOVPN_CERTAIN;
}

/* Minutes ahead may be a matter of clocks, so this is never certain. */
static enum aovpn_confidence not_yet_valid(const struct subject *s,
					   struct aovpn_prediction *ret)
{
	char date[DATE_MAX];

	if (s->c->not_before <= s->now)
		return 0;
	write_date(s->c->not_before, date);
	add_evidence(ret,
		     "%s \"%.130s\" is not valid before %s, which is ahead of "
		     "this machine's clock",
		     role(s), s->c->subject, date);
	return AOVPN_LIKELY;
}

struct path_error {
	int32_t x509_error;
	uint16_t nps_reason;
	enum aovpn_confidence confidence;
	const char *clause;
};

static const struct path_error path_errors[] = {
	{X509_V_ERR_INVALID_CA, 280, AOVPN_CERTAIN,
	 "issued the one below it, and is no CA certificate"},
	{X509_V_ERR_KEYUSAGE_NO_CERTSIGN, 280, AOVPN_CERTAIN,
	 "issued the one below it, and its key usage does not allow that"},
	{X509_V_ERR_PATH_LENGTH_EXCEEDED, 281, AOVPN_CERTAIN,
	 "allows fewer CAs below it than there are (pathLenConstraint)"},
	{X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, 282, AOVPN_LIKELY,
	 "has a critical extension that OpenSSL does not know, and NPS likely "
	 "neither"},
	{X509_V_ERR_CERT_SIGNATURE_FAILURE, 284, AOVPN_CERTAIN,
	 "is not signed by the key of the CA that it names"},
	{X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, 284, AOVPN_CERTAIN,
	 "is not signed by the key of the CA that it names"},
	{X509_V_ERR_SUBJECT_ISSUER_MISMATCH, 284, AOVPN_CERTAIN,
	 "names another issuer than the CA above it"},
	{X509_V_ERR_AKID_SKID_MISMATCH, 284, AOVPN_LIKELY,
	 "names another key of its issuer (AKI) than the CA above it has "
	 "(SKI)"},
	{X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH, 284, AOVPN_LIKELY,
	 "names another certificate of its issuer (AKI) than the one above it"},
	{X509_V_ERR_PERMITTED_VIOLATION, 288, AOVPN_LIKELY,
	 "bears a name that a CA above it may not certify (nameConstraints)"},
	{X509_V_ERR_EXCLUDED_VIOLATION, 288, AOVPN_LIKELY,
	 "bears a name that a CA above it may not certify (nameConstraints)"},
	{X509_V_ERR_INVALID_PURPOSE, 293, AOVPN_POSSIBLE,
	 "has a key usage without digitalSignature, which TLS client "
	 "authentication needs"},
};

/* Errors of OpenSSL that other rules tell better, from the facts. */
static const int32_t told_elsewhere[] = {
	X509_V_ERR_CERT_NOT_YET_VALID,
	X509_V_ERR_CERT_HAS_EXPIRED,
	X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
	X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
	X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
	X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	X509_V_ERR_CERT_UNTRUSTED,
};

static bool is_told_elsewhere(int32_t error)
{
	size_t i;

	for (i = 0; i < COUNT(told_elsewhere); i++)
		if (told_elsewhere[i] == error)
			return true;
	return false;
}

/* NULL for one that no rule knows. */
static const struct path_error *path_error_of(int32_t error)
{
	size_t i;

	for (i = 0; i < COUNT(path_errors); i++)
		if (path_errors[i].x509_error == error)
			return &path_errors[i];
	return NULL;
}

/* What one error of OpenSSL says; NPS's reason is that of the surest. */
static enum aovpn_confidence judge_error(const struct subject *s, int32_t error,
					 enum aovpn_confidence sofar,
					 struct aovpn_prediction *ret)
{
	const struct path_error *known = path_error_of(error);
	enum aovpn_confidence confidence =
		known ? known->confidence : AOVPN_POSSIBLE;

	add_evidence(ret, "%s \"%.130s\" %.100s", role(s), s->c->subject,
		     known ? known->clause
			   : X509_verify_cert_error_string(error));
	if (confidence <= sofar)
		return sofar;
	if (known)
		ret->nps_reason = known->nps_reason;
	return confidence;
}

static enum aovpn_confidence invalid(const struct subject *s,
				     struct aovpn_prediction *ret)
{
	const struct aovpn_chain_error *error = s->chain->error;
	enum aovpn_confidence confidence = 0;
	uint32_t i;

	for (i = 0; i < s->chain->error_count; i++)
		if (error[i].depth == s->depth &&
		    !is_told_elsewhere(error[i].x509_error))
			confidence = judge_error(s, error[i].x509_error,
						 confidence, ret);
	return confidence;
}

/* Are there usages, and clientAuth by "any" alone? Windows takes that. */
static bool is_any_usage_only(const struct aovpn_certificate_facts *c)
{
	uint32_t i;

	if (!c->has_eku || c->eku_count == AOVPN_EKU_MAX)
		return false;
	for (i = 0; i < c->eku_count; i++)
		if (strcmp(c->eku[i], EKU_CLIENT_AUTH) == 0)
			return false;
	return true;
}

/* A CA's list of usages bounds those of what it issues; so does a root's. */
static enum aovpn_confidence no_client_auth(const struct subject *s,
					    struct aovpn_prediction *ret)
{
	if (s->c->eku_client_auth && is_any_usage_only(s->c)) {
		add_evidence(ret,
			     "the extended key usage of %s \"%.90s\" has \"any "
			     "purpose\" instead of clientAuth: Windows takes "
			     "that, other RADIUS servers do not",
			     role(s), s->c->subject);
		return AOVPN_POSSIBLE;
	}
	if (s->c->eku_client_auth)
		return 0;
	add_evidence(ret,
		     "the extended key usage of %s \"%.110s\" does not include "
		     "clientAuth%s",
		     role(s), s->c->subject,
		     s->depth == 0 ? "" : ", and bounds all that it issues");
	return AOVPN_LIKELY;
}

static bool contains(const char *text, const char *part)
{
	return strcasestr(text, part) != NULL;
}

/* RSA below 1024 bits is refused by every Windows; from there to 2048 bits it
 * takes it by default, and this or a later update's policy may not. */
static enum aovpn_confidence weak_key(const struct subject *s,
				      struct aovpn_prediction *ret)
{
	if (s->c->key_bits == 0 || s->c->key_bits >= RSA_BITS_WEAK ||
	    strncmp(s->c->key_type, "RSA", 3) != 0)
		return 0;
	add_evidence(ret, "%s \"%.150s\" has an RSA key of %u bits", role(s),
		     s->c->subject, s->c->key_bits);
	return s->c->key_bits < RSA_BITS_REFUSED ? AOVPN_LIKELY
						 : AOVPN_POSSIBLE;
}

/* Nobody relies on a root's signature of itself. Windows still takes SHA-1 from
 * a private CA; what OpenSSL's or Windows' policy says of it varies. */
static enum aovpn_confidence weak_digest(const struct subject *s,
					 struct aovpn_prediction *ret)
{
	const char *algorithm = s->c->signature_algorithm;
	bool md = contains(algorithm, "md5") || contains(algorithm, "md4") ||
		  contains(algorithm, "md2");

	if (is_root(s) || (!md && !contains(algorithm, "sha1")))
		return 0;
	add_evidence(ret, "%s \"%.130s\" is signed by %s", role(s),
		     s->c->subject, algorithm);
	return md ? AOVPN_LIKELY : AOVPN_POSSIBLE;
}

static enum aovpn_confidence weak(const struct subject *s,
				  struct aovpn_prediction *ret)
{
	enum aovpn_confidence key = weak_key(s, ret);
	enum aovpn_confidence digest = weak_digest(s, ret);

	return key > digest ? key : digest;
}

static bool has_error(const struct subject *s, int32_t error)
{
	uint32_t i;

	for (i = 0; i < s->chain->error_count; i++)
		if (s->chain->error[i].x509_error == error)
			return true;
	return false;
}

/* NPS wants the issuing CA in NTAuth, so a certificate that is its own issuer
 * does not pass; else trust is judged only against roots that were named. */
static enum aovpn_confidence untrusted(const struct subject *s,
				       struct aovpn_prediction *ret)
{
	if (!is_root(s))
		return 0;
	if (s->depth == 0) {
		add_evidence(ret,
			     "the client certificate is its own issuer: there "
			     "is no CA that could stand in NTAuth");
		return AOVPN_LIKELY;
	}
	if (!s->chain->root_given ||
	    !has_error(s, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN))
		return 0;
	add_evidence(ret,
		     "the chain ends in the root \"%.100s\" (thumbprint %s), "
		     "which is none of the roots given",
		     s->c->subject, s->c->thumbprint);
	add_evidence(ret,
		     "with the root in its stores, NPS refuses with reason 295 "
		     "until the issuing CA is in NTAuth, too");
	return AOVPN_LIKELY;
}

/* --- revocation ----------------------------------------------------------- */

static enum aovpn_confidence revoked(const struct subject *s,
				     struct aovpn_prediction *ret)
{
	const struct aovpn_revocation_facts *r = &s->c->revocation;
	char date[DATE_MAX];

	if (is_root(s) || r->state != AOVPN_REVOCATION_REVOKED)
		return 0;
	write_date(r->revoked_at, date);
	add_evidence(ret, "%s \"%.120s\" was revoked on %s%s%s", role(s),
		     s->c->subject, date, r->reason[0] ? ", reason " : "",
		     r->reason);
	if (r->source[0] != '\0')
		add_evidence(ret, "so says %.240s", r->source);
	if (r->text[0] != '\0')
		add_evidence(ret, "%s", r->text);
	return AOVPN_CERTAIN;
}

static bool is_conditional_access(const struct aovpn_certificate_facts *c)
{
	uint32_t i;

	for (i = 0; i < c->eku_count; i++)
		if (strcmp(c->eku[i], EKU_CONDITIONAL_ACCESS) == 0)
			return true;
	return false;
}

/* NPS checks every certificate below the root. OCSP would do instead of a CRL.
 */
static enum aovpn_confidence no_point(const struct subject *s,
				      struct aovpn_prediction *ret)
{
	if (is_root(s) || s->c->has_cdp || s->c->has_ocsp)
		return 0;
	add_evidence(ret, "%s \"%.150s\" has no CRL distribution point",
		     role(s), s->c->subject);
	add_evidence(ret, "NPS checks revocation of every certificate below "
			  "the root unless told otherwise");
	if (is_conditional_access(&s->chain->certificate[0]))
		add_evidence(ret,
			     "certificates of Entra Conditional Access (EKU "
			     "%s) have none by design: NPS needs "
			     "IgnoreNoRevocationCheck = 1 for them",
			     EKU_CONDITIONAL_ACCESS);
	return AOVPN_LIKELY;
}

static void add_failure(const struct subject *s, struct aovpn_prediction *ret)
{
	const struct aovpn_revocation_facts *r = &s->c->revocation;
	char date[DATE_MAX];

	add_evidence(ret, "no usable word on the revocation of %s \"%.150s\"",
		     role(s), s->c->subject);
	if (r->text[0] != '\0')
		add_evidence(ret, "%s", r->text);
	if (r->source[0] == '\0')
		return;
	write_date(r->next_update, date);
	add_evidence(ret, "%.180s%s%s", r->source,
		     r->next_update ? ": next update was due on " : "",
		     r->next_update ? date : "");
}

/*
 * What is out of date or wrongly signed is so for NPS, too: there is no other
 * copy that is newer, and one that NPS holds is older. What cannot be reached
 * from here, NPS may reach from where it is, or hold: so that is only possible.
 */
static enum aovpn_confidence no_answer(const struct subject *s,
				       struct aovpn_prediction *ret)
{
	uint32_t state = s->c->revocation.state;

	if (is_root(s) || (state != AOVPN_REVOCATION_OFFLINE &&
			   state != AOVPN_REVOCATION_STALE &&
			   state != AOVPN_REVOCATION_INVALID))
		return 0;
	add_failure(s, ret);
	if (state != AOVPN_REVOCATION_OFFLINE)
		return AOVPN_LIKELY;
	add_evidence(ret, "NPS asks from its own network: what is out of reach "
			  "from here may be in reach from there");
	return AOVPN_POSSIBLE;
}

/* --- the mapping to an account -------------------------------------------- */

static bool has_sid(const struct subject *s)
{
	return s->c->sid_extension[0] != '\0' || s->c->sid_uri[0] != '\0';
}

/* Where a SID was looked for, and what was there instead of one. */
static void add_sid_places(const struct aovpn_certificate_facts *c,
			   struct aovpn_prediction *ret)
{
	bool extension = c->sid_extension_state == AOVPN_SID_MALFORMED;
	bool uri = c->sid_uri_state == AOVPN_SID_MALFORMED;

	if (extension)
		add_evidence(ret,
			     "the extension 1.3.6.1.4.1.311.25.2 is there and "
			     "not as it must be: %.180s",
			     c->sid_extension_fault);
	if (uri)
		add_evidence(ret,
			     "the SAN URI for the SID is there and not as it "
			     "must be: %.180s",
			     c->sid_uri_fault);
	if (c->sid_in_other_name)
		add_evidence(ret,
			     "the SID stands in an otherName of the SAN, where "
			     "no domain controller looks for it");
	if (!extension && !uri && !c->sid_in_other_name)
		add_evidence(ret, "neither extension 1.3.6.1.4.1.311.25.2 nor "
				  "a SAN URI tag:microsoft.com,2022-09-14:sid: "
				  "is in the certificate");
}

/* The dates of KB5014754 against the clock: how sure a refusal is. */
static enum aovpn_confidence add_enforcement(time_t now,
					     struct aovpn_prediction *ret)
{
	if (now < ENFORCED_SINCE) {
		add_evidence(ret, "domain controllers demand a SID by default "
				  "from 11 February 2025 (KB5014754)");
		return AOVPN_POSSIBLE;
	}
	if (now < OPT_OUT_ENDED)
		add_evidence(ret,
			     "domain controllers demand a SID by default since "
			     "11 February 2025 (KB5014754); until September "
			     "2025 StrongCertificateBindingEnforcement = 1 on "
			     "them puts it off");
	else
		add_evidence(ret,
			     "domain controllers demand a SID since 11 "
			     "February 2025, and since September 2025 nothing "
			     "puts it off (KB5014754)");
	return AOVPN_LIKELY;
}

/* What a renewal can mend: a changed policy of Intune or a CA reaches only the
 * certificates issued after it. */
static void add_migration(const struct subject *s, struct aovpn_prediction *ret)
{
	char date[DATE_MAX];

	write_date(s->c->not_before, date);
	add_evidence(ret,
		     "it was issued on %.10s, %s the enforcement; a policy "
		     "changed since then has only reached certificates issued "
		     "after the change",
		     date,
		     s->c->not_before < ENFORCED_SINCE ? "before" : "after");
}

static enum aovpn_confidence no_sid(const struct subject *s,
				    struct aovpn_prediction *ret)
{
	enum aovpn_confidence confidence;

	if (has_sid(s))
		return 0;
	add_sid_places(s->c, ret);
	confidence = add_enforcement(s->now, ret);
	add_migration(s, ret);
	return confidence;
}

/* One place has a SID and the other is spoilt: no document says which of them a
 * domain controller follows. */
static enum aovpn_confidence half_sid(const struct subject *s,
				      struct aovpn_prediction *ret)
{
	if (!has_sid(s) || (s->c->sid_extension_state != AOVPN_SID_MALFORMED &&
			    s->c->sid_uri_state != AOVPN_SID_MALFORMED))
		return 0;
	add_sid_places(s->c, ret);
	add_evidence(ret,
		     "the other place holds %.180s, and whether a domain "
		     "controller takes it then is not documented",
		     s->c->sid_extension[0] ? s->c->sid_extension
					    : s->c->sid_uri);
	return AOVPN_POSSIBLE;
}

static enum aovpn_confidence sids_differ(const struct subject *s,
					 struct aovpn_prediction *ret)
{
	if (s->c->sid_extension[0] == '\0' || s->c->sid_uri[0] == '\0' ||
	    strcmp(s->c->sid_extension, s->c->sid_uri) == 0)
		return 0;
	add_evidence(ret, "the extension says %.100s, the SAN URI says %.100s",
		     s->c->sid_extension, s->c->sid_uri);
	return AOVPN_LIKELY;
}

static bool is_cloud_only(const char *sid)
{
	return strncmp(sid, CLOUD_ONLY_PREFIX, strlen(CLOUD_ONLY_PREFIX)) == 0;
}

static enum aovpn_confidence cloud_only(const struct subject *s,
					struct aovpn_prediction *ret)
{
	const char *sid = is_cloud_only(s->c->sid_extension)
				  ? s->c->sid_extension
				  : s->c->sid_uri;

	if (!is_cloud_only(sid))
		return 0;
	add_evidence(ret, "the certificate's SID is %.180s", sid);
	return AOVPN_LIKELY;
}

/* What SCEP gives, and enough for Server 2019 and newer. */
static enum aovpn_confidence only_uri(const struct subject *s,
				      struct aovpn_prediction *ret)
{
	if (s->c->sid_extension[0] != '\0' || s->c->sid_uri[0] == '\0' ||
	    s->c->sid_extension_state == AOVPN_SID_MALFORMED)
		return 0;
	add_evidence(ret,
		     "the SID %.100s is in the SAN URI alone, which domain "
		     "controllers of Server 2016 and older do not read; those "
		     "of Server 2019 and newer do",
		     s->c->sid_uri);
	ret->note = true;
	return AOVPN_POSSIBLE;
}

static enum aovpn_confidence nameless(const struct subject *s,
				      struct aovpn_prediction *ret)
{
	if (s->c->upn[0] != '\0' || s->c->dns[0] != '\0')
		return 0;
	add_evidence(ret, "the certificate's SAN has neither UPN nor DNS name");
	return AOVPN_LIKELY;
}

/* A missing root is no defect: NPS has its own. So only a leaf that stands
 * alone says that something is missing. */
static enum aovpn_confidence incomplete(const struct subject *s,
					struct aovpn_prediction *ret)
{
	if (s->chain->complete || s->depth != s->chain->count - 1)
		return 0;
	if (s->depth == 0) {
		add_evidence(ret, "only the leaf is known here: no issuing CA "
				  "certificate was sent with it");
		return AOVPN_POSSIBLE;
	}
	if (s->chain->count == AOVPN_CHAIN_MAX)
		add_evidence(ret, "the chain has more than %d certificates",
			     AOVPN_CHAIN_MAX);
	else
		add_evidence(ret,
			     "the issuer \"%.100s\" of \"%.80s\" is not at "
			     "hand here",
			     s->c->issuer, s->c->subject);
	add_evidence(ret, "if it is a root, NPS only needs it among its own "
			  "trusted roots");
	ret->note = true;
	return AOVPN_POSSIBLE;
}

/* --- the table ------------------------------------------------------------ */

struct rule {
	const char *cause;
	uint16_t nps_reason;
	bool leaf_only;
	predicate judge;
};

static const struct rule rules[] = {
	{"client-cert-expired", 268, false, expired},
	{"client-cert-not-yet-valid", 278, false, not_yet_valid},
	{"client-chain-invalid", 288, false, invalid},
	{"client-cert-no-client-auth", 283, false, no_client_auth},
	{"client-cert-weak", 0, false, weak},
	{"client-cert-untrusted", 265, false, untrusted},
	{"client-cert-revoked", 256, false, revoked},
	{"client-cert-revocation-unknown", 258, false, no_point},
	{"client-cert-crl-stale", 259, false, no_answer},
	{"client-cert-no-sid", 16, true, no_sid},
	{"client-cert-no-sid", 16, true, half_sid},
	{"client-cert-cloud-only-sid", 16, true, cloud_only},
	{"client-cert-sid-mismatch", 16, true, sids_differ},
	{"client-cert-no-upn", 297, true, nameless},
	{"client-chain-incomplete", 265, false, incomplete},
	{"client-cert-sid-uri-only", 16, true, only_uri},
};

/* Behind those of the same or a higher confidence. */
static void insert(struct aovpn_predictions *list,
		   const struct aovpn_prediction *p)
{
	uint32_t at = list->count;

	while (at > 0 && list->list[at - 1].confidence < p->confidence)
		at--;
	if (at == AOVPN_PREDICTIONS_MAX)
		return;
	if (list->count == AOVPN_PREDICTIONS_MAX)
		list->count--;
	memmove(&list->list[at + 1], &list->list[at],
		(list->count - at) * sizeof(list->list[0]));
	list->list[at] = *p;
	list->count++;
}

static void apply(const struct rule *rule, const struct subject *s,
		  struct aovpn_predictions *ret)
{
	struct aovpn_prediction p = {.nps_reason = rule->nps_reason,
				     .depth = s->depth};

	p.confidence = rule->judge(s, &p);
	if (!p.confidence)
		return;
	p.cause = aovpn_cause_find(rule->cause);
	if (!p.cause) {
		fprintf(stderr, "cause \"%s\" is not in the vocabulary\n",
			rule->cause);
		abort();
	}
	p.ras_code = p.cause->codes[0];
	p.fix = p.cause->fix;
	insert(ret, &p);
}

void aovpn_predict(const struct aovpn_chain_facts *chain, time_t now,
		   struct aovpn_predictions *ret)
{
	struct subject s = {.chain = chain, .now = now};
	size_t i;

	*ret = (struct aovpn_predictions){0};
	for (i = 0; i < COUNT(rules); i++) {
		for (s.depth = 0; s.depth < chain->count; s.depth++) {
			s.c = &chain->certificate[s.depth];
			if (s.depth == 0 || !rules[i].leaf_only)
				apply(&rules[i], &s, ret);
		}
	}
}
