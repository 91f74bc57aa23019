/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chain_check.h - while a dial runs, finds out what NPS will find out about the
 * client's certificate: a worker validates its chain and asks for the
 * revocation of each certificate in it, so that diagnosis has it at hand and
 * need not fetch. What needs no network is found first: servers of CRLs may be
 * slower than a gateway's refusal.
 */
#ifndef AOVPN_CHAIN_CHECK_H
#define AOVPN_CHAIN_CHECK_H

#include <stdbool.h>

#include "attempt.h"
#include "certificate.h"
#include "credential.h"
#include "daemon.h"

struct chain_check;

/* In the event loop, once, when a check is over; facts is the callee's until it
 * returns, and NULL where there was no memory. The check is gone then. */
typedef void (*chain_check_done_t)(const struct aovpn_chain_facts *facts,
				   void *userdata);

/*
 * Begin to check credential's certificate, whose chain may end in the PEM file
 * roots. It is not built by AIA: what is missing here is not sent to NPS
 * either. done is called unless chain_check_forget comes first. Errors: -errno,
 * with *ret NULL; then done is not called.
 */
int chain_check_start(struct daemon *daemon,
		      const struct aovpn_credential *credential,
		      const char *roots, chain_check_done_t done,
		      void *userdata, struct chain_check **ret);

/*
 * What is found by now, before done: all that shows without the network, or
 * NULL where not even that does. The check's, until done is called or it is
 * forgotten. check may be NULL.
 */
const struct aovpn_chain_facts *
chain_check_so_far(const struct chain_check *check);

/* done is not to be called any more; the worker comes to its own end. NULL is
 * allowed. Returns NULL. */
struct chain_check *chain_check_forget(struct chain_check *check);

/*
 * Could what a check finds say why the attempt failed where it did? The
 * client's certificate is judged from EAP-TLS on, and is looked at before the
 * dial; where the gateway's is refused the clock may be wrong, and the servers
 * of CRLs know the time.
 */
bool chain_check_matters(const struct aovpn_attempt *attempt);

#endif
