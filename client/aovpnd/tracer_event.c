/*
 * tracer_event.c - see tracer_event.h.
 *
 * An outgoing packet is local in its source, every other in its destination;
 * that includes packets which this machine only forwards.
 */
#include "tracer_event.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/event.h"
#include "escape.h"

#define REASON_PREFIX "SKB_DROP_REASON_"
/* Numbers from here on belong to subsystems (mac80211, openvswitch) that
 * handle none of our packets. */
#define REASONS_MAX 512

struct drop_reasons {
	uint32_t count;
	char names[][sizeof(((struct aovpn_observation *)0)->u.drop.reason)];
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
		return IS_ANY_OF(location, destructors);
	return strcmp(reason, "QUEUE_PURGE") == 0 ||
	       strcmp(reason, "SKB_CONSUMED") == 0;
}

static const char *reason_name(const struct btf *kernel, uint32_t offset)
{
	const char *name = btf__name_by_offset(kernel, offset);

	if (!name)
		return "";
	if (strncmp(name, REASON_PREFIX, strlen(REASON_PREFIX)) == 0)
		return name + strlen(REASON_PREFIX);
	return name;
}

int drop_reasons_new(const struct btf *kernel, struct drop_reasons **ret)
{
	const struct btf_enum *values = NULL;
	struct drop_reasons *reasons;
	uint32_t value, count = 0;
	int id;

	id = btf__find_by_name_kind(kernel, "skb_drop_reason", BTF_KIND_ENUM);
	if (id > 0) {
		const struct btf_type *type = btf__type_by_id(kernel, id);

		values = btf_enum(type);
		count = btf_vlen(type);
	}
	reasons = calloc(1, sizeof(*reasons) +
				    REASONS_MAX * sizeof(reasons->names[0]));
	if (!reasons)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		value = values[i].val;
		if (value >= REASONS_MAX)
			continue;
		snprintf(reasons->names[value], sizeof(reasons->names[value]),
			 "%s", reason_name(kernel, values[i].name_off));
		if (value >= reasons->count)
			reasons->count = value + 1;
	}
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

static void observe_flow(const struct aovpn_event *event,
			 struct aovpn_flow *flow)
{
	const uint8_t *local = event->source, *remote = event->destination;

	flow->family = event->ip_version == 6 ? AF_INET6 : AF_INET;
	flow->local_port = event->source_port;
	flow->remote_port = event->destination_port;
	if (event->incoming) {
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
	return 0;
}

int tracer_event_observe(const struct aovpn_event *event,
			 const struct drop_reasons *reasons,
			 struct aovpn_observation *ret)
{
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
	case AOVPN_HOOK_COUNT:
		break;
	}
	return -ENOENT;
}
