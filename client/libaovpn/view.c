/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view.c - see view.h. One small function takes in each kind of fact. */
#include "view.h"

#include <string.h>

/* Keep the first of its kind. */
static void first(observation_ref *slot, observation_ref o)
{
	if (!*slot)
		*slot = o;
}

static bool has_notify(observation_ref o, uint16_t type)
{
	uint32_t i;

	for (i = 0; i < o->u.ike_message.notify_count; i++)
		if (o->u.ike_message.notify[i] == type)
			return true;
	return false;
}

/* The first error notify (types below 16384, RFC 7296 3.10.1) other than
 * Microsoft's private one, or 0. */
static uint16_t error_notify(observation_ref o)
{
	uint32_t i;
	uint16_t type;

	for (i = 0; i < o->u.ike_message.notify_count; i++) {
		type = o->u.ike_message.notify[i];
		if (type < 16384 && type != 12345)
			return type;
	}
	return 0;
}

/* No type at all, or another one than EAP-TLS once that has begun (RFC 3748
 * 2.1), breaks the protocol; another one before that is an offer. */
static void read_eap_request(struct view *v, observation_ref o)
{
	uint8_t type = o->u.ike_message.eap_type;

	if (type == EAP_TYPE_TLS || type == EAP_TYPE_NOTIFICATION)
		return;
	if (v->tls_started || type == 0)
		first(&v->eap_broken, o);
	else if (type != EAP_TYPE_IDENTITY)
		first(&v->other_type_asked, o);
}

static void read_eap_in(struct view *v, observation_ref o)
{
	switch (o->u.ike_message.eap_code) {
	case 0: /* no EAP in this message */
		break;
	case EAP_REQUEST:
		read_eap_request(v, o);
		break;
	case EAP_SUCCESS:
		first(&v->eap_success, o);
		break;
	case EAP_FAILURE:
		first(&v->eap_failure, o);
		break;
	default:
		first(&v->eap_broken, o);
		break;
	}
}

/* charon hands a request to its socket, for the first time or again. */
static void begin_transmission(struct view *v)
{
	v->transmissions++;
	v->last_refused = false;
}

/* A request is sent in several packets where it is fragmented (RFC 7383): one
 * that is refused is enough, but counts once. */
static void read_send_failed(struct view *v, observation_ref o)
{
	if (v->transmissions == 0) /* a response, or the request was lost */
		begin_transmission(v);
	v->send_failed = o;
	if (!v->last_refused)
		v->transmissions_refused++;
	v->last_refused = true;
}

/* charon has one request under way at a time (RFC 7296 2.3): if it is answered,
 * it got there, whatever became of its first copies. */
static void end_transmissions(struct view *v)
{
	v->send_failed = NULL;
	v->transmissions = v->transmissions_refused = 0;
	v->last_refused = false;
}

/* Nor did what was dropped before an answer. charon's own messages come late,
 * so that a drop that is older may be of the request that followed. */
static void forget_drops(struct view *v, observation_ref o)
{
	if (o->source == AOVPN_SOURCE_CHARON)
		return;
	v->drop_in = v->drop_out = NULL;
	v->drops_in = v->drops_out = 0;
}

/* AUTHENTICATION_FAILED in the midst of EAP ends it, as EAP-Failure does. */
static void read_end_of_eap(struct view *v, observation_ref o, uint16_t error)
{
	if (error != NOTIFY_AUTHENTICATION_FAILED || !v->identity_sent ||
	    v->eap_failure || v->eap_success || o->u.ike_message.eap_code != 0)
		return;
	v->eap_failure = o;
	v->eap_ended_by_notify = true;
}

static void read_response(struct view *v, observation_ref o)
{
	uint16_t error = error_notify(o);

	end_transmissions(v);
	forget_drops(v, o);
	v->last_answer = o;
	if (o->u.ike_message.exchange == IKE_SA_INIT &&
	    has_notify(o, NOTIFY_COOKIE)) {
		v->cookies++;
	} else if (o->u.ike_message.exchange == IKE_SA_INIT) {
		v->init_answer = o;
		v->init_error = error;
		v->fragmentation =
			has_notify(o, NOTIFY_FRAGMENTATION_SUPPORTED);
	} else if (o->u.ike_message.exchange == IKE_AUTH) {
		first(&v->auth_answer, o);
		if (error && !v->auth_error) {
			v->auth_error = error;
			v->auth_error_after_eap = v->eap_success != NULL;
		}
		read_eap_in(v, o);
		read_end_of_eap(v, o, error);
	} else if (o->u.ike_message.exchange == CREATE_CHILD_SA &&
		   error != NOTIFY_TEMPORARY_FAILURE &&
		   error != NOTIFY_CHILD_SA_NOT_FOUND) {
		/* The others are no verdict (RFC 7296 2.25): it tries again. */
		v->child_error = error;
	}
	if (o->u.ike_message.has_ms_status)
		first(&v->ms_status, o);
}

/* charon goes on from the first IKE_AUTH response only once the gateway's AUTH
 * has been verified (RFC 7296 2.16). */
static bool follows_authentication(observation_ref o)
{
	return o->u.ike_message.exchange == IKE_AUTH &&
	       o->u.ike_message.message_id > 1;
}

static void read_ike_message(struct view *v, observation_ref o)
{
	uint8_t exchange = o->u.ike_message.exchange;

	if (o->u.ike_message.incoming && o->u.ike_message.response) {
		read_response(v, o);
	} else if (o->u.ike_message.incoming) {
		if (exchange == INFORMATIONAL)
			v->peer_delete = o;
	} else if (!o->u.ike_message.response) {
		begin_transmission(v);
		v->init_sent += exchange == IKE_SA_INIT;
		v->auth_sent += exchange == IKE_AUTH;
		v->authenticated |= follows_authentication(o);
		if (o->u.ike_message.eap_code == EAP_RESPONSE &&
		    o->u.ike_message.eap_type == EAP_TYPE_IDENTITY)
			first(&v->identity_sent, o);
	}
}

static void read_retransmit(struct view *v, observation_ref o)
{
	v->retransmit = o;
	if (o->u.retransmit.count > v->retransmits)
		v->retransmits = o->u.retransmit.count;
	if (o->u.retransmit.length > v->largest_request)
		v->largest_request = o->u.retransmit.length;
	if (o->u.retransmit.given_up)
		v->gave_up = o;
	else
		begin_transmission(v);
}

static void read_alert(struct view *v, observation_ref o)
{
	switch ((enum aovpn_alert)o->u.alert.alert) {
	case AOVPN_ALERT_PEER_ADDR_FAILED:
		first(&v->resolve_failed, o);
		break;
	case AOVPN_ALERT_PEER_AUTH_FAILED:
		v->peer_auth_failed = true;
		break;
	case AOVPN_ALERT_CERT_NO_ISSUER:
	case AOVPN_ALERT_CERT_UNTRUSTED_ROOT:
	case AOVPN_ALERT_CERT_EXPIRED:
	case AOVPN_ALERT_CERT_REVOKED:
		first(&v->charon_cert, o);
		break;
	case AOVPN_ALERT_CERT_VALIDATION_FAILED:
		v->revocation_unknown = true;
		break;
	case AOVPN_ALERT_INSTALL_CHILD_SA_FAILED:
	case AOVPN_ALERT_INSTALL_CHILD_POLICY_FAILED:
		v->install_failed = true;
		break;
	case AOVPN_ALERT_PARSE_ERROR:
		v->parse_failed = true;
		break;
	case AOVPN_ALERT_PEER_SIGNATURE:
		v->signature_refused = true;
		break;
	case AOVPN_ALERT_LOCAL_AUTH_FAILED:
	case AOVPN_ALERT_PROPOSAL_MISMATCH_IKE:
	case AOVPN_ALERT_PROPOSAL_MISMATCH_CHILD:
	case AOVPN_ALERT_KEEP_ON_CHILD_SA_FAILURE:
	case AOVPN_ALERT_OTHER:
		/* Said more exactly by a message, or normal. */
		break;
	}
}

/* That we had no certificate to send is no end: what follows says more. */
static void read_tls_failed(struct view *v, observation_ref o)
{
	if (v->tls_failed &&
	    v->tls_failed->u.tls_state.library == AOVPN_LIBRARY_EAP &&
	    v->tls_failed->u.tls_state.reason == AOVPN_EAP_NO_CERTIFICATE)
		v->tls_failed = NULL;
	first(&v->tls_failed, o);
}

static void read_tls_alert(struct view *v, observation_ref o)
{
	if (o->u.tls_alert.sent)
		return;
	if (o->u.tls_alert.level == TLS_ALERT_FATAL)
		first(&v->alert_received, o);
	else if (o->u.tls_alert.description != TLS_CLOSE_NOTIFY)
		first(&v->alert_warning, o);
}

static void read_tls_state(struct view *v, observation_ref o)
{
	if (o->u.tls_state.state == AOVPN_TLS_STARTED)
		v->resumption_offered = o->u.tls_state.resumed;
	else if (o->u.tls_state.resumed)
		v->resumed = true;
	switch ((enum aovpn_tls_state)o->u.tls_state.state) {
	case AOVPN_TLS_STARTED:
		first(&v->tls_started, o);
		break;
	case AOVPN_TLS_CERTIFICATE_SENT:
		first(&v->certificate_sent, o);
		break;
	case AOVPN_TLS_FINISHED:
		first(&v->tls_finished, o);
		break;
	case AOVPN_TLS_ACCEPTED:
		first(&v->tls_accepted, o);
		break;
	case AOVPN_TLS_FAILED:
		read_tls_failed(v, o);
		break;
	case AOVPN_TLS_NO_METHOD:
		first(&v->other_type_asked, o);
		break;
	}
}

static void read_cert_refused(struct view *v, observation_ref o)
{
	if (o->u.cert_refused.role == AOVPN_CERT_GATEWAY)
		first(&v->gateway_refused, o);
	else if (o->u.cert_refused.role == AOVPN_CERT_NPS)
		first(&v->nps_refused, o);
}

static void read_packet(struct view *v, observation_ref o)
{
	if (o->kind == AOVPN_OBS_SEND)
		v->kernel_sent++;
	else if (!o->u.packet.incoming)
		v->kernel_left++;
	else if (o->u.packet.exchange == IKE_AUTH)
		v->auth_came++;
	if (!o->u.packet.incoming && o->u.packet.length > v->largest_request)
		v->largest_request = o->u.packet.length;
}

static void read_xfrm_error(struct view *v, observation_ref o)
{
	if (v->xfrm_error_count < VIEW_XFRM_ERRORS_MAX)
		v->xfrm_error[v->xfrm_error_count++] = o;
}

static void read_drop(struct view *v, observation_ref o)
{
	if (o->u.drop.elsewhere != 0) {
		first(&v->drop_elsewhere, o);
		v->drops_elsewhere++;
	} else if (o->u.drop.icmp_type != 0) {
		first(&v->icmp_dropped, o);
	} else if (o->u.drop.incoming) {
		first(&v->drop_in, o);
		v->drops_in++;
	} else {
		first(&v->drop_out, o);
		v->drops_out++;
	}
}

static bool same_connection(observation_ref a, observation_ref b)
{
	return a->flow.local_port == b->flow.local_port &&
	       a->flow.remote_port == b->flow.remote_port &&
	       memcmp(a->flow.remote, b->flow.remote, sizeof(a->flow.remote)) ==
		       0;
}

/* The end of a connection says more than a retransmission on the way to it. */
static void read_tcp(struct view *v, observation_ref o)
{
	uint32_t i;

	for (i = 0; i < v->tcp_count; i++)
		if (same_connection(v->tcp[i], o)) {
			v->tcp[i] = o;
			return;
		}
	if (v->tcp_count < VIEW_ASIDE_MAX)
		v->tcp[v->tcp_count++] = o;
}

/* Where two sources tell of a name, one of them may know the error. */
static void read_name_failed(struct view *v, observation_ref o)
{
	uint32_t i;

	for (i = 0; i < v->name_count; i++)
		if (strcmp(v->names[i]->u.name_failed.name,
			   o->u.name_failed.name) == 0) {
			if (v->names[i]->u.name_failed.gai_error == 0)
				v->names[i] = o;
			return;
		}
	if (v->name_count < VIEW_ASIDE_MAX)
		v->names[v->name_count++] = o;
}

static void read_one(struct view *v, observation_ref o)
{
	switch ((enum aovpn_observation_kind)o->kind) {
	case AOVPN_OBS_IKE_STATE:
		if (o->u.ike_state.state == AOVPN_IKE_ESTABLISHED)
			v->established = v->authenticated = true;
		break;
	case AOVPN_OBS_IKE_MESSAGE:
		read_ike_message(v, o);
		break;
	case AOVPN_OBS_RETRANSMIT:
		read_retransmit(v, o);
		break;
	case AOVPN_OBS_ALERT:
		read_alert(v, o);
		break;
	case AOVPN_OBS_TLS_STATE:
		read_tls_state(v, o);
		break;
	case AOVPN_OBS_TLS_ALERT:
		read_tls_alert(v, o);
		break;
	case AOVPN_OBS_CERT_REFUSED:
		read_cert_refused(v, o);
		break;
	case AOVPN_OBS_CA_LIST:
		v->ca_list = o;
		break;
	case AOVPN_OBS_CHILD_UP:
		v->child_up = o;
		break;
	case AOVPN_OBS_SEND_FAILED:
		read_send_failed(v, o);
		break;
	case AOVPN_OBS_CHILD_DOWN:
	case AOVPN_OBS_FRAGMENT: /* see reassembly.h */
	case AOVPN_OBS_TRIED:
	case AOVPN_OBS_KIND_END:
		break;
	case AOVPN_OBS_TCP:
		read_tcp(v, o);
		break;
	case AOVPN_OBS_NAME_FAILED:
		read_name_failed(v, o);
		break;
	case AOVPN_OBS_TUNNEL:
		v->tunnel = o;
		break;
	case AOVPN_OBS_SUSPENDED:
		v->suspended = o;
		break;
	case AOVPN_OBS_ADDRESS_GONE:
		v->address_gone = o;
		break;
	case AOVPN_OBS_CLOCK:
		first(&v->clock, o);
		break;
	case AOVPN_OBS_NEIGHBOUR_FAILED:
		first(&v->neighbour, o);
		break;
	case AOVPN_OBS_PACKET:
	case AOVPN_OBS_SEND:
		read_packet(v, o);
		break;
	case AOVPN_OBS_XFRM_ERROR:
		read_xfrm_error(v, o);
		break;
	case AOVPN_OBS_PACKET_DROPPED:
		read_drop(v, o);
		break;
	case AOVPN_OBS_ICMP_ERROR:
		v->icmp = o;
		break;
	case AOVPN_OBS_RESOLVED:
		if (o->u.resolved.gai_error != 0)
			v->resolve_failed = o;
		else
			v->resolved = o;
		break;
	case AOVPN_OBS_LOCAL_FAILURE:
		first(&v->local_failure, o);
		break;
	}
}

void view_read(const struct aovpn_attempt *attempt, struct view *ret)
{
	uint32_t i;

	memset(ret, 0, sizeof(*ret));
	ret->attempt = attempt;
	for (i = 0; i < attempt->count; i++)
		read_one(ret, &attempt->observations[i]);
}

/* Servers need not send a root, and whether one is trusted is another matter.
 */
bool view_knows_intermediate(const struct view *v, const char *name)
{
	const struct aovpn_chain_facts *chain = &v->attempt->chain;
	uint32_t i;

	for (i = 1; i < chain->count; i++)
		if (!chain->certificate[i].self_issued &&
		    strcmp(chain->certificate[i].subject, name) == 0)
			return true;
	return false;
}

bool view_resumption_refused(const struct view *v)
{
	if (!v->resumption_offered || v->certificate_sent || v->nps_refused ||
	    v->local_failure || v->child_up)
		return false;
	return v->eap_failure || v->alert_received || v->tls_failed ||
	       v->auth_error == NOTIFY_AUTHENTICATION_FAILED;
}

enum aovpn_stage view_stage(const struct view *v)
{
	if (v->child_up)
		return AOVPN_STAGE_UP;
	if (v->local_failure && v->init_sent == 0)
		return AOVPN_STAGE_CREDENTIAL;
	if (v->resolve_failed && v->init_sent == 0)
		return AOVPN_STAGE_RESOLVE;
	if ((v->eap_success && v->tls_accepted) || v->established)
		return AOVPN_STAGE_CONFIGURE;
	if (v->tls_accepted)
		return AOVPN_STAGE_AUTHORIZE;
	if (v->tls_started)
		return AOVPN_STAGE_EAP_TLS;
	if (v->identity_sent || v->eap_failure || v->eap_success)
		return AOVPN_STAGE_EAP_IDENTITY;
	if (v->gateway_refused || v->charon_cert || v->auth_answer)
		return AOVPN_STAGE_GATEWAY_AUTH;
	if (v->init_error || (v->init_answer && v->ms_status))
		return AOVPN_STAGE_NEGOTIATE;
	/* IKE_SA_INIT was answered but nothing after it: the answer could not
	 * be reached on UDP 4500. */
	return AOVPN_STAGE_REACH;
}
