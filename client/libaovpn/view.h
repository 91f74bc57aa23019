/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - what diagnosis asks of an attempt, gathered in one pass.
 *
 * Private to libaovpn: rules read this instead of walking the observations.
 */
#ifndef AOVPN_VIEW_H
#define AOVPN_VIEW_H

#include "attempt.h"
#include "diagnosis.h"

/* IKEv2 exchange types and notify types, RFC 7296 3.1 and 3.10.1; the last is
 * MS-IKEE 2.2.7. */
enum {
	IKE_SA_INIT = 34,
	IKE_AUTH = 35,
	CREATE_CHILD_SA = 36,
	INFORMATIONAL = 37,
	NOTIFY_CRITICAL_PAYLOAD = 1,
	NOTIFY_INVALID_MAJOR_VERSION = 5,
	NOTIFY_INVALID_SYNTAX = 7,
	NOTIFY_NO_PROPOSAL_CHOSEN = 14,
	NOTIFY_INVALID_KE_PAYLOAD = 17,
	NOTIFY_AUTHENTICATION_FAILED = 24,
	NOTIFY_SINGLE_PAIR_REQUIRED = 34,
	NOTIFY_INTERNAL_ADDRESS_FAILURE = 36,
	NOTIFY_FAILED_CP_REQUIRED = 37,
	NOTIFY_TS_UNACCEPTABLE = 38,
	NOTIFY_TEMPORARY_FAILURE = 43,
	NOTIFY_CHILD_SA_NOT_FOUND = 44,
	NOTIFY_COOKIE = 16390,
	NOTIFY_FRAGMENTATION_SUPPORTED = 16430,
	EAP_REQUEST = 1,
	EAP_RESPONSE = 2,
	EAP_SUCCESS = 3,
	EAP_FAILURE = 4,
	EAP_TYPE_IDENTITY = 1,
	EAP_TYPE_NOTIFICATION = 2,
	EAP_TYPE_NAK = 3,
	EAP_TYPE_TLS = 13,
	TLS_ALERT_FATAL = 2, /* RFC 5246 7.2 */
	TLS_CLOSE_NOTIFY = 0,
};

#define VIEW_XFRM_ERRORS_MAX 4

typedef const struct aovpn_observation *observation_ref;

#define VIEW_ASIDE_MAX 4

/* NULL or 0: not seen. "first" and "last" are by time. */
struct view {
	const struct aovpn_attempt *attempt;

	observation_ref local_failure;
	observation_ref resolve_failed;
	observation_ref clock;     /* as it was before the dial */
	observation_ref tunnel;    /* the last look at it */
	observation_ref suspended; /* the last time that the machine slept */
	observation_ref child_up;
	observation_ref address_gone; /* from which the tunnel went out */
	observation_ref resolved;     /* the name, well */
	bool established;             /* the IKE_SA */
	/* The gateway has proved who it is. Whatever came before, anybody on
	 * the way could have sent. */
	bool authenticated;

	uint32_t init_sent; /* IKE_SA_INIT requests that charon made */
	uint32_t auth_sent;
	observation_ref init_answer; /* an IKE_SA_INIT response that is no mere
					demand for a cookie */
	uint32_t cookies;            /* how often a cookie was demanded */
	observation_ref auth_answer; /* the first IKE_AUTH response */
	observation_ref last_answer; /* of any exchange */
	observation_ref gave_up;     /* retransmission given up */
	observation_ref retransmit;  /* the last one */
	uint32_t retransmits;        /* highest count of one message */
	uint32_t largest_request;    /* bytes, IKE */
	bool fragmentation;          /* both sides agreed on RFC 7383 */

	/* Since the gateway's last answer: how often charon sent the request,
	 * and how often the kernel refused that. */
	uint32_t transmissions, transmissions_refused;
	bool last_refused;           /* the last of them */
	observation_ref send_failed; /* the last refusal, with its errno */

	/* Error notifies in responses (below 16384), by where they stood. */
	uint16_t init_error;
	uint16_t auth_error;
	bool auth_error_after_eap; /* in the response that followed success */
	uint16_t child_error; /* to the last attempt to renew keys that had a
				 lasting answer, 0: it was taken */
	observation_ref ms_status;
	observation_ref peer_delete; /* INFORMATIONAL request of the peer */

	/* EAP as the peer drove it. */
	observation_ref identity_sent;
	observation_ref other_type_asked; /* not identity, not EAP-TLS */
	observation_ref eap_broken;       /* type or code that may not be */
	observation_ref tls_started;
	observation_ref ca_list; /* the server's, last seen */
	observation_ref certificate_sent;
	observation_ref tls_finished;
	observation_ref tls_accepted;
	observation_ref tls_failed;
	observation_ref alert_received; /* TLS, fatal */
	bool resumption_offered;        /* of a TLS session */
	bool resumed;                   /* and the server took it */
	observation_ref alert_warning;  /* TLS 1.2, not fatal */
	observation_ref eap_failure;
	bool eap_ended_by_notify; /* it is AUTHENTICATION_FAILED that ended it,
				     and no EAP-Failure came */
	observation_ref eap_success;

	observation_ref gateway_refused; /* CERT_REFUSED, role gateway */
	observation_ref nps_refused;     /* CERT_REFUSED, role NPS */
	observation_ref charon_cert;     /* charon's own ALERT_CERT_* */
	bool peer_auth_failed;
	bool signature_refused;  /* the gateway's, by which it proves its key */
	bool revocation_unknown; /* charon could not check some certificate */
	bool install_failed;
	bool parse_failed; /* charon could not read a message of the gateway */

	/* The kernel's and ICMP's part. */
	uint32_t kernel_sent; /* handed to the socket */
	uint32_t kernel_left; /* seen leaving after netfilter */
	/* The first packet to the gateway, and of it, that was dropped here
	 * since its last answer, and how many were. */
	observation_ref drop_out, drop_in;
	uint32_t drops_out, drops_in;
	observation_ref icmp;         /* the last one */
	uint32_t auth_came;           /* IKE_AUTH answers delivered to charon */
	observation_ref icmp_dropped; /* first that was dropped here */
	observation_ref drop_elsewhere; /* first in another namespace */
	uint32_t drops_elsewhere;
	observation_ref neighbour; /* first that did not answer */
	/* charon's own connections and look-ups that failed: each once. */
	observation_ref tcp[VIEW_ASIDE_MAX];
	observation_ref names[VIEW_ASIDE_MAX];
	uint32_t tcp_count, name_count;
	observation_ref xfrm_error[VIEW_XFRM_ERRORS_MAX]; /* the first ones */
	uint32_t xfrm_error_count;
};

/* Fill *ret from attempt; it points into the attempt. */
void view_read(const struct aovpn_attempt *attempt, struct view *ret);

/* How far the dial came by what the view shows. */
enum aovpn_stage view_stage(const struct view *view);

/* Did the server refuse us in a handshake in which we had offered a TLS session
 * and shown no certificate? Then nothing is known of what it would say to the
 * certificate. */
bool view_resumption_refused(const struct view *view);

/*
 * Add the cause that this machine's clock is wrong, ahead of the time or behind
 * it, where there is evidence for that. Returns whether there is.
 * clock_doubt adds it as possible where there is none, and nobody has confirmed
 * the clock (clock_findings.c).
 */
bool clock_findings(const struct view *view, bool ahead,
		    struct aovpn_outcome *outcome);
void clock_doubt(const struct view *view, struct aovpn_outcome *outcome);

/* Has a web server said about the same time? */
bool clock_is_confirmed(const struct view *view);

/*
 * Is name (RFC 2253) that of an intermediate CA above our own certificate? Then
 * such a CA exists, and a server whose certificate names it as its issuer
 * should have sent the CA's certificate.
 */
bool view_knows_intermediate(const struct view *view, const char *name);

/*
 * Add a cause to the outcome with the evidence lines given up to NULL (each
 * escaped and cut). A cause that stands already only gains the evidence and the
 * higher confidence. A slug that is not in the vocabulary is a programming
 * error and ends the process.
 */
void finding_add(struct aovpn_outcome *outcome, const char *slug,
		 enum aovpn_confidence confidence, ...)
	__attribute__((sentinel));

/*
 * What the kernel's IPsec counted as errors, as more evidence for a cause that
 * stands already: the counters are of the whole machine, so they found none by
 * themselves (ipsec_evidence.c).
 */
void ipsec_evidence(const struct view *view, struct aovpn_outcome *outcome,
		    const char *slug, enum aovpn_confidence confidence);

/* Rank what local inspection of the client's certificate chain gives as reason
 * for an NPS server to refuse it (chain_findings.c). */
void chain_findings(const struct view *view, struct aovpn_outcome *outcome);

/* The same of one cause only. */
void chain_findings_of(const struct view *view, const char *slug,
		       struct aovpn_outcome *outcome);

/* Say, as more evidence for a cause that stands, which defects do not count
 * because they were there at the last success, too. */
void chain_findings_excused(const struct view *view,
			    struct aovpn_outcome *outcome);

/* Add dns-wrong-answer with this confidence where the gateway has another
 * address than at the last success (history_findings.c). */
void history_address_finding(const struct view *view,
			     struct aovpn_outcome *outcome,
			     enum aovpn_confidence confidence);

#endif
