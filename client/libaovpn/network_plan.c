/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network_plan.c - see network_plan.h. */
#include "network_plan.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <linux/rtnetlink.h>

#define NAME_ROOM (IFNAMSIZ - sizeof("aovpn-"))

void network_link_name(const char *name, uint32_t slot, char *link)
{
	if (strlen(name) <= NAME_ROOM)
		snprintf(link, IFNAMSIZ, "aovpn-%.9s", name);
	else
		snprintf(link, IFNAMSIZ, "aovpn-%.6s~%02x", name, slot & 0xff);
}

void network_record_name(const char *name, char *record)
{
	snprintf(record, NETWORK_RESOLVCONF_MAX, "vpn0.%.55s.aovpn", name);
}

bool network_plan_add(struct network_plan *plan,
		      const struct network_step *step)
{
	if (plan->count == NETWORK_STEPS_MAX)
		return false;
	plan->steps[plan->count++] = *step;
	return true;
}

/* --- one family -------------------------------------------------------------
 */

static const struct network_prefix *
address_of(const struct network_request *request, uint8_t family)
{
	uint32_t i;

	for (i = 0; i < request->address_count; i++)
		if (request->addresses[i].family == family)
			return &request->addresses[i];
	return NULL;
}

static uint32_t table_of(const struct network_request *request)
{
	return request->own_link ? NETWORK_ID(request->slot)
				 : NETWORK_CHARON_TABLE;
}

static void add_route(const struct network_request *request, uint32_t kind,
		      const struct network_prefix *prefix,
		      struct network_plan *plan)
{
	const struct network_prefix *source =
		address_of(request, prefix->family);
	struct network_step step = {
		.kind = kind,
		.prefix = *prefix,
		.table = table_of(request),
		/* In charon's table those of two connections may be alike. */
		.metric = request->own_link ? request->metric : request->slot,
	};

	if (kind == NETWORK_STEP_ROUTE) {
		network_link_name(request->name, request->slot, step.device);
		if (source)
			step.source = *source;
	}
	network_plan_add(plan, &step);
}

static void add_outside(const struct network_request *request, uint8_t family,
			struct network_plan *plan)
{
	uint32_t i;

	if (request->gateway.family == family)
		add_route(request, NETWORK_STEP_THROW, &request->gateway, plan);
	for (i = 0; i < request->excluded_count; i++)
		if (request->excluded[i].family == family)
			add_route(request, NETWORK_STEP_THROW,
				  &request->excluded[i], plan);
}

static void add_rule(uint8_t family, uint32_t table, uint32_t preference,
		     uint32_t more_than, struct network_plan *plan)
{
	const struct network_step step = {
		.kind = NETWORK_STEP_RULE,
		.prefix.family = family,
		.table = table,
		.metric = preference,
		.more_than = more_than,
	};

	network_plan_add(plan, &step);
}

/* The routes into the tunnel. Returns the length of the longest, -1: none. */
static int add_inside(const struct network_request *request, uint8_t family,
		      struct network_plan *plan)
{
	int longest = -1;
	uint32_t i;

	for (i = 0; i < request->route_count; i++) {
		if (request->routes[i].family != family)
			continue;
		add_route(request, NETWORK_STEP_ROUTE, &request->routes[i],
			  plan);
		if (request->routes[i].length > longest)
			longest = request->routes[i].length;
	}
	return longest;
}

/* A family of which everything goes one way: into the tunnel, or nowhere. */
static void add_all(const struct network_request *request, uint8_t family,
		    struct network_plan *plan)
{
	const struct network_prefix all = {.family = family};

	if (!address_of(request, family))
		add_route(request, NETWORK_STEP_NOWHERE, &all, plan);
	else if (request->own_link)
		add_route(request, NETWORK_STEP_ROUTE, &all, plan);
}

static void plan_own_link(const struct network_request *request, uint8_t family,
			  struct network_plan *plan)
{
	int longest = 0;

	if (request->force)
		add_all(request, family, plan);
	else if (address_of(request, family))
		longest = add_inside(request, family, plan);
	else
		return;
	if (longest < 0)
		return;
	add_outside(request, family, plan);
	add_rule(family, RT_TABLE_MAIN, NETWORK_RULE_MORE + 2 * request->slot,
		 (uint32_t)longest, plan);
	add_rule(family, table_of(request),
		 NETWORK_RULE_TABLE + 2 * request->slot, 128, plan);
}

static void plan_charon(const struct network_request *request, uint8_t family,
			struct network_plan *plan)
{
	if (!request->force && !address_of(request, family))
		return;
	if (request->force) {
		add_all(request, family, plan);
		add_rule(family, RT_TABLE_MAIN,
			 NETWORK_RULE_CHARON + request->slot, 0, plan);
	}
	add_outside(request, family, plan);
}

/* --- all --------------------------------------------------------------------
 */

static void plan_link(const struct network_request *request,
		      struct network_plan *plan)
{
	struct network_step step = {
		.kind = NETWORK_STEP_LINK,
		.number = NETWORK_ID(request->slot),
	};
	uint32_t i;

	network_link_name(request->name, request->slot, step.device);
	network_plan_add(plan, &step);
	step.number = 0;
	for (i = 0; i < request->address_count; i++) {
		step.kind = NETWORK_STEP_ADDRESS;
		step.prefix = request->addresses[i];
		network_plan_add(plan, &step);
	}
	step.kind = NETWORK_STEP_UP;
	memset(&step.prefix, 0, sizeof(step.prefix));
	network_plan_add(plan, &step);
}

void network_plan_make(const struct network_request *request,
		       struct network_plan *ret)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	size_t i;

	ret->count = 0;
	if (request->own_link)
		plan_link(request, ret);
	for (i = 0; i < sizeof(families); i++)
		if (request->own_link)
			plan_own_link(request, families[i], ret);
		else
			plan_charon(request, families[i], ret);
}
