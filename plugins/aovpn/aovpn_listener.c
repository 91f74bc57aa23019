/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * charon's bus events as observations; see aovpn_listener.h.
 */

#include "aovpn_listener.h"

#include <daemon.h>
#include <encoding/payloads/eap_payload.h>
#include <encoding/payloads/notify_payload.h>
#include <threading/thread_value.h>

#include "aovpn_alert.h"
#include "aovpn_compat.h"
#include "aovpn_eap_tls.h"
#include "aovpn_report.h"
#include "aovpn_sessions.h"

/**
 * What charon logs where the peer's signature does not verify under a key. There
 * may be other keys; there is no event for it, and ALERT_PEER_AUTH_FAILED, which
 * comes from the same thread if none of them verifies, does not say why.
 */
#define SIGNATURE_REFUSED "signature validation failed, looking for another key"

typedef struct private_aovpn_listener_t private_aovpn_listener_t;

/**
 * Private notify of Windows, MS-IKEE 2.2.7, in the range of RFC 7296 3.10.1
 * for private error types; its data is a Windows error code.
 */
#define NOTIFY_MS_STATUS 12345

/**
 * Hears what charon logs of signatures.
 */
typedef struct {

	/**
	 * Interface of the bus; first, for the bus hands it to METHODs.
	 */
	logger_t public;

	/**
	 * Unique id of the IKE_SA whose peer's signature this thread found wrong.
	 */
	thread_value_t *refused;

} signature_log_t;

METHOD(logger_t, vlog, void,
	signature_log_t *this, debug_t group, level_t level, int thread,
	ike_sa_t *ike_sa, const char *fmt, va_list args)
{
	/* called with the bus's lock held: take no other and log nothing */
	if (ike_sa && streq(fmt, SIGNATURE_REFUSED))
	{
		this->refused->set(this->refused,
						   (void*)(uintptr_t)ike_sa->get_unique_id(ike_sa));
	}
}

METHOD(logger_t, get_level, level_t,
	signature_log_t *this, debug_t group)
{
	return group == DBG_IKE ? 1 : LEVEL_SILENT;
}

/**
 * Was it this IKE_SA's?
 */
static bool is_refused(signature_log_t *this, ike_sa_t *ike_sa)
{
	return this->refused->get(this->refused) ==
				(void*)(uintptr_t)ike_sa->get_unique_id(ike_sa);
}

/**
 * Private data of an aovpn_listener_t object.
 */
struct private_aovpn_listener_t {

	/**
	 * Public interface.
	 */
	aovpn_listener_t public;

	/**
	 * Connections of ours.
	 */
	aovpn_registry_t *registry;

	/**
	 * Where observations go.
	 */
	aovpn_channel_t *channel;

	/**
	 * Why a peer was not authenticated, which no alert says.
	 */
	signature_log_t signatures;
};

/**
 * Begin an observation if the IKE_SA is ours.
 */
static bool begin(private_aovpn_listener_t *this, ike_sa_t *ike_sa,
				  uint32_t kind, struct aovpn_observation *o)
{
	aovpn_connection_t *connection;

	connection = this->registry->get(this->registry, ike_sa);
	if (!connection)
	{
		return FALSE;
	}
	connection->destroy(connection);
	aovpn_report_begin(kind, ike_sa, o);
	return TRUE;
}

/**
 * charon's state as the observation has it.
 */
static uint32_t map_state(ike_sa_state_t state)
{
	switch (state)
	{
		case IKE_CREATED:
			return AOVPN_IKE_CREATED;
		case IKE_CONNECTING:
			return AOVPN_IKE_CONNECTING;
		case IKE_ESTABLISHED:
			return AOVPN_IKE_ESTABLISHED;
		
		case IKE_DELETING:
			return AOVPN_IKE_DELETING;
		case IKE_DESTROYING:
			return AOVPN_IKE_DESTROYING;
		case IKE_PASSIVE:
		case IKE_REKEYING:
		case IKE_REKEYED:
			/* ike_rekey() has told of the IKE_SA that goes on */
			break;
	}
	return AOVPN_IKE_OTHER;
}

METHOD(listener_t, ike_state_change, bool,
	private_aovpn_listener_t *this, ike_sa_t *ike_sa, ike_sa_state_t state)
{
	struct aovpn_observation o;

	if (begin(this, ike_sa, AOVPN_OBS_IKE_STATE, &o))
	{
		o.u.ike_state.state = map_state(state);
		this->channel->report(this->channel, &o);
	}
	if (state == IKE_DESTROYING)
	{
		aovpn_eap_tls_forget(ike_sa);
		this->registry->forget(this->registry, ike_sa);
	}
	return TRUE;
}

/**
 * Bytes of a notify's data that are reported.
 */
#define NOTIFY_DATA_MAX 16

/**
 * Add a notify's data to the others' of a message.
 */
static void add_notify_data(struct aovpn_observation *o, uint16_t type,
							chunk_t data)
{
	char hex[2 * NOTIFY_DATA_MAX + 1] = "";
	size_t i;

	for (i = 0; i < data.len && i < NOTIFY_DATA_MAX; i++)
	{
		snprintf(hex + 2 * i, 3, "%02x", data.ptr[i]);
	}
	if (data.len)
	{
		aovpn_report_append(o->u.ike_message.notify_data,
							sizeof(o->u.ike_message.notify_data), "%u:%s",
							type, hex);
	}
}

/**
 * Add a notify to the observation of a message.
 */
static void add_notify(struct aovpn_observation *o, notify_payload_t *notify)
{
	uint16_t type = notify->get_notify_type(notify);
	chunk_t data = notify->get_notification_data(notify);

	if (o->u.ike_message.notify_count < AOVPN_NOTIFY_MAX)
	{
		o->u.ike_message.notify[o->u.ike_message.notify_count++] = type;
	}
	add_notify_data(o, type, data);
	if (type == NOTIFY_MS_STATUS && data.len == sizeof(uint32_t))
	{
		o->u.ike_message.has_ms_status = TRUE;
		o->u.ike_message.ms_status = untoh32(data.ptr);
	}
}

/**
 * Add what an EAP payload says to the observation of a message.
 */
static void add_eap(struct aovpn_observation *o, eap_payload_t *eap)
{
	aovpn_vendor_t vendor = 0;
	eap_type_t type = 0;

	o->u.ike_message.eap_code = eap->get_code(eap);
	if (o->u.ike_message.eap_code == EAP_REQUEST ||
		o->u.ike_message.eap_code == EAP_RESPONSE)
	{
		type = eap->get_type(eap, &vendor);
	}
	o->u.ike_message.eap_type = vendor ? EAP_EXPANDED : type;
}

/**
 * Add all payloads of interest.
 */
static void add_payloads(struct aovpn_observation *o, message_t *message)
{
	enumerator_t *enumerator;
	payload_t *payload;

	enumerator = message->create_payload_enumerator(message);
	while (enumerator->enumerate(enumerator, &payload))
	{
		switch (payload->get_type(payload))
		{
			case PLV2_NOTIFY:
				add_notify(o, (notify_payload_t*)payload);
				break;
			case PLV2_EAP:
				add_eap(o, (eap_payload_t*)payload);
				break;
			default:
				break;
		}
	}
	enumerator->destroy(enumerator);
}

METHOD(listener_t, message, bool,
	private_aovpn_listener_t *this, ike_sa_t *ike_sa, message_t *message,
	bool incoming, bool plain)
{
	struct aovpn_observation o;

	/* each message comes twice; encrypted it says nothing */
	if (plain && begin(this, ike_sa, AOVPN_OBS_IKE_MESSAGE, &o))
	{
		o.u.ike_message.incoming = incoming;
		o.u.ike_message.response = !message->get_request(message);
		o.u.ike_message.exchange = message->get_exchange_type(message);
		o.u.ike_message.message_id = message->get_message_id(message);
		add_payloads(&o, message);
		this->channel->report(this->channel, &o);
	}
	return TRUE;
}

/**
 * Report a retransmission.
 */
static void retransmit(private_aovpn_listener_t *this, ike_sa_t *ike_sa,
					   packet_t *packet, int count)
{
	struct aovpn_observation o;

	if (!begin(this, ike_sa, AOVPN_OBS_RETRANSMIT, &o))
	{
		return;
	}
	o.u.retransmit.given_up = count < 0;
	o.u.retransmit.count = this->registry->retransmits(this->registry, ike_sa,
													   count);
	o.u.retransmit.message_id = aovpn_alert_message_id(packet,
													   &o.u.retransmit.length);
	this->channel->report(this->channel, &o);
}

/**
 * Report any other alert. A session whose EAP exchange was accepted is not to be
 * trusted if the IKE authentication, which that exchange is part of, fails.
 */
static void other_alert(private_aovpn_listener_t *this, ike_sa_t *ike_sa,
						alert_t alert, va_list args)
{
	struct aovpn_observation o;

	if (!begin(this, ike_sa, AOVPN_OBS_ALERT, &o))
	{
		return;
	}
	if (alert == ALERT_LOCAL_AUTH_FAILED || alert == ALERT_PEER_AUTH_FAILED)
	{
		aovpn_sessions_drop(ike_sa->get_name(ike_sa));
	}
	if (alert == ALERT_PEER_AUTH_FAILED && is_refused(&this->signatures, ike_sa))
	{
		o.u.alert.alert = AOVPN_ALERT_PEER_SIGNATURE;
		this->channel->report(this->channel, &o);
	}
	aovpn_alert_fill(alert, args, &o);
	this->channel->report(this->channel, &o);
}

METHOD(listener_t, alert, bool,
	private_aovpn_listener_t *this, ike_sa_t *ike_sa, alert_t alert,
	va_list args)
{
	packet_t *packet;

	switch (alert)
	{
		case ALERT_RETRANSMIT_SEND:
			packet = va_arg(args, packet_t*);
			retransmit(this, ike_sa, packet, va_arg(args, int));
			break;
		case ALERT_RETRANSMIT_SEND_TIMEOUT:
			retransmit(this, ike_sa, va_arg(args, packet_t*), -1);
			break;
		default:
			other_alert(this, ike_sa, alert, args);
			break;
	}
	return TRUE;
}

/**
 * Virtual addresses.
 */
static void add_addresses(ike_sa_t *ike_sa, char *out, size_t size)
{
	enumerator_t *enumerator;
	host_t *host;

	enumerator = ike_sa->create_virtual_ip_enumerator(ike_sa, TRUE);
	while (enumerator->enumerate(enumerator, &host))
	{
		aovpn_report_append(out, size, "%H", host);
	}
	enumerator->destroy(enumerator);
}

/**
 * DNS servers, whether or not some plugin of charon has set them up.
 */
static void add_dns(ike_sa_t *ike_sa, char *out, size_t size)
{
	configuration_attribute_type_t type;
	enumerator_t *enumerator;
	host_t *host;
	chunk_t data;
	bool handled;
	int family;

	enumerator = ike_sa->create_attribute_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &type, &data, &handled))
	{
		if (type != INTERNAL_IP4_DNS && type != INTERNAL_IP6_DNS)
		{
			continue;
		}
		family = type == INTERNAL_IP4_DNS ? AF_INET : AF_INET6;
		host = host_create_from_chunk(family, data, 0);
		if (host)
		{
			aovpn_report_append(out, size, "%H", host);
			host->destroy(host);
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * Remote traffic selectors.
 */
static void add_networks(child_sa_t *child_sa, char *out, size_t size)
{
	traffic_selector_t *ts;
	enumerator_t *enumerator;

	enumerator = child_sa->create_ts_enumerator(child_sa, FALSE);
	while (enumerator->enumerate(enumerator, &ts))
	{
		aovpn_report_append(out, size, "%R", ts);
	}
	enumerator->destroy(enumerator);
}

/**
 * Subject of the certificate that the gateway has authenticated itself with.
 */
static void add_gateway_cert(ike_sa_t *ike_sa, char *out, size_t size)
{
	enumerator_t *enumerator;
	auth_cfg_t *auth;

	enumerator = ike_sa->create_auth_cfg_enumerator(ike_sa, FALSE);
	if (enumerator->enumerate(enumerator, &auth))
	{
		aovpn_report_subject(auth->get(auth, AUTH_RULE_SUBJECT_CERT), out,
							 size);
	}
	enumerator->destroy(enumerator);
}

/**
 * Fill in u.child_up.
 */
static void fill_child_up(ike_sa_t *ike_sa, child_sa_t *child_sa,
						  struct aovpn_observation *o)
{
	proposal_t *ike = ike_sa->get_proposal(ike_sa);
	proposal_t *esp = child_sa->get_proposal(child_sa);

	add_addresses(ike_sa, o->u.child_up.addresses,
				  sizeof(o->u.child_up.addresses));
	add_dns(ike_sa, o->u.child_up.dns, sizeof(o->u.child_up.dns));
	add_networks(child_sa, o->u.child_up.networks,
				 sizeof(o->u.child_up.networks));
	add_gateway_cert(ike_sa, o->u.child_up.gateway_cert,
					 sizeof(o->u.child_up.gateway_cert));
	aovpn_report_text(o->u.child_up.gateway_id,
					  sizeof(o->u.child_up.gateway_id), "%Y",
					  ike_sa->get_other_id(ike_sa));
	if (ike)
	{
		aovpn_report_text(o->u.child_up.ike_proposal,
						  sizeof(o->u.child_up.ike_proposal), "%P", ike);
	}
	if (esp)
	{
		aovpn_report_text(o->u.child_up.esp_proposal,
						  sizeof(o->u.child_up.esp_proposal), "%P", esp);
	}
}

METHOD(listener_t, child_updown, bool,
	private_aovpn_listener_t *this, ike_sa_t *ike_sa, child_sa_t *child_sa,
	bool up)
{
	struct aovpn_observation o;
	uint32_t kind = up ? AOVPN_OBS_CHILD_UP : AOVPN_OBS_CHILD_DOWN;

	if (begin(this, ike_sa, kind, &o))
	{
		if (up)
		{
			fill_child_up(ike_sa, child_sa, &o);
		}
		this->channel->report(this->channel, &o);
	}
	return TRUE;
}

/**
 * The connection goes on in a new IKE_SA, with another unique id.
 */
static void replaced(private_aovpn_listener_t *this, ike_sa_t *old,
					 ike_sa_t *new)
{
	struct aovpn_observation o;

	this->registry->inherit(this->registry, old, new);
	if (begin(this, new, AOVPN_OBS_IKE_STATE, &o))
	{
		o.u.ike_state.state = AOVPN_IKE_REKEYED;
		this->channel->report(this->channel, &o);
	}
}

METHOD(listener_t, ike_rekey, bool,
	private_aovpn_listener_t *this, ike_sa_t *old, ike_sa_t *new)
{
	replaced(this, old, new);
	return TRUE;
}

METHOD(listener_t, ike_reestablish_pre, bool,
	private_aovpn_listener_t *this, ike_sa_t *old, ike_sa_t *new)
{
	replaced(this, old, new);
	return TRUE;
}

METHOD(aovpn_listener_t, destroy, void,
	private_aovpn_listener_t *this)
{
	charon->bus->remove_logger(charon->bus, &this->signatures.public);
	this->signatures.refused->destroy(this->signatures.refused);
	free(this);
}

/*
 * Described in header
 */
aovpn_listener_t *aovpn_listener_create(aovpn_registry_t *registry,
										aovpn_channel_t *channel)
{
	private_aovpn_listener_t *this;

	INIT(this,
		.public = {
			.listener = {
				.alert = _alert,
				.ike_state_change = _ike_state_change,
				.message = _message,
				.child_updown = _child_updown,
				.ike_rekey = _ike_rekey,
				.ike_reestablish_pre = _ike_reestablish_pre,
			},
			.destroy = _destroy,
		},
		.registry = registry,
		.channel = channel,
		.signatures = {
			.public = {
				.vlog = _vlog,
				.get_level = _get_level,
			},
			.refused = thread_value_create(NULL),
		},
	);
	charon->bus->add_logger(charon->bus, &this->signatures.public);
	return &this->public;
}
