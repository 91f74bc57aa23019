/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_credential.c - aovpn doctor: the certificate that a dial would show,
 * and its key, which is proved where nobody has to be asked for a PIN.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "candidates.h"
#include "doctor.h"
#include "expiry.h"
#include "token.h"

/* What cannot be opened only because we are not root. */
static const char *closed_to_us(const struct doctor *doctor,
				const struct aovpn_profile *profile)
{
	const char *const paths[] = {
		profile->certificate,
		profile->key,
		profile->password_file,
		profile->certificate_directory,
	};
	size_t i;

	for (i = 0; !doctor->root && i < sizeof(paths) / sizeof(paths[0]); i++)
		if (paths[i][0] == '/' && access(paths[i], R_OK) < 0 &&
		    errno == EACCES)
			return paths[i];
	return NULL;
}

static void tell_chosen(struct doctor_part *part,
			const struct aovpn_profile *profile,
			const struct aovpn_candidates_choice *choice)
{
	const struct aovpn_certificate_facts *leaf =
		&choice->chain.certificate[0];
	const time_t now = time(NULL);
	const int64_t days = aovpn_days_until(leaf->not_after, now);
	const struct aovpn_term term = {
		.begin = leaf->not_before,
		.end = leaf->not_after,
		.first = AOVPN_URGENCY_30_DAYS,
	};
	const bool soon = aovpn_urgency_at(&term, now) != AOVPN_URGENCY_NONE;
	json_t *line;

	line = doctor_tell(
		part, soon ? DOCTOR_WARNING : DOCTOR_OK, "certificate",
		"%s of %s, valid for %lld more days, as %s", leaf->subject,
		leaf->issuer, (long long)days, choice->identity);
	doctor_subject(line, profile->name);
	if (soon)
		doctor_fix(line, "Have it renewed: Intune does so by itself "
				 "once the device checks in; see its "
				 "renewal threshold.");
	doctor_fact_text(line, "thumbprint", leaf->thumbprint);
	doctor_fact(line, "days_left", json_integer(days));
}

static void tell_key(struct doctor_part *part,
		     const struct aovpn_candidates_choice *choice)
{
	size_t i;

	for (i = 0; i < choice->count; i++)
		if (choice->verdicts[i].chosen &&
		    choice->verdicts[i].doubts & AOVPN_DOUBT_KEY_UNTRIED) {
			doctor_tell(part, DOCTOR_SKIPPED, "key",
				    "not tried: it wants a PIN or password, "
				    "which doctor does not use");
			return;
		}
	doctor_tell(part, DOCTOR_OK, "key",
		    "fits the certificate and signs: it was tried");
}

static void tell_none(struct doctor_part *part,
		      const struct aovpn_profile *profile,
		      const struct aovpn_candidates_choice *choice)
{
	json_t *line;

	if (choice->password_wanted) {
		line = doctor_tell(part, DOCTOR_SKIPPED, "certificate",
				   "a password is wanted, which a dial asks "
				   "for: %s",
				   choice->text);
		doctor_subject(line, profile->name);
		return;
	}
	line = doctor_tell(part, DOCTOR_FAULT, "certificate", "%s",
			   choice->text);
	doctor_subject(line, profile->name);
	doctor_cause(line,
		     choice->cause ? choice->cause : "client-cert-missing");
}

static void tell(struct doctor_part *part, const struct aovpn_profile *profile,
		 const struct aovpn_candidates_choice *choice, bool whole)
{
	if (!choice->credential) {
		tell_none(part, profile, choice);
		return;
	}
	tell_chosen(part, profile, choice);
	if (whole)
		tell_key(part, choice);
}

void doctor_certificate(struct doctor_part *part,
			const struct aovpn_profile *profile, bool whole)
{
	const struct aovpn_candidates_secrets secrets = {.look = true};
	const char *closed = closed_to_us(part->doctor, profile);
	struct aovpn_candidates_choice *choice;
	struct aovpn_error error;
	json_t *line;
	int r;

	if (closed) {
		line = doctor_needs_root(part, "certificate", closed);
		doctor_subject(line, profile->name);
		return;
	}
	choice = calloc(1, sizeof(*choice));
	if (!choice)
		return;
	r = aovpn_candidates_choose(profile, &secrets, time(NULL), choice,
				    &error);
	if (r == 0) {
		tell(part, profile, choice, whole);
		aovpn_candidates_clear(choice);
	} else {
		line = doctor_tell(part, DOCTOR_FAULT, "certificate", "%s",
				   error.text);
		doctor_subject(line, profile->name);
		doctor_cause(line, "client-cert-missing");
	}
	free(choice);
}

void doctor_credential(struct doctor_part *part)
{
	doctor_certificate(part, &part->doctor->profile, true);
}
