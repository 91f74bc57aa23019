/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_chain.c - aovpn doctor: what aovpn cert check says of a connection's
 * certificate, in short; and the clock by the web servers that were asked.
 * Nothing is kept of what is fetched.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "certificate_check.h"
#include "doctor.h"
#include "expiry.h"
#include "look.h"

#define FETCH_MS       3500 /* of one */
#define FETCH_TOTAL_MS 7000
/* Less is the time that an answer takes, and nothing that matters. */
#define CLOCK_OFF_S     60
#define CLOCK_FAR_OFF_S 86400

/* --- verdict ----------------------------------------------------------------
 */

static void tell_prediction(struct doctor_part *part,
			    const struct aovpn_prediction *first)
{
	json_t *line =
		doctor_tell(part,
			    first->confidence >= AOVPN_LIKELY ? DOCTOR_FAULT
							      : DOCTOR_WARNING,
			    "nps-verdict", "NPS would %srefuse it: %s",
			    first->confidence >= AOVPN_LIKELY ? "" : "perhaps ",
			    first->evidence_count > 0 ? first->evidence[0]
						      : first->cause->summary);

	doctor_cause(line, first->cause->slug);
}

static void tell_verdict(struct doctor_part *part,
			 const struct aovpn_check *check)
{
	const char *name = part->doctor->connection;
	json_t *line;

	switch (check->verdict) {
	case AOVPN_CHECK_ACCEPTED:
		doctor_tell(part, DOCTOR_OK, "nps-verdict",
			    "nothing here speaks against it; kind: %s",
			    aovpn_kind_title(check->kind.id));
		return;
	case AOVPN_CHECK_REFUSED:
		tell_prediction(part, &check->predictions.list[0]);
		return;
	case AOVPN_CHECK_UNKNOWN:
		break;
	}
	line = doctor_tell(part, DOCTOR_WARNING, "nps-verdict",
			   "cannot tell whether NPS takes it: %s",
			   check->unknown);
	doctor_fix(line, "`aovpn cert check %s` shows all of it.", name);
}

/* --- revocation -------------------------------------------------------------
 */

static uint32_t count_good(const struct aovpn_check *check)
{
	uint32_t i, good = 0;

	for (i = 0; i < check->chain.count; i++)
		good += check->chain.certificate[i].revocation.state ==
			AOVPN_REVOCATION_GOOD;
	return good;
}

static void tell_skipped(struct doctor_part *part,
			 const struct aovpn_certificate_facts *facts)
{
	json_t *line = doctor_tell(part, DOCTOR_WARNING, "revocation",
				   "not known of %s: %s", facts->subject,
				   facts->revocation.text[0] != '\0'
					   ? facts->revocation.text
					   : "nobody could be asked");

	doctor_cause(line, "client-cert-revocation-unknown");
}

static void tell_revocation(struct doctor_part *part,
			    const struct aovpn_check *check)
{
	uint32_t depth;

	if (aovpn_check_leaf_revocation(check) == AOVPN_REVOCATION_REVOKED)
		doctor_cause(doctor_tell(part, DOCTOR_FAULT, "revocation",
					 "the certificate is revoked"),
			     "client-cert-revoked");
	else if (aovpn_check_revocation_skipped(check, &depth))
		tell_skipped(part, &check->chain.certificate[depth]);
	else
		doctor_tell(part, DOCTOR_OK, "revocation",
			    "known of each of %u certificates below the root, "
			    "and good of %u",
			    check->chain.count > 0 ? check->chain.count - 1 : 0,
			    count_good(check));
}

/* --- the clock --------------------------------------------------------------
 */

static void tell_clock(struct doctor_part *part,
		       const struct aovpn_chain_facts *chain)
{
	const long long off =
		(long long)chain->server_asked_at - chain->server_time;
	const long long size = off < 0 ? -off : off;
	json_t *line;

	if (chain->server_time == 0) {
		doctor_tell(part, DOCTOR_SKIPPED, "clock-by-server",
			    "no web server of the CA's CRLs has told its time");
		return;
	}
	if (size < CLOCK_OFF_S) {
		line = doctor_tell(part, DOCTOR_OK, "clock-by-server",
				   "as that of the web server of the CA's CRL, "
				   "but for %lld s",
				   size);
	} else {
		line = doctor_tell(
			part,
			size < CLOCK_FAR_OFF_S ? DOCTOR_WARNING : DOCTOR_FAULT,
			"clock-by-server",
			"this machine is %lld s %s the web server of "
			"the CA's CRL",
			size, off > 0 ? "ahead of" : "behind");
		doctor_cause(line, "client-clock-wrong");
	}
	doctor_fact(line, "ahead_s", json_integer(off));
}

/* --- the whole --------------------------------------------------------------
 */

static void check_look(struct doctor_part *part, const struct aovpn_look *look,
		       const struct aovpn_fetcher *fetcher)
{
	const struct aovpn_check_input input = {
		.leaf = look->leaf,
		.chain = look->chain,
		.system_store = true,
		.now = time(NULL),
		.fetcher = fetcher,
	};
	struct aovpn_check *check = NULL;

	if (aovpn_check_run(&input, &check) < 0)
		return;
	tell_verdict(part, check);
	tell_revocation(part, check);
	tell_clock(part, &check->chain);
	aovpn_check_free(check);
}

void doctor_chain(struct doctor_part *part)
{
	const struct doctor *doctor = part->doctor;
	const struct aovpn_fetcher_options options = {
		.runtime = doctor->cli->paths.runtime,
		.timeout_ms = FETCH_MS,
		.total_ms = FETCH_TOTAL_MS,
		.offline = doctor->cli->offline,
	};
	struct aovpn_fetcher *fetcher = NULL;
	struct aovpn_look look;
	struct aovpn_error error;

	if (aovpn_look_at_profile(&doctor->profile, NULL, time(NULL), &look,
				  &error) < 0) {
		/* doctor_credential says why. */
		doctor_tell(part, DOCTOR_SKIPPED, "nps-verdict", "%s",
			    error.text);
		return;
	}
	if (aovpn_fetcher_open(&options, &fetcher) == 0)
		check_look(part, &look, fetcher);
	aovpn_fetcher_close(fetcher);
	aovpn_look_clear(&look);
}
