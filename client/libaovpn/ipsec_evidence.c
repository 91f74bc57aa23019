/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec_evidence.c - what the kernel's IPsec counted, in words. The names and
 * their meaning are those of Linux' Documentation/networking/xfrm_proc.rst.
 */
#include "view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct meaning {
	const char *name, *text;
};

static const struct meaning meanings[] = {
	{"XfrmInNoStates", "ESP came in for an SPI that is not here"},
	{"XfrmInStateProtoError",
	 "the authentication of a packet failed, so the keys differ or it was "
	 "changed on the way"},
	{"XfrmInStateSeqError",
	 "a packet came twice or too late for the replay window"},
	{"XfrmInStateModeError", "a packet of another mode came in"},
	{"XfrmInStateExpired", "a packet came in under keys that had expired"},
	{"XfrmInStateMismatch",
	 "ESP came in with UDP where it should have none, or without"},
	{"XfrmInStateInvalid", "a packet came in for an SA being removed"},
	{"XfrmInTmplMismatch",
	 "a packet came in by an SA that its policy does not ask for"},
	{"XfrmInNoPols", "a packet came in that no policy covers"},
	{"XfrmInPolBlock", "a policy of this machine blocks what came in"},
	{"XfrmInHdrError", "a packet with a damaged header came in"},
	{"XfrmInBufferError", "no memory for a packet that came in"},
	{"XfrmOutNoStates", "a packet was to go out and no SA was there"},
	{"XfrmOutStateProtoError", "a packet could not be encrypted"},
	{"XfrmOutStateSeqError", "an SA has used up its sequence numbers"},
	{"XfrmOutStateExpired", "a packet was to go out under expired keys"},
	{"XfrmOutPolBlock", "a policy of this machine blocks what goes out"},
	{"XfrmOutBundleGenError", "no way out was found for a packet"},
	{"XfrmAcquireError", "the kernel could not ask charon for an SA"},
};

static const char *meaning_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strcmp(meanings[i].name, name) == 0)
			return meanings[i].text;
	return "see the kernel's xfrm_proc.rst";
}

void ipsec_evidence(const struct view *view, struct aovpn_outcome *outcome,
		    const char *slug, enum aovpn_confidence confidence)
{
	char line[AOVPN_TEXT_MAX];
	observation_ref o;
	uint32_t i;

	for (i = 0; i < view->xfrm_error_count; i++) {
		o = view->xfrm_error[i];
		snprintf(line, sizeof(line),
			 "the kernel's IPsec counted %.40s %" PRIu64
			 " time%s: %.120s",
			 o->u.xfrm_error.name, o->u.xfrm_error.count,
			 o->u.xfrm_error.count == 1 ? "" : "s",
			 meaning_of(o->u.xfrm_error.name));
		finding_add(outcome, slug, confidence, line, NULL);
	}
}
