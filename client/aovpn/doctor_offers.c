/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_offers.c - aovpn doctor: which proposals a gateway would take, asked
 * one by one without an IKE_SA coming of it (target_question).
 */
#include <stdio.h>
#include <string.h>

#include "doctor_server.h"
#include "packet.h"

/* What RRAS can be told to take, from its own weak defaults to the strongest
 * (Set-VpnServerConfiguration). */
static const struct {
	const char *words;
	bool weak;
} offers[] = {
	{"aes256gcm16-prfsha384-ecp384", false},
	{"aes256-sha384-ecp384", false},
	{"aes256-sha256-modp2048", false},
	{"aes128-sha256-modp2048", false},
	{"aes128gcm16-prfsha256-modp2048", false},
	{"aes256-sha1-modp2048", true},
	{"aes256-sha1-modp1024", true},
	{"3des-sha1-modp1024", true},
};

#define OFFERS (sizeof(offers) / sizeof(offers[0]))

void target_offers_add(struct doctor_target *target)
{
	struct ike_offer offer;
	size_t i;

	for (i = 0; i < OFFERS; i++)
		if (ike_offer_parse(offers[i].words, &offer, NULL) == 0)
			target_question(target, IKE_PORT, &offer);
}

/* Put the i-th into the list of those alike. */
static void sort(const struct exchange *x, size_t i, json_t *taken,
		 json_t *refused, json_t *unknown)
{
	struct ike_offer offer;
	int verdict;

	ike_offer_parse(offers[i].words, &offer, NULL);
	verdict = exchange_verdict(x, &offer);
	json_array_append_new(verdict == 1   ? taken
			      : verdict == 0 ? refused
					     : unknown,
			      json_string(offers[i].words));
}

static bool any_strong(const json_t *taken)
{
	const json_t *one;
	size_t i, j;

	json_array_foreach(taken, i, one)
	{
		for (j = 0; j < OFFERS; j++)
			if (!offers[j].weak && strcmp(json_string_value(one),
						      offers[j].words) == 0)
				return true;
	}
	return false;
}

static void join(const json_t *list, char *out, size_t size)
{
	const json_t *one;
	size_t i, used = 0;

	out[0] = '\0';
	json_array_foreach(list, i, one)
	{
		snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "",
			 json_string_value(one));
		used = strlen(out);
	}
}

static void tell(struct doctor_target *target, json_t *taken, json_t *refused,
		 json_t *unknown)
{
	const bool some = json_array_size(taken) > 0;
	const bool silent = json_array_size(refused) == 0 && !some;
	char text[512];
	json_t *line;

	join(taken, text, sizeof(text));
	if (silent)
		line = target_tell(target, DOCTOR_SKIPPED, "offers",
				   "the gateway did not say which others it "
				   "takes");
	else if (!some)
		line = target_tell(target, DOCTOR_WARNING, "offers",
				   "it takes none of the usual ones");
	else
		line = target_tell(
			target, any_strong(taken) ? DOCTOR_OK : DOCTOR_WARNING,
			"offers", "it would take %s%s", text,
			any_strong(taken) ? "" : ": all of them weak");
	if (!silent && !any_strong(taken))
		doctor_fix(line,
			   "On the gateway give IKE a stronger policy "
			   "(Set-VpnServerConfiguration -CustomPolicy); until "
			   "then WeakAlgorithms= in [IKE] of the profile "
			   "allows what is weak.");
	doctor_fact(line, "taken", taken);
	doctor_fact(line, "refused", refused);
	doctor_fact(line, "unknown", unknown);
}

/* They are the first of target's exchanges. */
void target_offers_tell(struct doctor_target *target)
{
	json_t *taken = json_array(), *refused = json_array(),
	       *unknown = json_array();
	size_t i;

	for (i = 0; i < OFFERS && i < target->count; i++)
		sort(&target->list[i], i, taken, refused, unknown);
	tell(target, taken, refused, unknown);
}
