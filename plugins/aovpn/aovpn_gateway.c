/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * The gateway check (RFC 7296 2.15, RFC 5280); see aovpn_gateway.h.
 */

#include "aovpn_gateway.h"

#include <daemon.h>
#include <openssl/err.h>

#include "aovpn_crypto.h"
#include "aovpn_report.h"
#include "aovpn_verify.h"

typedef struct private_aovpn_gateway_t private_aovpn_gateway_t;

/**
 * Intermediate certificates that are looked at; a gateway may send many.
 */
#define MAX_INTERMEDIATES 16

/**
 * Private data of an aovpn_gateway_t object.
 */
struct private_aovpn_gateway_t {

	/**
	 * Public interface.
	 */
	aovpn_gateway_t public;

	/**
	 * Connections of ours.
	 */
	aovpn_registry_t *registry;

	/**
	 * For reports.
	 */
	aovpn_channel_t *channel;
};

/**
 * What a refusal has to say.
 */
typedef struct {

	/** X509_V_ERR_*, X509_V_OK if there is nothing to refuse */
	int error;

	/** depth of the certificate at fault */
	int depth;

	/** the certificate at fault, a reference, may be NULL */
	X509 *cert;

} verdict_t;

/**
 * Collect the certificates of an authentication round that may lead from the
 * gateway's to a root. None of them is trusted for being here.
 */
static STACK_OF(X509) *get_intermediates(auth_cfg_t *auth)
{
	STACK_OF(X509) *certs;
	enumerator_t *enumerator;
	auth_rule_t rule;
	X509 *x509;
	void *value;

	certs = sk_X509_new_null();
	enumerator = auth->create_enumerator(auth);
	while (certs && enumerator->enumerate(enumerator, &rule, &value) &&
		   sk_X509_num(certs) < MAX_INTERMEDIATES)
	{
		if (rule != AUTH_RULE_IM_CERT && rule != AUTH_HELPER_IM_CERT)
		{
			continue;
		}
		x509 = aovpn_verify_import(value);
		if (x509 && !sk_X509_push(certs, x509))
		{
			X509_free(x509);
		}
	}
	enumerator->destroy(enumerator);
	return certs;
}

/**
 * Verify a certificate within a prepared context and keep what it found.
 */
static void verify(X509_STORE_CTX *ctx, aovpn_connection_t *connection,
				   verdict_t *verdict)
{
	X509 *cert;

	verdict->error = aovpn_verify_server(ctx,
										 connection->policy.gateway_name);
	if (verdict->error == X509_V_OK)
	{
		return;
	}
	verdict->depth = X509_STORE_CTX_get_error_depth(ctx);
	cert = X509_STORE_CTX_get_current_cert(ctx) ?:
		   X509_STORE_CTX_get0_cert(ctx);
	if (X509_up_ref(cert))
	{
		verdict->cert = cert;
	}
}

/**
 * Judge one authentication round of the gateway.
 */
static void judge(aovpn_connection_t *connection, auth_cfg_t *auth,
				  verdict_t *verdict)
{
	STACK_OF(X509) *intermediates;
	X509_STORE_CTX *ctx;
	X509 *leaf;

	/* no certificate: the gateway did not prove who it is by one */
	verdict->error = X509_V_ERR_APPLICATION_VERIFICATION;
	leaf = aovpn_verify_import(auth->get(auth, AUTH_RULE_SUBJECT_CERT));
	if (!leaf)
	{
		return;
	}
	intermediates = get_intermediates(auth);
	ctx = X509_STORE_CTX_new_ex(aovpn_crypto_context(), NULL);
	if (ctx && X509_STORE_CTX_init(ctx, connection->gateway_roots, leaf,
								   intermediates) == 1)
	{
		verify(ctx, connection, verdict);
	}
	X509_STORE_CTX_free(ctx);
	sk_X509_pop_free(intermediates, X509_free);
	X509_free(leaf);
	ERR_clear_error();
}

/**
 * Judge all rounds that the gateway has completed; there must be one.
 */
static void judge_all(aovpn_connection_t *connection, ike_sa_t *ike_sa,
					  verdict_t *verdict)
{
	enumerator_t *enumerator;
	auth_cfg_t *auth;

	verdict->error = X509_V_ERR_APPLICATION_VERIFICATION;
	enumerator = ike_sa->create_auth_cfg_enumerator(ike_sa, FALSE);
	while (enumerator->enumerate(enumerator, &auth))
	{
		judge(connection, auth, verdict);
		if (verdict->error != X509_V_OK)
		{
			break;
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * Report and log a refusal.
 */
static void refuse(private_aovpn_gateway_t *this, ike_sa_t *ike_sa,
				   verdict_t *verdict)
{
	struct aovpn_observation o;

	DBG1(DBG_IKE, "aovpn: gateway refused: %s",
		 verdict->error == X509_V_ERR_APPLICATION_VERIFICATION ?
		 "it did not authenticate itself with a certificate" :
		 X509_verify_cert_error_string(verdict->error));
	aovpn_report_begin(AOVPN_OBS_CERT_REFUSED, ike_sa, &o);
	aovpn_report_refused(&o, AOVPN_CERT_GATEWAY, verdict->error,
						 verdict->depth, verdict->cert);
	this->channel->report(this->channel, &o);
}

METHOD(listener_t, authorize, bool,
	private_aovpn_gateway_t *this, ike_sa_t *ike_sa, bool final, bool *success)
{
	verdict_t verdict = {};
	aovpn_connection_t *connection;

	connection = this->registry->get(this->registry, ike_sa);
	if (!connection)
	{
		return TRUE;
	}
	if (final)
	{
		judge_all(connection, ike_sa, &verdict);
	}
	else
	{
		judge(connection, ike_sa->get_auth_cfg(ike_sa, FALSE), &verdict);
	}
	if (verdict.error != X509_V_OK)
	{
		refuse(this, ike_sa, &verdict);
		*success = FALSE;
	}
	X509_free(verdict.cert);
	connection->destroy(connection);
	return TRUE;
}

METHOD(aovpn_gateway_t, destroy, void,
	private_aovpn_gateway_t *this)
{
	free(this);
}

/*
 * Described in header
 */
aovpn_gateway_t *aovpn_gateway_create(aovpn_registry_t *registry,
									  aovpn_channel_t *channel)
{
	private_aovpn_gateway_t *this;

	INIT(this,
		.public = {
			.listener = {
				.authorize = _authorize,
			},
			.destroy = _destroy,
		},
		.registry = registry,
		.channel = channel,
	);
	return &this->public;
}
