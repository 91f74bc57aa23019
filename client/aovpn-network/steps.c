/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps.c - see steps.h. */
#include "steps.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "resolvconf.h"
#include "resolved.h"

static uint32_t index_of(struct netlink *netlink, const char *device)
{
	struct netlink_link link;

	return netlink_link_get(netlink, device, &link) == 0 ? link.index : 0;
}

static int make_link(struct netlink *netlink, const struct network_step *step)
{
	return netlink_link_make(netlink, step->device, step->number);
}

static int take(struct netlink *netlink, const struct network_step *step)
{
	const uint32_t index =
		step->device[0] ? index_of(netlink, step->device) : 0;

	switch ((enum network_step_kind)step->kind) {
	case NETWORK_STEP_LINK:
		return make_link(netlink, step);
	case NETWORK_STEP_ADDRESS:
		return netlink_address_add(netlink, index, &step->prefix);
	case NETWORK_STEP_UP:
		return netlink_link_up(netlink, index);
	case NETWORK_STEP_ROUTE:
		return index ? netlink_route(netlink, step, index, true)
			     : -ENODEV;
	case NETWORK_STEP_THROW:
	case NETWORK_STEP_NOWHERE:
		return netlink_route(netlink, step, 0, true);
	case NETWORK_STEP_RULE:
		return netlink_rule(netlink, step, true);
	case NETWORK_STEP_RESOLVED:
	case NETWORK_STEP_RESOLVCONF:
	case NETWORK_STEP_END:
		break;
	}
	return -EINVAL;
}

/* With it go the addresses and routes on it. */
static int delete_link(struct netlink *netlink, const struct network_step *step)
{
	struct netlink_link link;
	int r = netlink_link_get(netlink, step->device, &link);

	if (r < 0)
		return r;
	if (strcmp(link.kind, "xfrm") != 0 || link.interface_id != step->number)
		return 0;
	return netlink_link_delete(netlink, link.index);
}

/* A link may be gone, and its number another's. */
static int revert_dns(struct netlink *netlink, const struct network_step *step)
{
	if (index_of(netlink, step->device) != step->number)
		return 0;
	return resolved_revert(step->number);
}

static int take_back(struct netlink *netlink, const struct network_step *step)
{
	switch ((enum network_step_kind)step->kind) {
	case NETWORK_STEP_LINK:
		return delete_link(netlink, step);
	case NETWORK_STEP_ADDRESS:
	case NETWORK_STEP_UP:
	case NETWORK_STEP_ROUTE:
		return 0; /* goes with the link */
	case NETWORK_STEP_THROW:
	case NETWORK_STEP_NOWHERE:
		return netlink_route(netlink, step, 0, false);
	case NETWORK_STEP_RULE:
		return netlink_rule(netlink, step, false);
	case NETWORK_STEP_RESOLVED:
		return revert_dns(netlink, step);
	case NETWORK_STEP_RESOLVCONF:
		return resolvconf_delete(step->record);
	case NETWORK_STEP_END:
		break;
	}
	return -EINVAL;
}

static bool is_gone(int r)
{
	return r == -ENODEV || r == -ESRCH || r == -ENOENT ||
	       r == -EADDRNOTAVAIL;
}

/* A machine without IPv6 has nothing that would go out by it. */
static bool is_no_family(const struct network_step *step, int r)
{
	return step->prefix.family == AF_INET6 &&
	       (r == -EAFNOSUPPORT || r == -EOPNOTSUPP || r == -EACCES) &&
	       step->kind != NETWORK_STEP_ADDRESS;
}

static int fail(const struct network_step *step, int r,
		struct aovpn_error *error)
{
	char line[NETWORK_STEP_LINE_MAX];

	network_step_write(step, line);
	return aovpn_error_set(error, r, "%s: %s", line, strerror(-r));
}

int steps_take(struct netlink *netlink, const struct network_plan *plan,
	       struct aovpn_error *error)
{
	uint32_t i;
	int r;

	for (i = 0; i < plan->count; i++) {
		r = take(netlink, &plan->steps[i]);
		if (r == 0 || is_no_family(&plan->steps[i], r))
			continue;
		steps_take_back(netlink, plan, i, NULL);
		return fail(&plan->steps[i], r, error);
	}
	return 0;
}

/* There, and as the step would have made it? Routes and rules are: the kernel
 * holds all of one against it. */
static bool is_there(struct netlink *netlink, const struct network_step *step,
		     int r)
{
	struct netlink_link link;

	if (r != -EEXIST)
		return false;
	return step->kind != NETWORK_STEP_LINK ||
	       (netlink_link_get(netlink, step->device, &link) == 0 &&
		strcmp(link.kind, "xfrm") == 0 &&
		link.interface_id == step->number);
}

int steps_renew(struct netlink *netlink, const struct network_plan *plan,
		struct aovpn_error *error)
{
	const struct network_step *step;
	uint32_t i;
	int r;

	for (i = 0; i < plan->count; i++) {
		step = &plan->steps[i];
		r = take(netlink, step);
		if (r != 0 && !is_no_family(step, r) &&
		    !is_there(netlink, step, r))
			return fail(step, r, error);
	}
	return 0;
}

int steps_take_back(struct netlink *netlink, const struct network_plan *plan,
		    uint32_t count, struct aovpn_error *error)
{
	int r, first = 0;

	while (count-- > 0) {
		r = take_back(netlink, &plan->steps[count]);
		if (r == 0 || is_gone(r) ||
		    is_no_family(&plan->steps[count], r) || first < 0)
			continue;
		first = fail(&plan->steps[count], r, error);
	}
	return first;
}
