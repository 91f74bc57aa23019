/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * EAP-TLS peer for connections of ours (RFC 3748, RFC 5216, RFC 9190).
 */

#ifndef AOVPN_EAP_TLS_H_
#define AOVPN_EAP_TLS_H_

#include <sa/eap/eap_method.h>

#include "aovpn_channel.h"
#include "aovpn_registry.h"

typedef struct aovpn_eap_tls_t aovpn_eap_tls_t;

/**
 * EAP method of type 13.
 */
struct aovpn_eap_tls_t {

	/**
	 * Implements eap_method_t.
	 */
	eap_method_t method;
};

/**
 * Tell the constructor, which charon calls without any context, where to look
 * connections up and where to report.
 *
 * @param registry		connections, NULL at the end
 * @param channel		for reports, NULL at the end
 */
void aovpn_eap_tls_init(aovpn_registry_t *registry, aovpn_channel_t *channel);

/**
 * Release what methods of an IKE_SA hold that is being destroyed: charon may
 * have forgotten them.
 *
 * @param ike_sa		IKE_SA, held by the calling thread
 */
void aovpn_eap_tls_forget(ike_sa_t *ike_sa);

/**
 * Constructor: eap_constructor_t.
 *
 * For an IKE_SA that is not ours it returns NULL, so that the stock eap-tls
 * plugin is asked next. For one of ours it never does: should something fail,
 * the method it returns fails, and the reason is reported. The second method of
 * an IKE_SA always fails: a server may not begin anew (RFC 3748 2.1).
 *
 * @param server		not used: the policy says whom we accept
 * @param peer			not used: charon has sent our EAP-Identity
 */
eap_method_t *aovpn_eap_tls_create(identification_t *server,
								   identification_t *peer);

#endif /** AOVPN_EAP_TLS_H_ */
