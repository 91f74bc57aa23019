/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rras_plugin.c - makes the lab's strongSwan gateway resemble Windows RRAS.
 *
 * A bus listener that changes IKEv2 responses before they are
 * sent:
 *
 *  - IKE_SA_INIT: adds vendor IDs that Windows sends (MS-IKEE, appendix note
 *    on 2.2.x "vendor ID payload": NT5 ISAKMPOAKLEY with version 9,
 *    MS-Negotiation Discovery Capable, Vid-Initial-Contact).
 *  - IKE_AUTH that carries EAP-Failure or AUTHENTICATION_FAILED: adds the
 *    private error notify 12345 (MS-IKEE 2.2.7) whose four bytes of data, in
 *    network order, are a Windows error code.
 *
 *  - one IKE_AUTH: puts one notify in the place of all that it holds, such as
 *    FAILED_CP_REQUIRED (RFC 7296 3.10.1), which strongSwan itself never sends.
 *
 *  - the first IKE_AUTH: spoils the signature by which the gateway proves its
 *    key (RFC 7296 2.15), as if that did not fit its certificate.
 *
 * Settings in strongswan.conf: plugins.rras.vendor_ids (yes), .ms_status (0:
 * none), .notify ("TYPE@ID", the notify's type and the IKE_AUTH's message id; ""
 * none), .spoil_auth (no).
 *
 * Unproven: in which of its messages real RRAS sends notify 12345, beside or
 * instead of which payload, and with what code for which failure. Here it is
 * always beside. Nothing in this file was compared with a Windows server.
 */
#include <daemon.h>
#include <encoding/payloads/auth_payload.h>
#include <encoding/payloads/eap_payload.h>
#include <encoding/payloads/notify_payload.h>
#include <encoding/payloads/vendor_id_payload.h>
#include <plugins/plugin.h>

typedef struct rras_listener_t rras_listener_t;
typedef struct private_rras_plugin_t private_rras_plugin_t;

/**
 * Sees every message on its way.
 */
struct rras_listener_t {

	/**
	 * Interface of the bus; first, for the bus hands it to METHODs.
	 */
	listener_t public;

	/**
	 * Windows error code to send with a refusal, 0: none.
	 */
	uint32_t ms_status;

	/**
	 * Add the vendor IDs?
	 */
	bool vendor_ids;

	/**
	 * Type of the notify to answer with instead, 0: none.
	 */
	int notify;

	/**
	 * Message id of the IKE_AUTH that is answered so.
	 */
	uint32_t message_id;

	/**
	 * Spoil the gateway's own signature?
	 */
	bool spoil_auth;
};

/**
 * The plugin.
 */
struct private_rras_plugin_t {

	/**
	 * Public interface.
	 */
	plugin_t public;

	/**
	 * The one listener.
	 */
	rras_listener_t listener;
};

/**
 * MS-IKEE: vendor IDs of Windows 8 / Server 2012 and later.
 */
static const chunk_t vendor_ids[] = {
	chunk_from_chars(0x1e, 0x2b, 0x51, 0x69, 0x05, 0x99, 0x1c, 0x7d,
			 0x7c, 0x96, 0xfc, 0xbf, 0xb5, 0x87, 0xe4, 0x61,
			 0x00, 0x00, 0x00, 0x09),
	chunk_from_chars(0xfb, 0x1d, 0xe3, 0xcd, 0xf3, 0x41, 0xb7, 0xea,
			 0x16, 0xb7, 0xe5, 0xbe, 0x08, 0x55, 0xf1, 0x20),
	chunk_from_chars(0x26, 0x24, 0x4d, 0x38, 0xed, 0xdb, 0x61, 0xb3,
			 0x17, 0x2a, 0x36, 0xe3, 0xd0, 0xcf, 0xb8, 0x19),
};

/**
 * Does this IKE_AUTH response refuse the client?
 */
static bool is_refusal(message_t *message)
{
	eap_payload_t *eap;

	eap = (eap_payload_t *)message->get_payload(message, PLV2_EAP);
	if (eap && eap->get_code(eap) == EAP_FAILURE)
	{
		return TRUE;
	}
	return message->get_notify(message, AUTHENTICATION_FAILED) != NULL;
}

static void add_vendor_ids(message_t *message)
{
	vendor_id_payload_t *vid;
	size_t i;

	for (i = 0; i < countof(vendor_ids); i++)
	{
		vid = vendor_id_payload_create_data(PLV2_VENDOR_ID,
						chunk_clone(vendor_ids[i]));
		message->add_payload(message, &vid->payload_interface);
	}
}

static void add_ms_status(rras_listener_t *this, message_t *message)
{
	uint32_t status = htonl(this->ms_status);

	message->add_notify(message, FALSE, MS_NOTIFY_STATUS,
						chunk_from_thing(status));
}

/**
 * Is this the response that only a notify stands in?
 */
static bool is_replaced(rras_listener_t *this, message_t *message)
{
	return this->notify &&
		   message->get_exchange_type(message) == IKE_AUTH &&
		   message->get_message_id(message) == this->message_id;
}

/**
 * Change the last byte of the AUTH payload's data.
 */
static void spoil_auth(message_t *message)
{
	auth_payload_t *auth;
	chunk_t data;

	auth = (auth_payload_t *)message->get_payload(message, PLV2_AUTH);
	if (auth)
	{
		data = chunk_clonea(auth->get_data(auth));
		data.ptr[data.len - 1] ^= 1;
		auth->set_data(auth, data);
	}
}

METHOD(listener_t, message_, bool,
	rras_listener_t *this, ike_sa_t *ike_sa, message_t *message,
	bool incoming, bool plain)
{
	if (incoming || !plain || message->get_request(message))
	{
		return TRUE;
	}
	if (is_replaced(this, message))
	{
		message->add_notify(message, TRUE, this->notify, chunk_empty);
	}
	if (this->spoil_auth && message->get_exchange_type(message) == IKE_AUTH)
	{
		spoil_auth(message);
	}
	if (message->get_exchange_type(message) == IKE_SA_INIT &&
		this->vendor_ids)
	{
		add_vendor_ids(message);
	}
	if (message->get_exchange_type(message) == IKE_AUTH &&
		this->ms_status && is_refusal(message))
	{
		add_ms_status(this, message);
	}
	return TRUE;
}

/**
 * Feature callback: start and stop listening.
 */
static bool listen_cb(private_rras_plugin_t *this, plugin_feature_t *feature,
					  bool reg, void *data)
{
	if (reg)
	{
		charon->bus->add_listener(charon->bus, &this->listener.public);
	}
	else
	{
		charon->bus->remove_listener(charon->bus, &this->listener.public);
	}
	return TRUE;
}

METHOD(plugin_t, get_name, char*,
	private_rras_plugin_t *this)
{
	return "rras";
}

METHOD(plugin_t, get_features, int,
	private_rras_plugin_t *this, plugin_feature_t *features[])
{
	static plugin_feature_t f[] = {
		PLUGIN_CALLBACK((plugin_feature_callback_t)listen_cb, NULL),
			PLUGIN_PROVIDE(CUSTOM, "rras"),
	};
	*features = f;
	return countof(f);
}

METHOD(plugin_t, destroy, void,
	private_rras_plugin_t *this)
{
	free(this);
}

/**
 * Read TYPE@ID.
 */
static void read_notify(rras_listener_t *this, char *text)
{
	if (sscanf(text, "%d@%u", &this->notify, &this->message_id) < 2)
	{
		this->notify = 0;
	}
}

/* Compiled with -fvisibility=hidden; charon must find the constructor. */
#pragma GCC visibility push(default)

/**
 * Constructor, found by its name; from 6.0.3 on with a version beside it.
 */
#ifdef PLUGIN_DEFINE
PLUGIN_DEFINE(rras)
#else
plugin_t *rras_plugin_create(void);
plugin_t *rras_plugin_create(void)
#endif
{
	private_rras_plugin_t *this;

	INIT(this,
		.public = {
			.get_name = _get_name,
			.get_features = _get_features,
			.destroy = _destroy,
		},
		.listener = {
			.public = {
				.message = _message_,
			},
			.ms_status = lib->settings->get_int(lib->settings,
						"%s.plugins.rras.ms_status", 0, lib->ns),
			.vendor_ids = lib->settings->get_bool(lib->settings,
						"%s.plugins.rras.vendor_ids", TRUE, lib->ns),
			.spoil_auth = lib->settings->get_bool(lib->settings,
						"%s.plugins.rras.spoil_auth", FALSE, lib->ns),
		},
	);
	read_notify(&this->listener, lib->settings->get_str(lib->settings,
						"%s.plugins.rras.notify", "", lib->ns));
	return &this->public;
}

#pragma GCC visibility pop
