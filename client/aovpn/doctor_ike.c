/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_ike.c - aovpn doctor: who answers on UDP 500 and 4500 of an address,
 * and does he take the profile's proposals? RFC 7296 1.2, 2.23; RFC 7383.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "doctor_server.h"
#include "ike_vendor.h"
#include "packet.h"

/* --- ports ------------------------------------------------------------------
 */

static void tell_answer(struct doctor_target *target, const char *check,
			const struct exchange *x)
{
	json_t *line = target_tell(target, DOCTOR_OK, check,
				   "answers IKE_SA_INIT in %u ms%s", x->rtt_ms,
				   x->cookie ? ", after a cookie" : "");

	doctor_fact(line, "rtt_ms", json_integer(x->rtt_ms));
	doctor_fact(line, "cookie", json_boolean(x->cookie));
}

static void tell_port(struct doctor_target *target, const char *check,
		      const struct exchange *x)
{
	char why[512];
	const char *slug;

	if (x->state == EXCHANGE_ANSWERED && x->answer.cookie_size == 0) {
		tell_answer(target, check, x);
		return;
	}
	if (x->state == EXCHANGE_ANSWERED) {
		doctor_cause(target_tell(target, DOCTOR_FAULT, check,
					 "asks for a cookie, gets it, and asks "
					 "again"),
			     "gateway-overloaded");
		return;
	}
	slug = exchange_failure(target, x, why, sizeof(why));
	doctor_cause(target_tell(target, DOCTOR_FAULT, check, "%s", why), slug);
}

/* What a local packet filter does is seen where it refuses to send. */
static void tell_filter(struct doctor_target *target,
			const struct exchange *list, size_t count)
{
	size_t i;
	json_t *line;

	for (i = 0; i < count; i++)
		if (list[i].state == EXCHANGE_UNSENT &&
		    list[i].error == EPERM) {
			line = target_tell(target, DOCTOR_FAULT, "local-filter",
					   "refuses what is sent to UDP %u",
					   list[i].probe.flow.remote_port);
			doctor_cause(line, "local-firewall-out");
			return;
		}
	target_tell(target, DOCTOR_OK, "local-filter",
		    "lets UDP to 500 and 4500 out, from ports of doctor's own; "
		    "not tested: ESP, and what it does to answers beyond those "
		    "that came");
}

/* --- who it is --------------------------------------------------------------
 */

static json_t *vendor_list(const struct ike_answer *answer, bool *windows,
			   uint32_t *version)
{
	json_t *list = json_array();
	char text[2 * IKE_VENDOR_BYTES_MAX + 4];
	size_t size;
	uint32_t i;

	for (i = 0; i < answer->vendor_count; i++) {
		size = answer->vendor[i].size;
		if (size > IKE_VENDOR_BYTES_MAX)
			size = IKE_VENDOR_BYTES_MAX;
		*windows |= ike_vendor_is_windows(answer->vendor[i].data, size,
						  version);
		json_array_append_new(list, json_string(ike_vendor_text(
						    answer->vendor[i].data,
						    size, text, sizeof(text))));
	}
	return list;
}

static void tell_vendor(struct doctor_target *target,
			const struct ike_answer *answer)
{
	bool windows = false;
	uint32_t version = 0;
	json_t *vendors = vendor_list(answer, &windows, &version), *line;

	if (windows)
		line = target_tell(
			target, DOCTOR_OK, "gateway",
			"says that it is Windows (MS NT5 "
			"ISAKMPOAKLEY %u%s)",
			version, version >= 9 ? ": Server 2012 or later" : "");
	else
		line = target_tell(target, DOCTOR_OK, "gateway",
				   "does not say that it is Windows: another "
				   "product, or something before the gateway "
				   "answers for it");
	doctor_fact(line, "windows", json_boolean(windows));
	doctor_fact(line, "vendor_ids", vendors);
}

static void tell_fragmentation(struct doctor_target *target,
			       const struct ike_answer *answer)
{
	json_t *line;

	if (answer->fragmentation) {
		line = target_tell(target, DOCTOR_OK, "fragmentation",
				   "the gateway does IKE fragmentation");
	} else {
		line = target_tell(target, DOCTOR_WARNING, "fragmentation",
				   "the gateway does no IKE fragmentation: "
				   "large messages depend on IP fragments");
		doctor_cause(line, "fragments-lost");
	}
	doctor_fact(line, "supported", json_boolean(answer->fragmentation));
}

static void tell_nat(struct doctor_target *target,
		     const struct ike_answer *answer)
{
	const bool here = !answer->destination_fits;
	const bool there = !answer->source_fits;
	json_t *line;

	if (!answer->has_source || !answer->has_destination) {
		target_tell(target, DOCTOR_SKIPPED, "nat",
			    "the gateway did not say which addresses it sees");
		return;
	}
	line = target_tell(target, DOCTOR_OK, "nat", "%s",
			   here && there ? "there is NAT on both sides"
			   : here        ? "there is NAT on this side"
			   : there       ? "there is NAT before the gateway"
					 : "there is none between");
	doctor_fact(line, "here", json_boolean(here));
	doctor_fact(line, "there", json_boolean(there));
}

/* --- the profile's proposals ------------------------------------------------
 */

static void tell_accepted(struct doctor_target *target,
			  const struct ike_answer *answer)
{
	const bool weak = ike_proposal_is_weak(&answer->chosen);
	char chosen[256];
	json_t *line;

	ike_proposal_text(&answer->chosen, chosen, sizeof(chosen));
	line = target_tell(target, weak ? DOCTOR_WARNING : DOCTOR_OK,
			   "proposals", "of the profile's it takes %s%s",
			   chosen, weak ? ", which is weak" : "");
	doctor_fact_text(line, "chosen", chosen);
	doctor_fact(line, "weak", json_boolean(weak));
	if (weak)
		doctor_cause(line, "ike-proposal-mismatch");
}

static void tell_refused(struct doctor_target *target,
			 const struct ike_answer *answer)
{
	char name[64];
	json_t *line;

	if (answer->error == IKE_INVALID_KE_PAYLOAD) {
		line = target_tell(
			target, DOCTOR_FAULT, "proposals",
			"the gateway wants the group %s, which the "
			"profile does not allow",
			ike_group_text(answer->key_group, name, sizeof(name)));
		doctor_cause(line, "ike-group-refused");
		return;
	}
	line = target_tell(target, DOCTOR_FAULT, "proposals",
			   "the gateway refuses: %s",
			   ike_notify_text(answer->error, name, sizeof(name)));
	doctor_cause(line, answer->error == IKE_NO_PROPOSAL_CHOSEN
				   ? "ike-proposal-mismatch"
				   : "ike-invalid-message");
}

/* Where it wants another group of the profile's, it gets a key of that: as
 * charon does. */
static void ask_again(struct doctor_target *target, struct exchange *x)
{
	const uint16_t group = x->answer.key_group;
	struct exchange *again;

	if (x->state != EXCHANGE_ANSWERED ||
	    x->answer.error != IKE_INVALID_KE_PAYLOAD ||
	    !ike_offer_has_group(&target->offer, group))
		return;
	again = target_exchange(target, IKE_PORT, &target->offer, group);
	if (!again)
		return;
	exchanges_run(again, 1,
		      doctor_time_left(target->part->doctor, EXCHANGE_MS));
	if (again->state == EXCHANGE_ANSWERED)
		*x = *again;
}

static void tell_gateway(struct doctor_target *target,
			 const struct ike_answer *answer)
{
	if (answer->accepted) {
		tell_vendor(target, answer);
		tell_fragmentation(target, answer);
		tell_nat(target, answer);
		tell_accepted(target, answer);
	} else {
		tell_refused(target, answer);
	}
}

/* 4500 is asked without an IKE_SA coming of it. */
bool target_ike(struct doctor_target *target)
{
	const struct ike_offer *offer = &target->offer;
	struct exchange *x =
		target_exchange(target, IKE_PORT, offer,
				ike_proposal_group(&offer->proposal[0]));
	bool answers;

	if (!x) {
		target_tell(target, DOCTOR_SKIPPED, "udp-500",
			    "no request can be made: OpenSSL here has not the "
			    "group of the profile");
		return false;
	}
	target_question(target, IKE_NATT_PORT, offer);
	exchanges_run(target->list, target->count,
		      doctor_time_left(target->part->doctor, EXCHANGE_MS));
	tell_filter(target, target->list, target->count);
	tell_port(target, "udp-500", &x[0]);
	if (target->count > 1)
		tell_port(target, "udp-4500", &x[1]);
	ask_again(target, &x[0]);
	answers = x->state == EXCHANGE_ANSWERED && x->answer.cookie_size == 0;
	if (answers)
		tell_gateway(target, &x->answer);
	target_clear(target);
	return answers;
}
