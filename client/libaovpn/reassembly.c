/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reassembly.c - see reassembly.h. The observations are walked again for each
 * packet: they are few, and nothing has to be kept of what a peer may invent.
 */
#include "reassembly.h"

#include <netinet/in.h>
#include <string.h>

#include "packet.h"

#define IKE_AUTH 35 /* RFC 7296 3.1 */

/* Whose fragments, and from when on. */
struct input {
	const struct aovpn_attempt *attempt;
	uint64_t since_ns;
};

static const struct aovpn_observation *fragment_at(const struct input *input,
						   uint32_t i)
{
	const struct aovpn_observation *o = &input->attempt->observations[i];

	return o->kind == AOVPN_OBS_FRAGMENT && o->time_ns > input->since_ns
		       ? o
		       : NULL;
}

static bool same_packet(const struct aovpn_observation *a,
			const struct aovpn_observation *b)
{
	return a->u.fragment.id == b->u.fragment.id &&
	       a->u.fragment.protocol == b->u.fragment.protocol &&
	       a->flow.family == b->flow.family &&
	       memcmp(a->flow.remote, b->flow.remote, 16) == 0 &&
	       memcmp(a->flow.local, b->flow.local, 16) == 0;
}

/* Was the packet of observation i met before? */
static bool is_known(const struct input *input, uint32_t i)
{
	const struct aovpn_observation *o;
	uint32_t k;

	for (k = 0; k < i; k++) {
		o = fragment_at(input, k);
		if (o && same_packet(o, &input->attempt->observations[i]))
			return true;
	}
	return false;
}

/* Take in one fragment. Returns whether the part without a hole grew. */
static bool take(struct reassembly *packet, const struct aovpn_observation *o)
{
	uint32_t offset = o->u.fragment.offset;
	uint32_t end = offset + o->u.fragment.length;

	if (offset == 0 && !packet->first)
		packet->first = o;
	if (offset == 0 && o->u.fragment.whole > packet->end)
		packet->end = o->u.fragment.whole;
	if (!o->u.fragment.more && end > packet->end)
		packet->end = end;
	if (offset > packet->came || end <= packet->came)
		return false;
	packet->came = end;
	return true;
}

/* Where what came beyond the hole begins. */
static void find_hole_end(const struct input *input,
			  const struct aovpn_observation *of,
			  struct reassembly *packet)
{
	const struct aovpn_observation *o;
	uint32_t i;

	for (i = 0; i < input->attempt->count; i++) {
		o = fragment_at(input, i);
		if (!o || !same_packet(o, of) ||
		    o->u.fragment.offset <= packet->came)
			continue;
		if (packet->resumes == 0 ||
		    o->u.fragment.offset < packet->resumes)
			packet->resumes = o->u.fragment.offset;
	}
}

/* Every fragment of one packet, until no further one fits behind another. */
static struct reassembly gather(const struct input *input,
				const struct aovpn_observation *of)
{
	struct reassembly packet = {0};
	const struct aovpn_observation *o;
	bool grew = true;
	uint32_t i;

	while (grew) {
		grew = false;
		for (i = 0; i < input->attempt->count; i++) {
			o = fragment_at(input, i);
			if (o && same_packet(o, of))
				grew |= take(&packet, o);
		}
	}
	find_hole_end(input, of, &packet);
	packet.complete = packet.end != 0 && packet.came >= packet.end;
	return packet;
}

/* ESP in UDP has no SPI of IKE, other protocols not the ports. */
static bool is_of_ike(const struct aovpn_observation *first)
{
	return first->spi_i != 0 && packet_is_ike(&first->flow);
}

static void count(struct reassembly_summary *summary, uint8_t protocol,
		  const struct reassembly *packet)
{
	if (!packet->first) {
		summary->headless += protocol == IPPROTO_UDP;
	} else if (!is_of_ike(packet->first)) {
		return;
	} else if (packet->complete) {
		if (packet->first->u.fragment.exchange == IKE_AUTH &&
		    summary->complete++ == 0)
			summary->whole = *packet;
	} else if (summary->holed++ == 0) {
		summary->hole = *packet;
	}
}

void reassembly_read(const struct aovpn_attempt *attempt, uint64_t since_ns,
		     struct reassembly_summary *ret)
{
	const struct input all = {attempt, since_ns}, *input = &all;
	struct reassembly packet;
	uint32_t i;

	memset(ret, 0, sizeof(*ret));
	for (i = 0; i < input->attempt->count; i++) {
		if (!fragment_at(input, i) || is_known(input, i))
			continue;
		packet = gather(input, fragment_at(input, i));
		count(ret, fragment_at(input, i)->u.fragment.protocol, &packet);
	}
}
