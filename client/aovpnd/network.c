/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network.c - see network.h. */
#include "network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "connections.h"
#include "log.h"
#include "network_client.h"
#include "network_json.h"
#include "worker.h"

struct network {
	struct network_place place;
	bool can_link; /* the kernel makes XFRM interfaces */
	/* Whose each slot is: "" nobody's. Slots are numbered from 1. */
	char slots[NETWORK_SLOTS][AOVPN_NAME_MAX];
};

/* One request on its way. */
struct network_job {
	struct network_place place;
	struct network_request request;
	struct network_reply reply;
	struct aovpn_error error;
	int result;
	struct connection *owner; /* NULL: nobody waits */
	sd_event *event;
};

/* --- start ------------------------------------------------------------------
 */

/* What a daemon before this one has set keeps its slot: the CHILD_SA that goes
 * with it has that interface id. */
static void take_entries(struct network *network,
			 const struct network_reply *reply)
{
	uint32_t i, slot;

	network->can_link = reply->can_link;
	for (i = 0; i < reply->entry_count; i++) {
		slot = reply->entries[i].slot;
		if (slot >= 1 && slot <= NETWORK_SLOTS)
			memcpy(network->slots[slot - 1], reply->entries[i].name,
			       AOVPN_NAME_MAX);
	}
}

int network_new(struct daemon *daemon, struct network **ret)
{
	const struct network_request request = {
		.version = NETWORK_VERSION,
		.operation = NETWORK_LIST,
	};
	struct network *network = calloc(1, sizeof(*network));
	struct network_reply *reply = calloc(1, sizeof(*reply));
	struct aovpn_error error = {""};

	if (!network || !reply) {
		free(network);
		free(reply);
		return -ENOMEM;
	}
	network_place_find(daemon->paths.runtime, &network->place);
	if (network_ask(&network->place, &request, reply, &error) < 0)
		log_warning("routes and DNS are not set: %s", error.text);
	else
		take_entries(network, reply);
	free(reply);
	*ret = network;
	return 0;
}

struct network *network_free(struct network *network)
{
	free(network);
	return NULL;
}

/* --- slots ------------------------------------------------------------------
 */

static uint32_t find_slot(const struct network *network, const char *name)
{
	uint32_t i;

	for (i = 0; i < NETWORK_SLOTS; i++)
		if (strcmp(network->slots[i], name) == 0)
			return i + 1;
	return 0;
}

/* The connection's slot, a new one where it has none; 0: all are taken. */
static uint32_t slot_of(struct connection *c)
{
	struct network *network = c->daemon->network;
	uint32_t slot = find_slot(network, c->name);

	if (slot == 0) {
		slot = find_slot(network, "");
		if (slot != 0)
			memcpy(network->slots[slot - 1], c->name,
			       AOVPN_NAME_MAX);
	}
	return slot;
}

static void give_back_slot(struct connection *c)
{
	struct network *network = c->daemon->network;
	const uint32_t slot = find_slot(network, c->name);

	if (slot != 0)
		network->slots[slot - 1][0] = '\0';
}

uint32_t network_interface_id(struct connection *c)
{
	const uint32_t slot = c->daemon->network && c->daemon->network->can_link
				      ? slot_of(c)
				      : 0;

	return slot ? NETWORK_ID(slot) : 0;
}

/* --- what is wanted ---------------------------------------------------------
 */

static void take_gateway(const struct aovpn_flow *flow,
			 struct network_request *request)
{
	request->gateway.family = flow->family;
	request->gateway.length = flow->family == AF_INET ? 32 : 128;
	memcpy(request->gateway.address, flow->remote,
	       sizeof(request->gateway.address));
}

static bool take_routes(const struct connection *c,
			struct network_request *request)
{
	return network_prefixes_add(c->up.u.child_up.addresses,
				    request->addresses, NETWORK_ADDRESSES_MAX,
				    &request->address_count) &&
	       network_prefixes_add(c->up.u.child_up.networks, request->routes,
				    NETWORK_ROUTES_MAX,
				    &request->route_count) &&
	       network_prefixes_add(c->profile.excluded_routes,
				    request->excluded, NETWORK_ROUTES_MAX,
				    &request->excluded_count);
}

static bool take_dns(const struct connection *c,
		     struct network_request *request)
{
	const struct aovpn_profile *p = &c->profile;

	request->dns = p->dns_apply;
	return network_prefixes_add(p->dns_servers[0] ? p->dns_servers
						      : c->up.u.child_up.dns,
				    request->servers, NETWORK_SERVERS_MAX,
				    &request->server_count) &&
	       network_domains_add(p->dns_domains, false, request) &&
	       network_domains_add(p->dns_search_domains, true, request);
}

static int make_request(struct connection *c, struct network_request *request,
			struct aovpn_error *error)
{
	request->slot = slot_of(c);
	request->own_link = c->daemon->network->can_link;
	request->force = c->profile.tunnel == AOVPN_TUNNEL_FORCE;
	request->metric = c->profile.route_metric;
	take_gateway(&c->up.flow, request);
	if (request->slot == 0)
		return aovpn_error_set(error, -EMFILE,
				       "%d other tunnels have routes",
				       NETWORK_SLOTS);
	if (!take_routes(c, request) || !take_dns(c, request))
		return aovpn_error_set(error, -E2BIG,
				       "too many routes, servers or domains");
	return 0;
}

/* --- ask --------------------------------------------------------------------
 */

static void run(void *argument)
{
	struct network_job *job = argument;

	job->result = network_ask(&job->place, &job->request, &job->reply,
				  &job->error);
}

static void start(struct network_job *job);

static void tell_applied(const struct network_job *job, const char *name)
{
	const struct network_reply *reply = &job->reply;

	if (job->result < 0)
		log_error("\"%s\": its network is not set: %s", name,
			  job->error.text);
	else if (reply->dns_code < 0)
		log_warning("\"%s\": its DNS servers are not set: %s", name,
			    reply->dns_text);
	else if (reply->dns_text[0] != '\0')
		log_warning("\"%s\": %s", name, reply->dns_text);
}

/* Of a job that asked for what is still wanted. */
static void keep(struct connection *c, struct network_job *job)
{
	if (job->request.operation == NETWORK_APPLY) {
		tell_applied(job, c->name);
		c->network.result = job->result;
		if (job->result < 0) {
			memset(&job->reply, 0, sizeof(job->reply));
			job->reply.dns_code = job->result;
			snprintf(job->reply.dns_text,
				 sizeof(job->reply.dns_text), "%.255s",
				 job->error.text);
		}
		c->network.set = job;
		return;
	}
	if (job->result < 0)
		log_error("\"%s\": its network is not taken back: %s", c->name,
			  job->error.text);
	else
		give_back_slot(c);
	free(job);
}

static void on_done(void *argument)
{
	struct network_job *job = argument, *next;
	struct connection *c = job->owner;

	if (!c) {
		free(job);
		return;
	}
	c->network.busy = NULL;
	next = c->network.next;
	c->network.next = NULL;
	if (next) {
		free(job);
		start(next);
	} else {
		keep(c, job);
	}
}

static void start(struct network_job *job)
{
	struct connection *c = job->owner;

	if (worker_start(job->event, run, on_done, job) < 0) {
		log_error("no thread to set the network of \"%s\"",
			  job->request.name);
		free(job);
		return;
	}
	if (c)
		c->network.busy = job;
}

/* At once, or when what is under way is done; of what waits the last counts. */
static void ask(struct network_job *job)
{
	struct connection *c = job->owner;

	free(c->network.set);
	c->network.set = NULL;
	if (!c->network.busy) {
		start(job);
		return;
	}
	free(c->network.next);
	c->network.next = job;
}

static struct network_job *new_job(struct daemon *daemon, const char *name,
				   uint32_t operation, struct connection *owner)
{
	struct network_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->place = daemon->network->place;
	job->request.version = NETWORK_VERSION;
	job->request.operation = operation;
	snprintf(job->request.name, sizeof(job->request.name), "%s", name);
	job->owner = owner;
	job->event = daemon->event;
	return job;
}

void network_apply(struct connection *c)
{
	struct network_job *job = new_job(c->daemon, c->name, NETWORK_APPLY, c);
	struct aovpn_error error;

	if (!job)
		return;
	if (make_request(c, &job->request, &error) < 0) {
		log_error("\"%s\": its network is not set: %s", c->name,
			  error.text);
		free(job);
		return;
	}
	ask(job);
}

void network_remove(struct connection *c)
{
	struct network_job *job =
		new_job(c->daemon, c->name, NETWORK_REMOVE, c);

	if (job)
		ask(job);
}

void network_recover(struct daemon *daemon)
{
	struct network *network = daemon->network;
	struct network_job *job;
	uint32_t i;

	for (i = 0; i < NETWORK_SLOTS; i++) {
		if (network->slots[i][0] == '\0' ||
		    connections_is_up(daemon->connections, network->slots[i]))
			continue;
		log_info("\"%s\" is not up: its network is taken back",
			 network->slots[i]);
		job = new_job(daemon, network->slots[i], NETWORK_REMOVE, NULL);
		if (job)
			start(job);
		network->slots[i][0] = '\0';
	}
}

bool network_busy(const struct connection *c)
{
	return c->network.busy != NULL;
}

void network_forget(struct connection *c)
{
	if (c->network.busy)
		c->network.busy->owner = NULL;
	free(c->network.next);
	free(c->network.set);
	memset(&c->network, 0, sizeof(c->network));
}

/* --- tell -------------------------------------------------------------------
 */

const char *network_dns_refused(const struct connection *c, int *ret_code)
{
	const struct network_job *set = c->network.set;

	*ret_code = set && set->request.dns ? set->reply.dns_code : 0;
	return *ret_code < 0 ? set->reply.dns_text : "";
}

bool network_dns_settled(const struct connection *c)
{
	const struct network_job *set = c->network.set;

	return !c->profile.dns_apply ||
	       (set && set->reply.resolver != NETWORK_RESOLVER_NONE);
}

json_t *network_status(const struct connection *c)
{
	const struct network_job *set = c->network.set;

	if (!set || c->network.result < 0)
		return json_null();
	return network_json(&set->request, &set->reply);
}
