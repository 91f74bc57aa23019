/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diagnosis.h - from an attempt to its outcome: a pure function.
 *
 * The code is a function of stage and signal; causes explain it and are ranked
 * by local inspection. Nothing is fetched and nothing is remembered here: the
 * same attempt always gives the same outcome. Sources: the decision table of
 * this project's documentation (README, "What is proven"); RasClient's codes as
 * in the vocabulary.
 */
#ifndef AOVPN_DIAGNOSIS_H
#define AOVPN_DIAGNOSIS_H

#include "attempt.h"
#include "codes.h"

#define AOVPN_FINDINGS_MAX 8
#define AOVPN_EVIDENCE_MAX 4

/* RasClient's event ids. */
enum aovpn_event_id {
	AOVPN_EVENT_DIALLING = 20221,
	AOVPN_EVENT_CONNECTING = 20222,
	AOVPN_EVENT_DEVICE_LINK = 20223,
	AOVPN_EVENT_LINK = 20224,
	AOVPN_EVENT_CONNECTED = 20225,
	AOVPN_EVENT_TERMINATED = 20226,
	AOVPN_EVENT_FAILED = 20227,
	/* Of ours, as RasClient has none: no outcome, and nothing has failed.
	 */
	AOVPN_EVENT_HINT = 20298,    /* nobody has answered yet, and why */
	AOVPN_EVENT_WARNING = 20299, /* it is up, and something is wrong */
};

/* How far the dial came. */
enum aovpn_stage {
	AOVPN_STAGE_CREDENTIAL, /* nothing was sent */
	AOVPN_STAGE_RESOLVE,
	AOVPN_STAGE_REACH,
	AOVPN_STAGE_NEGOTIATE,
	AOVPN_STAGE_GATEWAY_AUTH,
	AOVPN_STAGE_EAP_IDENTITY,
	AOVPN_STAGE_EAP_TLS,
	AOVPN_STAGE_AUTHORIZE,
	AOVPN_STAGE_CONFIGURE,
	AOVPN_STAGE_UP,
};

struct aovpn_finding {
	const struct aovpn_cause *cause;
	enum aovpn_confidence confidence;
	char evidence[AOVPN_EVIDENCE_MAX][AOVPN_TEXT_MAX];
	uint32_t evidence_count;
};

struct aovpn_outcome {
	enum aovpn_event_id event_id;
	int32_t ras_code; /* 0: connected */
	enum aovpn_stage stage;
	struct aovpn_finding finding[AOVPN_FINDINGS_MAX]; /* likeliest first */
	uint32_t count;
	bool seen_on_wire; /* the causes rest on packets, drops or ICMP */
	/* The causes rest on what anybody on the way could have made up: none
	 * is certain, and none is ground enough to lower security. */
	bool forgeable;
	bool resumed; /* the TLS session of an earlier dial was */
	/* Where connected, what the tunnel is; points into the attempt. */
	const struct aovpn_observation *child_up;
};

/*
 * Diagnose an attempt that is over. The outcome of a dial that failed always
 * has a code and at least one cause ("unknown" where nothing fits). *ret
 * points into *attempt and into static tables.
 */
void aovpn_diagnose(const struct aovpn_attempt *attempt,
		    struct aovpn_outcome *ret);

/*
 * Diagnose a dial that still waits for an answer, as if it ended now: event
 * AOVPN_EVENT_HINT. Nothing is certain yet. Returns whether there is anything
 * to tell; *ret is set in any case.
 */
bool aovpn_diagnose_running(const struct aovpn_attempt *attempt,
			    struct aovpn_outcome *ret);

/*
 * Is something wrong with a tunnel that is up? attempt: what was seen since
 * then. Event AOVPN_EVENT_WARNING with the causes, and true, if so.
 */
bool aovpn_diagnose_up(const struct aovpn_attempt *attempt,
		       struct aovpn_outcome *ret);

/*
 * Has something decided the attempt that no packet which is still under way can
 * change: what a message of the gateway said, or this machine itself?
 */
bool aovpn_attempt_is_decided(const struct aovpn_attempt *attempt);

/*
 * Diagnose why an established connection ended: event 20226. by_user: the
 * daemon was asked to hang up.
 */
void aovpn_diagnose_end(const struct aovpn_attempt *attempt, bool by_user,
			struct aovpn_outcome *ret);

/*
 * Did the dial fail because the server refused us on the strength of an earlier
 * dial's TLS session, without having seen the certificate? Then a second try,
 * without a session, brings out what is behind it.
 */
bool aovpn_attempt_resumption_refused(const struct aovpn_attempt *attempt);

/* Did the gateway refuse, at last, to renew the keys of a tunnel that is up? It
 * will not outlive them. */
bool aovpn_attempt_not_renewed(const struct aovpn_attempt *attempt);

/* How far the dial has come so far, for showing progress. */
enum aovpn_stage aovpn_attempt_stage(const struct aovpn_attempt *attempt);

/*
 * May advice that lowers security stand beside the causes of this outcome? Not
 * where the dial ended on the network before the gateway had proved who it is:
 * anybody on the way could have made up that evidence.
 */
bool aovpn_may_lower_security(const struct aovpn_outcome *outcome);

/* "eap-tls" etc. */
const char *aovpn_stage_name(enum aovpn_stage stage);

#endif
