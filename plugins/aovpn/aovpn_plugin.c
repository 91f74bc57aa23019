/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Registers the plugin's parts; see aovpn_plugin.h.
 */

#include "aovpn_plugin.h"

#include <daemon.h>

#include "aovpn_channel.h"
#include "aovpn_crls.h"
#include "aovpn_creds.h"
#include "aovpn_crypto.h"
#include "aovpn_dns.h"
#include "aovpn_eap_tls.h"
#include "aovpn_fetch.h"
#include "aovpn_gateway.h"
#include "aovpn_held_key.h"
#include "aovpn_listener.h"
#include "aovpn_registry.h"
#include "aovpn_send.h"
#include "aovpn_sessions.h"
#include "aovpn_version.h"

typedef struct private_aovpn_plugin_t private_aovpn_plugin_t;

/**
 * Private data of an aovpn_plugin_t object.
 */
struct private_aovpn_plugin_t {

	/**
	 * Public interface.
	 */
	aovpn_plugin_t public;

	/**
	 * The connections that are ours.
	 */
	aovpn_registry_t *registry;

	/**
	 * Socket to the daemon.
	 */
	aovpn_channel_t *channel;

	/**
	 * Roots of gateways, offered to charon.
	 */
	aovpn_creds_t *creds;

	/**
	 * Reports what happens on charon's bus.
	 */
	aovpn_listener_t *listener;

	/**
	 * Holds gateways to the profile.
	 */
	aovpn_gateway_t *gateway;

	/**
	 * Reports what charon cannot send.
	 */
	aovpn_send_t *send;

	/**
	 * Reports what charon cannot fetch.
	 */
	aovpn_fetch_t *fetch;

	/**
	 * Asks for DNS servers.
	 */
	aovpn_dns_t *dns;
};

METHOD(plugin_t, get_name, char*,
	private_aovpn_plugin_t *this)
{
	return "aovpn";
}

/**
 * Build up all parts, in the order in which they depend on each other.
 */
static bool set_up(private_aovpn_plugin_t *this)
{
	if (!aovpn_crypto_init())
	{
		return FALSE;
	}
	if (!aovpn_held_key_init())
	{
		aovpn_crypto_deinit();
		return FALSE;
	}
	aovpn_crls_init();
	aovpn_sessions_init();
	this->registry = aovpn_registry_create();
	this->channel = aovpn_channel_create(this->registry);
	this->creds = aovpn_creds_create(this->registry);
	this->listener = aovpn_listener_create(this->registry, this->channel);
	this->gateway = aovpn_gateway_create(this->registry, this->channel);
	this->send = aovpn_send_create(this->registry, this->channel);
	this->fetch = aovpn_fetch_create(this->registry, this->channel);
	this->dns = aovpn_dns_create(this->registry);
	aovpn_eap_tls_init(this->registry, this->channel);

	charon->attributes->add_handler(charon->attributes, &this->dns->handler);
	lib->credmgr->add_set(lib->credmgr, &this->creds->set);
	/* the gateway is checked before its events are reported by others */
	charon->bus->add_listener(charon->bus, &this->gateway->listener);
	charon->bus->add_listener(charon->bus, &this->listener->listener);
	this->channel->start(this->channel);
	return TRUE;
}

/**
 * Take everything down again. charon has no threads left by now.
 */
static void tear_down(private_aovpn_plugin_t *this)
{
	charon->bus->remove_listener(charon->bus, &this->listener->listener);
	charon->bus->remove_listener(charon->bus, &this->gateway->listener);
	lib->credmgr->remove_set(lib->credmgr, &this->creds->set);
	charon->attributes->remove_handler(charon->attributes, &this->dns->handler);
	aovpn_eap_tls_init(NULL, NULL);
	this->dns->destroy(this->dns);
	this->fetch->destroy(this->fetch);
	this->send->destroy(this->send);
	this->gateway->destroy(this->gateway);
	this->listener->destroy(this->listener);
	this->creds->destroy(this->creds);
	this->channel->destroy(this->channel);
	this->registry->destroy(this->registry);
	aovpn_sessions_deinit();
	aovpn_crls_deinit();
	aovpn_held_key_deinit();
	aovpn_crypto_deinit();
}

/**
 * (Un-)register everything but the EAP method. This is a feature and not the
 * constructor, because OpenSSL's objects and strongSwan's certificates must be
 * gone before the plugins that implement them are unloaded.
 */
static bool register_parts(private_aovpn_plugin_t *this,
						   plugin_feature_t *feature, bool reg, void *data)
{
	if (reg)
	{
		return set_up(this);
	}
	tear_down(this);
	return TRUE;
}

METHOD(plugin_t, get_features, int,
	private_aovpn_plugin_t *this, plugin_feature_t *features[])
{
	static plugin_feature_t f[] = {
		PLUGIN_CALLBACK((void*)register_parts, NULL),
			PLUGIN_PROVIDE(CUSTOM, "aovpn"),
				/* this plugin comes first in the list, these must still be
				 * ready before it and go after it */
				PLUGIN_SDEPEND(CERT_DECODE, CERT_X509),
				PLUGIN_SDEPEND(PUBKEY, KEY_ANY),
				PLUGIN_SDEPEND(PUBKEY, KEY_RSA),
				PLUGIN_SDEPEND(PUBKEY, KEY_ECDSA),
		PLUGIN_CALLBACK(eap_method_register, aovpn_eap_tls_create),
			PLUGIN_PROVIDE(EAP_PEER, EAP_TLS),
				PLUGIN_DEPENDS(CUSTOM, "aovpn"),
	};
	*features = f;
	return countof(f);
}

METHOD(plugin_t, destroy, void,
	private_aovpn_plugin_t *this)
{
	free(this);
}

/* The only symbols that the shared object exports. */
#pragma GCC visibility push(default)

#ifdef PLUGIN_DEFINE
/* strongSwan >= 6.0.3: constructor and a record of the version it is for */
PLUGIN_DEFINE(aovpn)
#else
plugin_t *aovpn_plugin_create(void);

/*
 * Described in plugin.h: plugin_constructor_t
 */
plugin_t *aovpn_plugin_create(void)
#endif
{
	private_aovpn_plugin_t *this;

	if (!aovpn_version_check())
	{
		return NULL;
	}
	INIT(this,
		.public = {
			.plugin = {
				.get_name = _get_name,
				.get_features = _get_features,
				.destroy = _destroy,
			},
		},
	);
	return &this->public.plugin;
}

#pragma GCC visibility pop
