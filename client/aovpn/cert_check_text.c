/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_check_text.c - a check as text for people: certificate by certificate,
 * how it would be mapped to an account, what kind it is, then, as certutil's
 * does, the verdict at the end.
 */
#include <stdio.h>
#include <string.h>

#include "cert.h"
#include "cert_mapping.h"
#include "cert_oid.h"
#include "cert_revocation.h"
#include "cert_text.h"
#include "expiry.h"

#define INDENT 4

/* A heading in bold, escaped. */
static void heading(const struct cli *cli, const char *text)
{
	putchar('\n');
	fputs(text_bold(cli), stdout);
	cert_print("%s", text);
	fputs(text_plain(cli), stdout);
	putchar('\n');
}

static void print_validity(const struct aovpn_certificate_facts *facts,
			   time_t now)
{
	char begin[CERT_TIME_MAX], end[CERT_TIME_MAX];
	int64_t days = aovpn_days_until(facts->not_after, now);
	const char *note = "";

	cert_time_text(facts->not_before, begin);
	cert_time_text(facts->not_after, end);
	if (facts->not_before > now)
		note = "NOT YET VALID, ";
	if (facts->not_after < now)
		note = "EXPIRED, ";
	cert_fieldf(INDENT, "valid      ", "%s to %s, %s%lld day%s left", begin,
		    end, note, (long long)days, days == 1 ? "" : "s");
}

static void append_oid(char *out, size_t size, const char *oid)
{
	const char *name = cert_oid_name(oid);
	size_t used = strlen(out);

	snprintf(out + used, size - used, "%s%s%s%s%s", used ? ", " : "",
		 name ? name : "", name ? " (" : "", oid, name ? ")" : "");
}

static void print_usages(const struct aovpn_certificate_facts *facts)
{
	char text[AOVPN_EKU_MAX * (AOVPN_OID_MAX + 32)] = "";
	uint32_t i;

	for (i = 0; i < facts->eku_count; i++)
		append_oid(text, sizeof(text), facts->eku[i]);
	if (!facts->has_eku)
		snprintf(text, sizeof(text), "any (no extended key usage)");
	cert_field(INDENT, "EKU        ", text);
	if (!facts->eku_client_auth)
		cert_field(INDENT, "           ",
			   facts->is_ca
				   ? "does not contain clientAuth: Windows "
				     "permits to a leaf only what each CA "
				     "above it permits"
				   : "does not contain clientAuth");
}

static void print_policies(const struct aovpn_certificate_facts *facts)
{
	char text[AOVPN_POLICIES_MAX * (AOVPN_OID_MAX + 2)] = "";
	size_t used;
	uint32_t i;

	for (i = 0; i < facts->policy_count; i++) {
		used = strlen(text);
		snprintf(text + used, sizeof(text) - used, "%s%s",
			 i > 0 ? ", " : "", facts->policy[i]);
	}
	if (text[0] != '\0')
		cert_field(INDENT, "policies   ", text);
}

/* What a CRL or OCSP response says of itself: "number 1000, 3 entries,
 * 2026-07-28 03:57Z to 2026-08-04 03:57Z"; "" where nothing was read. */
static void answer_text(const struct aovpn_fetched *fetched, time_t now,
			char *out, size_t size)
{
	char begin[CERT_TIME_MAX], end[CERT_TIME_MAX], about[AOVPN_TEXT_MAX];
	bool stale = fetched->next_update != 0 && fetched->next_update < now;

	out[0] = about[0] = '\0';
	if (fetched->this_update == 0)
		return;
	if (fetched->kind == AOVPN_FETCH_CRL)
		snprintf(about, sizeof(about), "number %s, %u entries",
			 fetched->crl_number[0] ? fetched->crl_number : "none",
			 fetched->crl_entries);
	else
		snprintf(about, sizeof(about), "from %.240s",
			 fetched->responder);
	cert_time_text(fetched->this_update, begin);
	cert_time_text(fetched->next_update, end);
	snprintf(out, size, "; %s, %s to %s%s", about, begin, end,
		 stale ? ", STALE" : "");
}

/* How the fetch went: size and time, or what was wrong; then the answer. */
static void print_fetch(const struct aovpn_fetched *fetched, time_t now)
{
	char how[96] = "", made[CERT_TIME_MAX], answer[2 * AOVPN_TEXT_MAX];

	if (fetched->from_cache)
		snprintf(how, sizeof(how), ": %llu bytes, kept since %s",
			 (unsigned long long)fetched->size,
			 cert_time_text(fetched->made_at, made));
	else if (fetched->size > 0)
		snprintf(how, sizeof(how), ": %llu bytes in %u ms",
			 (unsigned long long)fetched->size,
			 fetched->duration_ms);
	answer_text(fetched, now, answer, sizeof(answer));
	cert_fieldf(INDENT, "           ", "%s%s%s%s%s",
		    aovpn_fetch_state_name(fetched->state), how, answer,
		    fetched->text[0] ? "; " : "", fetched->text);
}

static void print_points(const struct aovpn_urls *urls, const char *label,
			 const struct aovpn_fetched *fetched, uint32_t count,
			 uint32_t kind, time_t now)
{
	uint32_t i, k;

	for (i = 0; i < urls->count; i++) {
		cert_field(INDENT, label, urls->url[i]);
		for (k = 0; k < count; k++)
			if (fetched[k].kind == kind &&
			    strcmp(fetched[k].url, urls->url[i]) == 0)
				print_fetch(&fetched[k], now);
	}
	if (urls->unusable > 0)
		cert_fieldf(INDENT, label, "%u more that cannot be used",
			    urls->unusable);
}

static void print_revocation(const struct aovpn_certificate_facts *facts)
{
	const struct aovpn_revocation_facts *revocation = &facts->revocation;
	char when[CERT_TIME_MAX];

	if (revocation->state == AOVPN_REVOCATION_REVOKED)
		cert_fieldf(INDENT, "revocation ", "REVOKED on %s%s%s",
			    cert_time_text(revocation->revoked_at, when),
			    revocation->reason[0] ? ": " : "",
			    revocation->reason);
	else
		cert_fieldf(INDENT, "revocation ", "%s%s%s",
			    cert_revocation_meaning(revocation->state),
			    revocation->text[0] ? ": " : "", revocation->text);
}

static void print_certificate(const struct cli *cli,
			      const struct aovpn_check *check, uint32_t i,
			      time_t now)
{
	const struct aovpn_certificate_facts *facts =
		&check->chain.certificate[i];
	const struct aovpn_fetched *asked = check->asked[i].point;
	uint32_t count = check->asked[i].count;
	char title[AOVPN_TEXT_MAX + 48];

	snprintf(title, sizeof(title), "[%u] %s%s", i, facts->subject,
		 check->issuer_from_aia[i] ? " (fetched by AIA)" : "");
	heading(cli, title);
	cert_field(INDENT, "issuer     ",
		   facts->self_issued ? "itself" : facts->issuer);
	cert_fieldf(INDENT, "serial     ", "%s; key %s %u; %s", facts->serial,
		    facts->key_type, facts->key_bits,
		    facts->signature_algorithm);
	print_validity(facts, now);
	cert_field(INDENT, "SHA-1      ", facts->thumbprint);
	cert_field(INDENT, "SHA-256    ", facts->thumbprint_sha256);
	print_usages(facts);
	print_policies(facts);
	print_points(&facts->cdp, "CDP        ", asked, count, AOVPN_FETCH_CRL,
		     now);
	print_points(&facts->ocsp, "OCSP       ", asked, count,
		     AOVPN_FETCH_OCSP, now);
	print_points(&facts->aia, "AIA        ", check->aia, check->aia_count,
		     AOVPN_FETCH_AIA, now);
	print_revocation(facts);
}

static void print_sid(const char *label, uint32_t state, const char *sid,
		      const char *fault)
{
	if (state == AOVPN_SID_VALID)
		cert_field(INDENT, label, sid);
	else
		cert_fieldf(INDENT, label, "%s%s%s", cert_mapping_state(state),
			    fault[0] ? ": " : "", fault);
}

static void print_mapping(const struct cli *cli,
			  const struct aovpn_certificate_facts *leaf)
{
	heading(cli, "Strong mapping to an account (KB5014754)");
	if (leaf->upn[0] != '\0')
		cert_field(INDENT, "UPN        ", leaf->upn);
	if (leaf->dns[0] != '\0')
		cert_field(INDENT, "DNS name   ", leaf->dns);
	print_sid("extension  ", leaf->sid_extension_state, leaf->sid_extension,
		  leaf->sid_extension_fault);
	print_sid("SAN URI    ", leaf->sid_uri_state, leaf->sid_uri,
		  leaf->sid_uri_fault);
	if (leaf->sid_uri_joined)
		cert_field(INDENT, "           ",
			   "the URI stands in one entry with others, joined "
			   "by commas");
	if (cert_mapping_conflicts(leaf))
		cert_field(INDENT, "           ",
			   "extension and URI name different SIDs");
	if (leaf->sid_in_other_name)
		cert_field(INDENT, "           ",
			   "a SID stands in an otherName of the SAN, where no "
			   "domain controller looks");
	if (cert_mapping_cloud_only(leaf))
		cert_field(INDENT, "           ",
			   "a SID of Entra ID alone (S-1-12-1): no account of "
			   "a domain has it");
	cert_field(INDENT, "mapped by  ", cert_mapping_reach(leaf));
	cert_field(INDENT, "since      ", cert_mapping_dates(leaf));
}

static void print_template(const struct aovpn_certificate_facts *leaf)
{
	if (leaf->template_name[0] != '\0')
		cert_field(INDENT, "template   ", leaf->template_name);
	if (leaf->template_oid[0] != '\0')
		cert_fieldf(INDENT, "template   ", "%s, version %u.%u",
			    leaf->template_oid, leaf->template_major,
			    leaf->template_minor);
}

static void print_kind(const struct cli *cli, const struct aovpn_check *check)
{
	const struct aovpn_kind *kind = &check->kind;
	uint32_t i;

	heading(cli, "Where it comes from");
	if (kind->id == AOVPN_KIND_UNKNOWN)
		cert_field(INDENT, "kind       ", aovpn_kind_title(kind->id));
	else
		cert_fieldf(INDENT, "kind       ", "%s%s%s (%s)",
			    aovpn_kind_title(kind->id),
			    kind->vendor ? ", " : "",
			    kind->vendor ? kind->vendor : "",
			    aovpn_confidence_name(kind->confidence));
	print_template(&check->chain.certificate[0]);
	for (i = 0; i < kind->evidence_count; i++)
		cert_field(INDENT, "evidence   ", kind->evidence[i]);
	for (i = 0; i < kind->remark_count; i++)
		cert_field(INDENT, "to know    ", kind->remarks[i]);
}

static void print_revocation_verdicts(const struct cli *cli,
				      const struct aovpn_check *check)
{
	char text[CERT_REVOCATION_TEXT_MAX];

	heading(cli, "Revocation, as certutil -verify -urlfetch sums it up");
	cert_revocation_leaf(check, text);
	cert_field(INDENT, "", text);
	cert_revocation_chain(check, text);
	cert_field(INDENT, "", text);
}

static void print_codes(const struct aovpn_prediction *prediction)
{
	const struct aovpn_code *code = aovpn_code_find(prediction->ras_code);
	const struct aovpn_nps_reason *reason =
		aovpn_nps_reason_find(prediction->nps_reason);

	if (prediction->nps_reason != 0)
		cert_fieldf(INDENT, "on NPS:   ", "event 6273 reason %u: %s",
			    prediction->nps_reason,
			    reason ? reason->meaning : "");
	cert_fieldf(INDENT, "here:     ", "%d %s", (int)prediction->ras_code,
		    code ? code->symbol : "");
}

static void print_prediction(const struct cli *cli, uint32_t rank,
			     const struct aovpn_prediction *prediction)
{
	uint32_t i;

	printf("\n%2u. %s%s%s (%s, certificate [%u])\n", rank, text_bold(cli),
	       prediction->cause->slug, text_plain(cli),
	       prediction->note ? "to know"
				: aovpn_confidence_name(prediction->confidence),
	       prediction->depth);
	cert_field(INDENT, "", prediction->cause->summary);
	/* Many a sound certificate has such: the others come first. */
	if (prediction->note && !cli->verbose)
		return;
	for (i = 0; i < prediction->evidence_count; i++)
		cert_field(INDENT, "evidence: ", prediction->evidence[i]);
	print_codes(prediction);
	if (prediction->fix)
		cert_field(INDENT, "fix:      ", prediction->fix);
}

static void print_predictions(const struct cli *cli,
			      const struct aovpn_predictions *predictions)
{
	uint32_t i;

	if (predictions->count > 0)
		heading(cli, "What would follow");
	for (i = 0; i < predictions->count; i++)
		print_prediction(cli, i + 1, &predictions->list[i]);
}

static void print_remarks(const struct cli *cli,
			  const struct aovpn_check *check)
{
	uint32_t i;

	if (check->remark_count > 0)
		heading(cli, "What cannot be seen from here");
	for (i = 0; i < check->remark_count; i++)
		cert_field(INDENT, "", check->remark[i]);
}

static void print_verdict(const struct cli *cli,
			  const struct aovpn_check *check)
{
	putchar('\n');
	switch (check->verdict) {
	case AOVPN_CHECK_ACCEPTED:
		fputs(text_green(cli), stdout);
		text_wrapped(0,
			     "Verdict: ", "NPS would accept this certificate.");
		break;
	case AOVPN_CHECK_REFUSED:
		fputs(text_red(cli), stdout);
		text_wrapped(0,
			     "Verdict: ", "NPS would REFUSE this certificate.");
		break;
	case AOVPN_CHECK_UNKNOWN:
		fputs(text_bold(cli), stdout);
		cert_fieldf(0, "Verdict: ",
			    "it cannot be told whether NPS would accept this "
			    "certificate: %s.",
			    check->unknown);
		break;
	}
	fputs(text_plain(cli), stdout);
	fflush(stdout);
}

void cert_text_check(const struct cli *cli, const struct cert_subject *subject,
		     const struct aovpn_check *check, time_t now)
{
	char when[CERT_TIME_MAX];
	uint32_t i;

	cert_fieldf(0, "", "%s, checked %s as an NPS server would",
		    subject->look.file, cert_time_text(now, when));
	if (subject->look.remark[0] != '\0')
		cert_field(0, "note: ", subject->look.remark);
	for (i = 0; i < check->chain.count; i++)
		print_certificate(cli, check, i, now);
	if (!check->chain.complete)
		cert_fieldf(INDENT, "",
			    "the certificate of its issuer is not "
			    "known: the chain ends here");
	print_kind(cli, check);
	print_mapping(cli, &check->chain.certificate[0]);
	print_revocation_verdicts(cli, check);
	print_remarks(cli, check);
	print_predictions(cli, &check->predictions);
	print_verdict(cli, check);
}
