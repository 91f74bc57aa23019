/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici.h - commands to charon over vici. Blocking: call from a thread of its
 * own; each call makes its own connection, because libvici allows one thread
 * and one request a connection.
 */
#ifndef AOVPN_VICI_H
#define AOVPN_VICI_H

#include "error.h"
#include "profile.h"

/* Start and end libvici (libstrongswan and its threads), once a process. */
void vici_start(void);
void vici_end(void);

/*
 * Does somebody listen on the vici socket of this uri? 0 or -errno. Does not
 * use libvici, so is cheap and silent.
 */
int vici_probe(const char *uri, struct aovpn_error *error);

/*
 * Load the connection as charon_name: IKEv2, one try, no redialling by charon,
 * any remote identity (the plugin holds the gateway to the profile). addresses:
 * the gateway's, separated by commas. eap_identity: what EAP-Identity says.
 * interface_id: of the XFRM interface that the CHILD_SA belongs to; 0: none,
 * and then charon sets its routes.
 */
int vici_load(const char *uri, const char *charon_name, const char *addresses,
	      const char *eap_identity, const struct aovpn_profile *profile,
	      uint32_t interface_id, struct aovpn_error *error);

/*
 * Initiate and wait until the CHILD_SA is up or the dial is over. Returns 0,
 * -ETIMEDOUT after timeout_ms, -ECONNREFUSED (charon said no, see error).
 */
int vici_initiate(const char *uri, const char *charon_name,
		  unsigned int timeout_ms, struct aovpn_error *error);

/*
 * Terminate every IKE_SA of that name; forced: without waiting for a peer
 * that does not answer at once.
 * No such IKE_SA is no error.
 */
int vici_terminate(const char *uri, const char *charon_name, int forced,
		   struct aovpn_error *error);

/* Terminate the IKE_SA of that unique id, forced. */
int vici_terminate_id(const char *uri, uint32_t id, struct aovpn_error *error);

/* Forget the connection. One that is not loaded is no error. */
int vici_unload(const char *uri, const char *charon_name,
		struct aovpn_error *error);

#endif
