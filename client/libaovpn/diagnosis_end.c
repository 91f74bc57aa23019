/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis_end.c - why a tunnel that was up has ended. See diagnosis.h. */
#include "rules.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "reach.h"

static bool end_local(const struct view *v, struct aovpn_outcome *out)
{
	const struct aovpn_cause *cause;

	if (!v->local_failure)
		return false;
	cause = aovpn_cause_find(v->local_failure->u.local_failure.cause);
	if (!cause)
		return false;
	finding_add(out, cause->slug, AOVPN_CERTAIN,
		    v->local_failure->u.local_failure.text, NULL);
	/* Whatever else took the tunnel away, to its user it was lost. */
	if (strcmp(cause->slug, "service-stopped") == 0 ||
	    strcmp(cause->slug, "suspended") == 0)
		return fail(out, cause->codes[0]);
	return fail(out, 829);
}

static bool end_by_user(const struct view *v, struct aovpn_outcome *out)
{
	(void)v;
	finding_add(out, "user-disconnected", AOVPN_CERTAIN,
		    "hang-up was asked for", NULL);
	return fail(out, 631);
}

/* A gateway forgets who does not answer for some minutes. */
static bool end_suspended(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->suspended)
		return false;
	snprintf(line, sizeof(line),
		 "this machine slept for %" PRIu64
		 " s, and the tunnel did not outlast that",
		 v->suspended->u.suspended.seconds);
	finding_add(out, "suspended", AOVPN_LIKELY, line, NULL);
	finding_add(out, v->peer_delete ? "peer-closed" : "link-lost",
		    AOVPN_POSSIBLE,
		    v->peer_delete ? "the gateway deleted the IKE_SA"
				   : "the gateway does not answer any more",
		    NULL);
	return fail(out, 833);
}

/* Is the address gone from which the tunnel went out, and did MOBIKE (RFC 4555)
 * not get an answer from another one since? */
static bool has_not_followed(const struct view *v)
{
	observation_ref gone = v->address_gone, answer = v->last_answer;

	return gone && (!answer || answer->flow.family == 0 ||
			memcmp(answer->flow.local, gone->flow.local,
			       sizeof(gone->flow.local)) == 0);
}

/* While MOBIKE looks for another way, charon gives up without a word. */
static bool end_moved(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX], address[INET6_ADDRSTRLEN];

	if (!has_not_followed(v) || v->peer_delete)
		return false;
	aovpn_address_text(v->address_gone->flow.family,
			   v->address_gone->flow.local, address,
			   sizeof(address));
	snprintf(line, sizeof(line),
		 "the tunnel went out from %s, which is no address of this "
		 "machine any more, and no answer came to another",
		 address);
	finding_add(out, "network-changed", AOVPN_LIKELY, line, NULL);
	finding_add(out, "link-lost", AOVPN_POSSIBLE,
		    "the gateway stopped answering", NULL);
	return fail(out, 829);
}

static bool end_unanswered(const struct view *v, struct aovpn_outcome *out)
{
	char refused[AOVPN_TEXT_MAX];

	if (!v->gave_up)
		return false;
	reach_send_failed_text(v, refused, sizeof(refused));
	finding_add(out, "link-lost", AOVPN_LIKELY,
		    "the gateway stopped answering", refused, NULL);
	ipsec_evidence(v, out, "link-lost", AOVPN_LIKELY);
	return fail(out, 829);
}

/* Neither IKE_SA nor tunnel outlives its keys. */
static bool end_not_renewed(const struct view *v, struct aovpn_outcome *out)
{
	char line[AOVPN_TEXT_MAX];

	if (!v->child_error)
		return false;
	snprintf(line, sizeof(line),
		 "the gateway answered notify %u%s when the keys were to be "
		 "renewed",
		 v->child_error,
		 v->child_error == NOTIFY_NO_PROPOSAL_CHOSEN
			 ? " (NO_PROPOSAL_CHOSEN)"
		 : v->child_error == NOTIFY_INVALID_KE_PAYLOAD
			 ? " (INVALID_KE_PAYLOAD)"
			 : "");
	finding_add(out, "child-rekey-failed", AOVPN_LIKELY, line, NULL);
	if (v->peer_delete)
		finding_add(out, "peer-closed", AOVPN_POSSIBLE,
			    "the gateway deleted the SA", NULL);
	return fail(out, 829);
}

static bool end_by_peer(const struct view *v, struct aovpn_outcome *out)
{
	if (!v->peer_delete)
		return false;
	finding_add(out, "peer-closed", AOVPN_LIKELY,
		    "the gateway deleted the IKE_SA", NULL);
	return fail(out, 629);
}

static void end_unknown(const struct view *v, struct aovpn_outcome *out)
{
	finding_add(out, "link-lost", AOVPN_POSSIBLE,
		    "charon ended the IKE_SA and nothing seen says why", NULL);
	ipsec_evidence(v, out, "link-lost", AOVPN_POSSIBLE);
	out->ras_code = 829;
}

void aovpn_diagnose_end(const struct aovpn_attempt *attempt, bool by_user,
			struct aovpn_outcome *ret)
{
	struct view view;

	view_read(attempt, &view);
	memset(ret, 0, sizeof(*ret));
	ret->event_id = AOVPN_EVENT_TERMINATED;
	ret->stage = AOVPN_STAGE_UP;
	if (!end_local(&view, ret) && !(by_user && end_by_user(&view, ret)) &&
	    !end_suspended(&view, ret) && !end_moved(&view, ret) &&
	    !end_unanswered(&view, ret) && !end_not_renewed(&view, ret) &&
	    !end_by_peer(&view, ret))
		end_unknown(&view, ret);
	lower_confidence(attempt, ret);
}
