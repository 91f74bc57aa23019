/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_watch.h - what the tracer has to look at now.
 *
 * While nothing is dialled, up or traced, its programs return at once; the
 * hooks that cost something for each packet are attached only while a dial or a
 * trace is open. All calls belong to the event loop.
 */
#ifndef AOVPN_KERNEL_WATCH_H
#define AOVPN_KERNEL_WATCH_H

#include <systemd/sd-event.h>

#include "fragments.h"
#include "icmp.h"
#include "tracer.h"

struct kernel_watch;

/* Errors: -ENOMEM. */
int kernel_watch_new(sd_event *event, struct kernel_watch **ret);

/*
 * The sources to steer from now on, each NULL where it is missing. They take
 * part in what is open already. Waits for a worker that uses the old ones.
 */
void kernel_watch_set(struct kernel_watch *watch, struct tracer *tracer,
		      struct icmp_listener *icmp, struct fragments *fragments);

/* No dial may be waiting any more. NULL is allowed. Returns NULL. */
struct kernel_watch *kernel_watch_free(struct kernel_watch *watch);

/*
 * A dial or a trace begins. charon: its process, 0 where it is not known. A
 * worker attaches the hooks. Nobody waits for that: what a dial sends in the
 * first hundredths of a second may pass unseen, and where it fails by silence
 * charon sends it again.
 */
void kernel_watch_begin(struct kernel_watch *watch, pid_t charon);
void kernel_watch_end(struct kernel_watch *watch);

/* A tunnel is up, or no longer: what is attached always goes on telling. */
void kernel_watch_tunnel_up(struct kernel_watch *watch);
void kernel_watch_tunnel_down(struct kernel_watch *watch);

#endif
