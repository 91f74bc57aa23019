/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_sources.h - the sources that aovpn-loader makes possible: the tracer,
 * ICMP errors, IP fragments. All of them are optional: without them a dial
 * still gets a code, and status says what is missing and why.
 */
#ifndef AOVPN_KERNEL_SOURCES_H
#define AOVPN_KERNEL_SOURCES_H

#include "daemon.h"

/* Open all that can be had, in this process's own network namespace. */
void kernel_sources_open(struct daemon *daemon);

/* A charon has said hello: open all anew where its network namespace is another
 * than that which is watched. Takes a tenth of a second then. */
void kernel_sources_follow(struct daemon *daemon,
			   const struct aovpn_hello *hello);

/* Close them; what they lost is kept in past_losses. */
void kernel_sources_close(struct daemon *daemon);

/* Read all that they hold now. */
void kernel_sources_drain(struct daemon *daemon);

/* Add what they lost and kept back since they were opened. */
void kernel_sources_losses(const struct daemon *daemon,
			   struct daemon_losses *sum);

#endif
