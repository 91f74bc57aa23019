/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer_event.c - see tracer_event.h.
 *
 * An outgoing packet is local in its source, every other in its destination;
 * that includes packets which this machine only forwards.
 */
#include "tracer_event.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/event.h"
#include "escape.h"

struct drop_reasons {
	uint32_t count;
	drop_reason_name names[];
};

/* The kernel frees packets that wait in a queue when their socket is closed. */
static const char *const destructors[] = {
	"inet_sock_destruct",  "skb_queue_purge",   "skb_queue_purge_reason",
	"udp_destruct_common", "udp_destruct_sock", "udpv6_destruct_sock",
};

/* What a packet socket (tcpdump) loses is a copy, not the packet. */
static const char *const sniffers[] = {
	"packet_rcv",
	"packet_rcv_spkt",
	"tpacket_rcv",
};

/* Where the kernel frees an ICMP message that it has taken, before it learnt to
 * say so (seen on 6.1). */
static const char *const takers[] = {"icmp_rcv", "icmpv6_rcv"};

#define IS_ANY_OF(name, list) \
	is_any_of(name, list, sizeof(list) / sizeof(*list))

static bool is_any_of(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

static bool is_noise(const char *reason, const char *location)
{
	if (IS_ANY_OF(location, sniffers))
		return true;
	/* Without a reason the location alone must tell. */
	if (reason[0] == '\0' || strcmp(reason, "NOT_SPECIFIED") == 0)
		return IS_ANY_OF(location, destructors) ||
		       IS_ANY_OF(location, takers);
	return strcmp(reason, "QUEUE_PURGE") == 0 ||
	       strcmp(reason, "SKB_CONSUMED") == 0;
}

int drop_reasons_new(const drop_reason_name *names, uint32_t count,
		     struct drop_reasons **ret)
{
	struct drop_reasons *reasons;

	reasons = malloc(sizeof(*reasons) + count * sizeof(*names));
	if (!reasons)
		return -ENOMEM;
	reasons->count = count;
	if (count > 0)
		memcpy(reasons->names, names, count * sizeof(*names));
	*ret = reasons;
	return 0;
}

struct drop_reasons *drop_reasons_free(struct drop_reasons *reasons)
{
	free(reasons);
	return NULL;
}

static void observe_reason(const struct drop_reasons *reasons, uint32_t reason,
			   char *out, size_t size)
{
	if (reason == AOVPN_REASON_NONE)
		out[0] = '\0';
	else if (reason < reasons->count && reasons->names[reason][0])
		snprintf(out, size, "%s", reasons->names[reason]);
	else
		snprintf(out, size, "%#x", reason);
}

/* An ICMP error quotes a packet of ours, whichever way the error itself went.
 */
static bool is_icmp(const struct aovpn_event *event)
{
	return event->protocol == IPPROTO_ICMP ||
	       event->protocol == IPPROTO_ICMPV6;
}

static void observe_flow(const struct aovpn_event *event,
			 struct aovpn_flow *flow)
{
	const uint8_t *local = event->source, *remote = event->destination;

	if (event->ip_version == 0)
		return;
	flow->family = event->ip_version == 6 ? AF_INET6 : AF_INET;
	flow->local_port = event->source_port;
	flow->remote_port = event->destination_port;
	if (event->incoming && !is_icmp(event)) {
		local = event->destination;
		remote = event->source;
		flow->local_port = event->destination_port;
		flow->remote_port = event->source_port;
	}
	memcpy(flow->local, local, sizeof(flow->local));
	memcpy(flow->remote, remote, sizeof(flow->remote));
}

static void observe_packet(const struct aovpn_event *event,
			   struct aovpn_observation *observation)
{
	observation->u.packet.incoming = event->incoming;
	observation->u.packet.protocol = event->protocol;
	observation->u.packet.exchange = event->exchange;
	observation->u.packet.flags = event->flags;
	observation->u.packet.message_id = event->message_id;
	observation->u.packet.length = event->length;
	observation->u.packet.ike_length = event->ike_length;
}

static int observe_drop(const struct aovpn_event *event,
			const struct drop_reasons *reasons,
			struct aovpn_observation *observation)
{
	char *reason = observation->u.drop.reason;
	char *location = observation->u.drop.location;
	char symbol[sizeof(event->symbol)];

	observe_reason(reasons, event->reason, reason,
		       sizeof(observation->u.drop.reason));
	/* Without the module ("f [nf_tables]") and the suffix of a compiler's
	 * copy ("f.constprop.0"). */
	memcpy(symbol, event->symbol, sizeof(symbol));
	symbol[sizeof(symbol) - 1] = '\0';
	symbol[strcspn(symbol, " .")] = '\0';
	aovpn_escape_string(symbol, location,
			    sizeof(observation->u.drop.location));
	if (is_noise(reason, location))
		return -ENOENT;
	observation->u.drop.incoming = event->incoming;
	observation->u.drop.protocol = event->protocol;
	observation->u.drop.exchange = event->exchange;
	observation->u.drop.message_id = event->message_id;
	observation->u.drop.length = event->length;
	observation->u.drop.address = event->location;
	observation->u.drop.esp_spi = event->esp_spi;
	observation->u.drop.icmp_type = event->icmp_type;
	observation->u.drop.icmp_code = event->icmp_code;
	observation->u.drop.elsewhere = event->elsewhere;
	return 0;
}

static void observe_tcp(const struct aovpn_event *event, uint8_t what,
			struct aovpn_observation *observation)
{
	observation->kind = AOVPN_OBS_TCP;
	observation->u.tcp.event = what;
	observation->u.tcp.error = event->error;
}

static int observe_name(const void *record, size_t size,
			struct aovpn_observation *observation)
{
	const struct aovpn_name_event *event = record;
	char name[sizeof(event->name)];

	if (size < sizeof(*event))
		return -EBADMSG;
	memcpy(name, event->name, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	observation->kind = AOVPN_OBS_NAME_FAILED;
	observation->u.name_failed.gai_error = event->event.error;
	aovpn_escape_string(name, observation->u.name_failed.name,
			    sizeof(observation->u.name_failed.name));
	return 0;
}

static uint8_t tcp_failure(const struct aovpn_event *event)
{
	return event->tcp_connecting ? AOVPN_TCP_CONNECT_FAILED
				     : AOVPN_TCP_BROKEN;
}

int tracer_event_observe(const void *record, size_t size,
			 const struct drop_reasons *reasons,
			 struct aovpn_observation *ret)
{
	const struct aovpn_event *event = record;

	if (size < sizeof(*event))
		return -EBADMSG;
	memset(ret, 0, sizeof(*ret));
	ret->source = AOVPN_SOURCE_KERNEL;
	ret->time_ns = event->time_ns;
	ret->spi_i = event->spi_i;
	ret->spi_r = event->spi_r;
	observe_flow(event, &ret->flow);
	switch ((enum aovpn_hook)event->hook) {
	case AOVPN_HOOK_EGRESS:
	case AOVPN_HOOK_INGRESS:
		ret->kind = AOVPN_OBS_PACKET;
		observe_packet(event, ret);
		return 0;
	case AOVPN_HOOK_SENDMSG4:
	case AOVPN_HOOK_SENDMSG6:
		ret->kind = AOVPN_OBS_SEND;
		observe_packet(event, ret);
		return 0;
	case AOVPN_HOOK_KFREE_SKB:
		ret->kind = AOVPN_OBS_PACKET_DROPPED;
		return observe_drop(event, reasons, ret);
	case AOVPN_HOOK_TCP_STATE:
		observe_tcp(event, tcp_failure(event), ret);
		return 0;
	case AOVPN_HOOK_TCP_RESET:
		observe_tcp(event, AOVPN_TCP_RESET, ret);
		return 0;
	case AOVPN_HOOK_TCP_RETRANSMIT:
		observe_tcp(event, AOVPN_TCP_RETRANSMITTED, ret);
		return 0;
	case AOVPN_HOOK_NEIGHBOUR:
		ret->kind = AOVPN_OBS_NEIGHBOUR_FAILED;
		ret->u.neighbour.interface = event->interface;
		return 0;
	case AOVPN_HOOK_NAME_RESULT:
		return observe_name(record, size, ret);
	case AOVPN_HOOK_NAME:
	case AOVPN_HOOK_COUNT:
		break;
	}
	return -ENOENT;
}
