/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network_request.h - between aovpnd, which may not change the network, and
 * aovpn-network, which does: links, addresses, routes, rules and DNS of one
 * tunnel.
 *
 * By helper_message.h; one request, one reply, then aovpn-network ends. What a
 * request holds comes from a profile and from the gateway: the receiver checks
 * all of it before it does anything.
 */
#ifndef AOVPN_NETWORK_REQUEST_H
#define AOVPN_NETWORK_REQUEST_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "observation.h"

#define NETWORK_VERSION       1
#define NETWORK_ADDRESSES_MAX 4
#define NETWORK_ROUTES_MAX    128
#define NETWORK_SERVERS_MAX   8
#define NETWORK_DOMAINS_MAX   32
#define NETWORK_DOMAIN_SIZE   254 /* RFC 1035 2.3.4, and a NUL */
/* As many tunnels as the daemon has connections: each has a slot, from 1, that
 * its interface id, routing table and rules are numbered by. */
#define NETWORK_SLOTS 64

/* Interface id and routing table of a slot; "ao" begins it. */
#define NETWORK_ID(slot) (0x616f0000u + (slot))

enum network_operation {
	NETWORK_APPLY = 1, /* set all of it, or nothing */
	NETWORK_REMOVE,    /* what was set for name */
	NETWORK_LIST,      /* for whom something is set, and what can be */
};

struct network_prefix {
	uint8_t family; /* AF_INET, AF_INET6 */
	uint8_t length; /* bits */
	uint8_t address[16];
};

struct network_domain {
	char name[NETWORK_DOMAIN_SIZE]; /* without final dot; "." is all */
	uint8_t search;                 /* put behind short names; else only:
					   asked of these servers */
};

struct network_request {
	uint32_t version;          /* NETWORK_VERSION */
	uint32_t operation;        /* enum network_operation */
	char name[AOVPN_NAME_MAX]; /* of the connection */
	uint32_t slot;             /* 1 to NETWORK_SLOTS */
	uint8_t own_link;          /* the CHILD_SA has the slot's interface id;
				      else routes are charon's */
	uint8_t force;             /* all goes through the tunnel */
	uint8_t dns;               /* servers and domains are to be set */
	uint32_t metric;           /* of the routes, 0: the kernel's own */
	struct network_prefix gateway; /* outside always; family 0: unknown */
	uint32_t address_count, route_count, excluded_count;
	uint32_t server_count, domain_count;
	struct network_prefix addresses[NETWORK_ADDRESSES_MAX]; /* virtual */
	struct network_prefix routes[NETWORK_ROUTES_MAX];
	struct network_prefix excluded[NETWORK_ROUTES_MAX]; /* outside */
	struct network_prefix servers[NETWORK_SERVERS_MAX];
	struct network_domain domains[NETWORK_DOMAINS_MAX];
};

/* Who does the names. */
enum network_resolver {
	NETWORK_RESOLVER_NONE,
	NETWORK_RESOLVER_RESOLVED,   /* systemd-resolved */
	NETWORK_RESOLVER_OPENRESOLV, /* its resolvconf */
	NETWORK_RESOLVER_RESOLVCONF, /* Debian's */
};

struct network_entry {
	char name[AOVPN_NAME_MAX];
	uint32_t slot;
};

struct network_reply {
	uint32_t version;
	int32_t code;   /* 0 or -errno: then nothing is set */
	char text[256]; /* of that error */
	/* Of NETWORK_APPLY: */
	char link[IFNAMSIZ]; /* the tunnel's link, "": it has none of its own */
	uint8_t own_link;    /* it is ours, and so are its routes */
	uint32_t resolver;   /* enum network_resolver that took the servers */
	int32_t dns_code;    /* 0 or -errno: the servers are not set */
	char dns_text[256];  /* why, or what of it was not possible; or "" */
	/* Of NETWORK_LIST: */
	uint8_t can_link; /* the kernel makes XFRM interfaces */
	uint32_t entry_count;
	struct network_entry entries[NETWORK_SLOTS];
};

/*
 * Is all of the request within its bounds: numbers, families, lengths, names,
 * each text with its end? What is beyond the counts is not looked at. Errors,
 * with a text: -EPROTONOSUPPORT (another version), -EBADMSG.
 */
int network_request_check(const struct network_request *request,
			  struct aovpn_error *error);

/* The same for a reply: 0 or -EPROTO. Ends its texts. */
int network_reply_check(struct network_reply *reply);

/* Add the items of a list with "," (networks, or addresses, which are as long
 * as can be; charon's [protocol/port] behind one is passed over) until max are
 * there. Returns false where an item is none, or there are too many. */
bool network_prefixes_add(const char *list, struct network_prefix *prefixes,
			  uint32_t max, uint32_t *count);

/* Add the names of a list with ",". Returns false as above. */
bool network_domains_add(const char *list, bool search,
			 struct network_request *request);

/* "10.0.0.0/8"; out has NETWORK_PREFIX_TEXT bytes. Returns out. */
#define NETWORK_PREFIX_TEXT 52
const char *network_prefix_text(const struct network_prefix *prefix, char *out);

/* Read one such text of that length. */
bool network_prefix_read(const char *text, size_t length,
			 struct network_prefix *ret);

/* "systemd-resolved", "openresolv", "resolvconf", "none". */
const char *network_resolver_name(uint32_t resolver);

#endif
