/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_size.c - aovpn doctor: how large may packets to the gateway be?
 * Requests that a vendor ID of no meaning fills up: whole ones with DF set, and
 * one that goes as IP fragments (RFC 791; RFC 8200 4.5). The answers are small,
 * so nothing is learnt about the way back.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "doctor_server.h"
#include "packet.h"

#define UDP_BYTES 8
/* Bytes of UDP's payload that no usual link carries in one piece. */
#define FRAGMENTED_BYTES 2400

/* Of the IP packet, the largest first. */
static const uint32_t sizes[] = {1500, 1400, 1280};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))
/* They are the last of target's exchanges, the fragmented one behind them. */
#define ALL (SIZES + 1)

static uint32_t headers(const struct doctor_target *target)
{
	return (target->family == AF_INET6 ? 40 : 20) + UDP_BYTES;
}

static void add(struct doctor_target *target, uint32_t size, bool whole)
{
	struct exchange *x = target_question(target, IKE_PORT, &target->offer);

	if (!x)
		return;
	x->probe.size = size;
	x->plain.size = size;
	x->whole = whole;
}

void target_size_add(struct doctor_target *target)
{
	size_t i;

	for (i = 0; i < SIZES; i++)
		add(target, sizes[i] - headers(target), true);
	add(target, FRAGMENTED_BYTES, false);
}

/* The largest that was answered, 0: none. *ret_larger: the next larger one that
 * was not, or NULL. */
static uint32_t largest(const struct exchange *list,
			const struct exchange **ret_larger)
{
	size_t i;

	*ret_larger = NULL;
	for (i = 0; i < SIZES; i++) {
		if (list[i].state == EXCHANGE_ANSWERED)
			return sizes[i];
		*ret_larger = &list[i];
	}
	return 0;
}

static void tell_whole(struct doctor_target *target,
		       const struct exchange *list)
{
	const struct exchange *larger;
	const uint32_t size = largest(list, &larger);
	char why[512] = "";
	json_t *line;

	if (larger)
		exchange_failure(target, larger, why, sizeof(why));
	if (size == sizes[0])
		line = target_tell(target, DOCTOR_OK, "packet-size",
				   "packets of %u bytes pass whole", size);
	else if (size > 0)
		line = target_tell(
			target, DOCTOR_WARNING, "packet-size",
			"packets of %u bytes pass whole, larger ones "
			"do not: %s",
			size, why);
	else
		line = target_tell(target, DOCTOR_WARNING, "packet-size",
				   "not even packets of %u bytes are answered, "
				   "though small ones are: they are lost, or "
				   "the gateway ignores requests that large",
				   sizes[SIZES - 1]);
	if (size != sizes[0])
		doctor_cause(line, "path-mtu");
	doctor_fact(line, "passes", json_integer(size));
	doctor_fact(line, "mtu_told",
		    json_integer(larger ? larger->icmp_mtu : 0));
}

static void tell_fragments(struct doctor_target *target,
			   const struct exchange *x)
{
	json_t *line;
	char why[512];

	if (x->state == EXCHANGE_ANSWERED) {
		line = target_tell(target, DOCTOR_OK, "ip-fragments",
				   "IP fragments reach the gateway (whether "
				   "its own come here is not tested)");
	} else {
		exchange_failure(target, x, why, sizeof(why));
		line = target_tell(target, DOCTOR_WARNING, "ip-fragments",
				   "a request of %u bytes in IP fragments is "
				   "not answered (%s): fragments are lost, or "
				   "the gateway ignores requests that large",
				   FRAGMENTED_BYTES, why);
		doctor_cause(line, "fragments-lost");
	}
	doctor_fact(line, "pass", json_boolean(x->state == EXCHANGE_ANSWERED));
}

void target_size_tell(struct doctor_target *target)
{
	const struct exchange *list;

	if (target->count < ALL)
		return;
	list = &target->list[target->count - ALL];
	tell_whole(target, list);
	tell_fragments(target, &list[SIZES]);
}
