/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * held_key.h - a private key on a token or in a TPM, kept open for as long as a
 * connection may need it: the plugin asks for signatures, and a worker has them
 * made. So neither the PIN nor the token's module ever comes into charon.
 */
#ifndef AOVPN_HELD_KEY_H
#define AOVPN_HELD_KEY_H

#include "channel.h"
#include "credential.h"
#include "daemon.h"

struct held_key;

/*
 * Keep the external key of credential, which this takes over; NULL if out of
 * memory. References are counted; all calls belong to the event loop.
 */
struct held_key *held_key_new(struct aovpn_credential *credential);

/* Give a reference back; a signature under way keeps its own. Returns NULL. */
struct held_key *held_key_unref(struct held_key *key);

/*
 * Have request signed in a worker and the answer sent to the plugin, also where
 * key is NULL or the worker cannot start. A failure is told to
 * connections_sign_failed.
 */
void held_key_sign(struct daemon *daemon, struct held_key *key,
		   const struct aovpn_sign *request);

#endif
