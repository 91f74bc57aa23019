/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network_plan.h - what a tunnel wants of this machine's network, step by step,
 * and each step as a line of text.
 *
 * The lines are what aovpn-network keeps of what it has set: it writes them
 * before the first step, and takes back precisely these.
 *
 * With an XFRM interface (ip-link(8), type xfrm) a tunnel has a link of its own
 * and a routing table of its own, which one rule asks. In front of that rule
 * another one asks the main table for what is more specific than any of the
 * tunnel's routes (suppress_prefixlength, ip-rule(8)): of two networks that
 * overlap the narrower one wins, as on Windows, so that with a force tunnel the
 * local subnet stays within reach. What must stay outside (the gateway itself,
 * or IKE and ESP would go around in circles, and ExcludedRoutes=) is a route of
 * type throw in the table: the rules behind it go on, so that it follows
 * whatever way out there is at the time, also after a change of the network.
 *
 * Where the kernel has no such interface, or charon does ESP by itself
 * (kernel-libipsec), the routes are charon's, in its table 220; what must stay
 * outside is a throw there.
 *
 * A force tunnel that carries one family only makes the other one unreachable:
 * "all" would not be all otherwise. Local subnets stay.
 */
#ifndef AOVPN_NETWORK_PLAN_H
#define AOVPN_NETWORK_PLAN_H

#include <stddef.h>

#include "network_request.h"

/* Routing table of charon, if charon.routing_table is not set otherwise. */
#define NETWORK_CHARON_TABLE 220
/* Whose routes and rules they are (ip-route(8), protocol): nobody else's. */
#define NETWORK_PROTOCOL 97
/* Of rules: charon's own is 220. */
#define NETWORK_RULE_CHARON    100   /* + slot */
#define NETWORK_RULE_MORE      31000 /* + 2 * slot: the main table */
#define NETWORK_RULE_TABLE     31001 /* + 2 * slot: the tunnel's table */
#define NETWORK_STEPS_MAX      512
#define NETWORK_STEP_LINE_MAX  256
#define NETWORK_RESOLVCONF_MAX 80

enum network_step_kind {
	NETWORK_STEP_LINK,       /* an XFRM interface, id number */
	NETWORK_STEP_ADDRESS,    /* prefix on it */
	NETWORK_STEP_UP,         /* bring it up */
	NETWORK_STEP_ROUTE,      /* into it */
	NETWORK_STEP_THROW,      /* the next rule goes on */
	NETWORK_STEP_NOWHERE,    /* unreachable */
	NETWORK_STEP_RULE,       /* ask table */
	NETWORK_STEP_RESOLVED,   /* DNS of the link with index number */
	NETWORK_STEP_RESOLVCONF, /* DNS, by record */
	NETWORK_STEP_END
};

struct network_step {
	uint32_t kind;         /* enum network_step_kind */
	char device[IFNAMSIZ]; /* LINK, ADDRESS, UP, ROUTE, RESOLVED */
	uint32_t number;       /* LINK, RESOLVED */
	/* ADDRESS, the routes; of RULE only the family counts. */
	struct network_prefix prefix;
	struct network_prefix source; /* ROUTE: from which address */
	uint32_t table;               /* ROUTE, THROW, NOWHERE, RULE */
	uint32_t metric;              /* ROUTE, THROW, NOWHERE; of RULE its
					 preference */
	uint32_t more_than; /* RULE: only routes that are longer; 128: all */
	char record[NETWORK_RESOLVCONF_MAX]; /* RESOLVCONF */
};

struct network_plan {
	uint32_t count;
	struct network_step steps[NETWORK_STEPS_MAX];
};

/*
 * The name of a connection's link: "aovpn-NAME" where that fits, else with the
 * beginning of the name and the slot behind "~", which no name of a connection
 * has: two never share one. link has IFNAMSIZ bytes.
 */
void network_link_name(const char *name, uint32_t slot, char *link);

/* The name of a connection's record in resolvconf. By its beginning both
 * programs of that name put its servers before those of other links. record has
 * NETWORK_RESOLVCONF_MAX bytes. */
void network_record_name(const char *name, char *record);

/*
 * The steps for links, addresses, routes and rules of a request that was
 * checked, in the order in which they are to be taken; they are taken back in
 * the opposite one.
 */
void network_plan_make(const struct network_request *request,
		       struct network_plan *ret);

/* Add a step; false: no room. */
bool network_plan_add(struct network_plan *plan,
		      const struct network_step *step);

/* A step as one line without its end; line has NETWORK_STEP_LINE_MAX bytes. */
void network_step_write(const struct network_step *step, char *line);

/*
 * Read such a line. Errors, with a text: -EINVAL (an unknown word, a value out
 * of range, one that is missing).
 */
int network_step_read(const char *line, struct network_step *ret,
		      struct aovpn_error *error);

#endif
