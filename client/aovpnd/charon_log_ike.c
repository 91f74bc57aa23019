/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_log_ike.c - charon's messages about IKE: the dial, its packets, how
 * the IKE_SA ends, and the tunnel. What it prints of an IKE message is taken
 * apart in charon_message.c.
 */
#include "charon_reading.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "charon_message.h"

/* --- the exchanges ---------------------------------------------------------
 */

/* What follows "NAME[ID]" of the IKE_SA that the message belongs to, NULL where
 * it speaks of another, as when that is rekeyed. */
static const char *after_ike_sa(const struct charon_found *found,
				const struct aovpn_observation *o,
				const char *then)
{
	char text[AOVPN_NAME_MAX + 64];
	size_t length;

	snprintf(text, sizeof(text), "%s[%u]%s", o->connection, o->ike_sa_id,
		 then);
	length = strlen(text);
	return strncmp(found->part, text, length) == 0 ? found->part + length
						       : NULL;
}

static int read_initiating(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	const char *to = after_ike_sa(found, o, " to ");

	if (!to)
		return -ENOENT;
	snprintf(log->server, sizeof(log->server), "%s", to);
	log->flow.family = charon_address_read(log->server, log->flow.remote);
	o->flow = log->flow;
	return charon_observe_state(o, AOVPN_IKE_CONNECTING);
}

static int read_unresolved(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	charon_found_copy(log->server, sizeof(log->server), found);
	log->end = CHARON_GAVE_UP;
	log->unresolved = true;
	return charon_observe_alert(o, AOVPN_ALERT_PEER_ADDR_FAILED,
				    log->server);
}

/* What is sent next, and whether it carries EAP-TLS. */
static int read_generating(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	char text[CHARON_TEXT_MAX];
	int r;

	charon_found_copy(text, sizeof(text), found);
	r = charon_message_read(text, false, o);
	if (r < 0)
		return r;
	log->message_id = o->u.ike_message.message_id;
	log->tls_answer = o->u.ike_message.eap_type == 13;
	return 0;
}

static int read_parsed(struct charon_log *log, const struct charon_found *found,
		       struct aovpn_observation *o)
{
	char text[CHARON_TEXT_MAX];

	(void)log;
	charon_found_copy(text, sizeof(text), found);
	return charon_message_read(text, true, o);
}

/* "FROM[PORT] to TO[PORT] (LENGTH bytes)". */
static int read_sending(struct charon_log *log,
			const struct charon_found *found,
			struct aovpn_observation *o)
{
	bool carries_tls = log->tls_answer;
	struct aovpn_flow flow;

	log->tls_answer = false;
	if (charon_packet_read(found->part, &flow, &log->length) < 0)
		return -ENOENT;
	log->flow = flow;
	o->flow = flow;
	return carries_tls ? charon_tls_sent(log, o) : -ENOENT;
}

static int read_retransmit(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	o->u.retransmit.count = (uint32_t)found->number[0];
	o->u.retransmit.message_id = (uint32_t)found->number[1];
	o->u.retransmit.length = log->length;
	return charon_observe(o, AOVPN_OBS_RETRANSMIT);
}

static int read_giving_up(struct charon_log *log,
			  const struct charon_found *found,
			  struct aovpn_observation *o)
{
	log->end = CHARON_GAVE_UP;
	o->u.retransmit.count = (uint32_t)found->number[0];
	o->u.retransmit.message_id = log->message_id;
	o->u.retransmit.given_up = 1;
	return charon_observe(o, AOVPN_OBS_RETRANSMIT);
}

/* Of IKE_SA_INIT, which the gateway asks for in another way every time (RFC
 * 7296 2.7, INVALID_KE_PAYLOAD; 2.6, cookies). charon says nothing more. */
static int read_no_more_tries(struct charon_log *log,
			      const struct charon_found *found,
			      struct aovpn_observation *o)
{
	(void)found;
	log->end = CHARON_GAVE_UP;
	return charon_observe_state(o, AOVPN_IKE_DESTROYING);
}

static int read_unreadable(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return charon_observe_alert(o, AOVPN_ALERT_PARSE_ERROR, "");
}

static int read_signature(struct charon_log *log,
			  const struct charon_found *found,
			  struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return charon_observe_alert(o, AOVPN_ALERT_PEER_SIGNATURE, "");
}

static int read_established(struct charon_log *log,
			    const struct charon_found *found,
			    struct aovpn_observation *o)
{
	(void)log;
	if (!after_ike_sa(found, o, " established between "))
		return -ENOENT;
	return charon_observe_state(o, AOVPN_IKE_ESTABLISHED);
}

/* That the gateway deletes: view.c takes it from its request. */
static int read_peer_delete(struct charon_log *log,
			    const struct charon_found *found,
			    struct aovpn_observation *o)
{
	(void)found;
	log->peer_deleted = true;
	o->u.ike_message.incoming = 1;
	o->u.ike_message.exchange = 37; /* INFORMATIONAL */
	return charon_observe(o, AOVPN_OBS_IKE_MESSAGE);
}

static int read_deleting(struct charon_log *log,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return charon_observe_state(o, AOVPN_IKE_DELETING);
}

static int read_reauthenticating(struct charon_log *log,
				 const struct charon_found *found,
				 struct aovpn_observation *o)
{
	(void)found;
	log->replaced = true;
	return charon_nothing(o);
}

static int read_child_failed(struct charon_log *log,
			     const struct charon_found *found,
			     struct aovpn_observation *o)
{
	(void)found;
	log->end = CHARON_CHILD_FAILED;
	return charon_observe_alert(o, AOVPN_ALERT_KEEP_ON_CHILD_SA_FAILURE,
				    "");
}

static int read_install_failed(struct charon_log *log,
			       const struct charon_found *found,
			       struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return charon_observe_alert(o, AOVPN_ALERT_INSTALL_CHILD_SA_FAILED, "");
}

/* --- the tunnel ------------------------------------------------------------
 */

/* The first two selected proposals are the IKE_SA's and the CHILD_SA's. */
static int read_proposal(struct charon_log *log,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	bool ike = strncmp(found->part, "IKE:", 4) == 0;
	char *out = ike ? log->tunnel.u.child_up.ike_proposal
			: log->tunnel.u.child_up.esp_proposal;

	if (out[0] == '\0')
		charon_found_copy(out, AOVPN_TEXT_MAX, found);
	return charon_nothing(o);
}

/* Behind what is there already. */
static void append(char *out, size_t size, const struct charon_found *found)
{
	size_t used = strlen(out);

	if (used + 3 < size)
		snprintf(out + used, size - used, "%s%.*s", used ? ", " : "",
			 (int)found->length, found->part);
}

static int read_virtual_ip(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	append(log->tunnel.u.child_up.addresses, AOVPN_TEXT_MAX, found);
	return charon_nothing(o);
}

/* "ADDRESS via resolvconf", "ADDRESS to /etc/resolv.conf". */
static int read_dns(struct charon_log *log, const struct charon_found *found,
		    struct aovpn_observation *o)
{
	struct charon_found address = *found;

	address.length = strcspn(found->part, " ");
	append(log->tunnel.u.child_up.dns, AOVPN_TEXT_MAX, &address);
	return charon_nothing(o);
}

/* "NAME{ID} established with SPIs SPI_i SPI_o and TS LOCAL === REMOTE". */
static int read_child_up(struct charon_log *log,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	const char *networks = charon_found_last(found, " === ");

	if (!charon_found_last(found, "} established with SPIs ") || !networks)
		return -ENOENT;
	networks += strlen(" === ");
	o->u = log->tunnel.u;
	snprintf(o->u.child_up.networks, sizeof(o->u.child_up.networks), "%.*s",
		 (int)(found->part + found->length - networks), networks);
	return charon_observe(o, AOVPN_OBS_CHILD_UP);
}

/* --- the table -------------------------------------------------------------
 */

const struct charon_reading charon_ike_readings[] = {
	{"IKE", "initiating IKE_SA ~", read_initiating},
	{"IKE", "unable to resolve ~, initiate aborted", read_unresolved},
	{"ENC", "generating ~", read_generating},
	{"ENC", "parsed ~", read_parsed},
	{"NET", "sending packet: from ~", read_sending},
	{"IKE", "retransmit # of request with message ID #", read_retransmit},
	{"IKE", "giving up after # retransmits", read_giving_up},
	{"IKE", "giving up after # retries", read_no_more_tries},
	{"IKE", "IKE_SA_INIT response with message ID # processing failed",
	 read_unreadable},
	{"IKE", "IKE_AUTH response with message ID # processing failed",
	 read_unreadable},
	{"IKE", "IKE_SA ~", read_established},
	{"IKE", "received DELETE for IKE_SA ...", read_peer_delete},
	{"IKE", "deleting IKE_SA ...", read_deleting},
	{"IKE", "reauthenticating IKE_SA ...", read_reauthenticating},
	{"IKE", "failed to establish CHILD_SA, keeping IKE_SA",
	 read_child_failed},
	{"IKE", "closing IKE_SA due CHILD_SA setup failure", read_child_failed},
	{"IKE", "unable to install ~IPsec SA (SAD) in kernel",
	 read_install_failed},
	{"IKE", "unable to install IPsec policies (SPD) in kernel",
	 read_install_failed},
	{"CFG", "selected proposal: ~", read_proposal},
	{"IKE", "installing new virtual IP ~", read_virtual_ip},
	{"IKE", "installing DNS server ~", read_dns},
	{"IKE", "CHILD_SA ~", read_child_up},
	{"IKE", "signature validation failed, looking for another key",
	 read_signature},
	{0},
};
