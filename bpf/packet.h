/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.h - from a packet's IP header to an event's flow and IKE header.
 *
 * Wants of whoever includes it, since program types see packets differently:
 * struct packet; load(packet, offset, to, size), which copies bytes counted
 * from the IP header on and says whether they are there; PACKET_IS_DROPPED, 1
 * where packets are looked at because the kernel drops them, else 0.
 *
 * Sources: RFC 7296 3.1 (IKE header), RFC 3948 2.1 to 2.3 (ESP in UDP, the
 * non-ESP marker, keepalives), RFC 4303 2 (ESP), RFC 791 3.1, RFC 8200 4
 * (extension headers), RFC 792 and RFC 4443 3 (what an ICMP error quotes).
 */
#ifndef AOVPN_PACKET_H
#define AOVPN_PACKET_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <stdbool.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "report.h"

#define IKE_PORT             500
#define NON_ESP_MARKER_BYTES 4
#define ICMP_HEADER_BYTES    8
#define IP_FRAGMENT_OFFSET   0x1fff
#define IP6_FRAGMENT_OFFSET  0xfff8
#define IP6_EXTENSIONS_MAX   6
#define IPPROTO_ICMP6        58

struct ike_header {
	__be64 spi_i;
	__be64 spi_r;
	__u8 next_payload;
	__u8 version;
	__u8 exchange;
	__u8 flags;
	__be32 message_id;
	__be32 length;
};

/* ESP of its own is of interest only where it is dropped. */
static __always_inline bool is_wanted(__u8 protocol, const struct udphdr *udp)
{
	if (protocol == IPPROTO_ESP)
		return PACKET_IS_DROPPED;
	return protocol == IPPROTO_UDP &&
	       (is_ike_port(bpf_ntohs(udp->source)) ||
		is_ike_port(bpf_ntohs(udp->dest)));
}

static __always_inline void begin_event(struct aovpn_event *event,
					__u8 ip_version, __u8 protocol,
					const struct udphdr *udp)
{
	__builtin_memset(event, 0, sizeof(*event));
	event->ip_version = ip_version;
	event->protocol = protocol;
	if (protocol != IPPROTO_UDP)
		return;
	event->source_port = bpf_ntohs(udp->source);
	event->destination_port = bpf_ntohs(udp->dest);
}

/* Does an ICMP header at offset begin an error? Then its type and code. */
static __always_inline bool load_icmp_error(const struct packet *packet,
					    __u32 offset, __u8 protocol,
					    __u8 *type_and_code)
{
	__u8 type;

	if (!load(packet, offset, type_and_code, 2))
		return false;
	type = type_and_code[0];
	if (protocol == IPPROTO_ICMP6)
		return type >= 1 && type <= 4;
	return type == 3 || type == 11 || type == 12;
}

/* What was parsed is only what the ICMP error quotes. */
static __always_inline void mark_icmp(struct aovpn_event *event, __u8 protocol,
				      const __u8 *type_and_code)
{
	event->protocol = protocol;
	event->icmp_type = type_and_code[0];
	event->icmp_code = type_and_code[1];
}

/* --- IPv4 ----------------------------------------------------------------- */

/* The usual header without options, in one load: this runs for every packet. */
struct ip4_start {
	struct iphdr ip;
	struct udphdr udp;
};

/* Fill event's flow from the header that stands at offset in the packet, and
 * *ret_payload, the offset behind the UDP header. False: of no interest. */
static __always_inline bool take_ip4(const struct packet *packet,
				     struct ip4_start *start, __u32 offset,
				     struct aovpn_event *event,
				     __u32 *ret_payload)
{
	__u32 bytes = start->ip.ihl * 4;

	if (start->ip.protocol != IPPROTO_UDP &&
	    start->ip.protocol != IPPROTO_ESP)
		return false;
	/* Later fragments carry no ports. */
	if (start->ip.frag_off & bpf_htons(IP_FRAGMENT_OFFSET))
		return false;
	if (bytes < sizeof(start->ip))
		return false;
	if (bytes > sizeof(start->ip) &&
	    !load(packet, offset + bytes, &start->udp, sizeof(start->udp)))
		return false;
	if (!is_wanted(start->ip.protocol, &start->udp))
		return false;

	begin_event(event, 4, start->ip.protocol, &start->udp);
	__builtin_memcpy(event->source, &start->ip.saddr, 4);
	__builtin_memcpy(event->destination, &start->ip.daddr, 4);
	event->length = bpf_ntohs(start->ip.tot_len);
	if (start->ip.protocol == IPPROTO_ESP)
		event->esp_spi = bpf_ntohl(*(__be32 *)&start->udp);
	*ret_payload = offset + bytes + sizeof(start->udp);
	return true;
}

static __always_inline bool parse_ip4(const struct packet *packet,
				      struct aovpn_event *event,
				      __u32 *ret_payload)
{
	struct ip4_start start;
	__u8 type_and_code[2];
	__u32 offset;

	if (!load(packet, 0, &start, sizeof(start)))
		return false;
	if (!PACKET_IS_DROPPED || start.ip.protocol != IPPROTO_ICMP)
		return take_ip4(packet, &start, 0, event, ret_payload);
	offset = start.ip.ihl * 4;
	if (!load_icmp_error(packet, offset, IPPROTO_ICMP, type_and_code))
		return false;
	offset += ICMP_HEADER_BYTES;
	if (!load(packet, offset, &start, sizeof(start)) ||
	    !take_ip4(packet, &start, offset, event, ret_payload))
		return false;
	mark_icmp(event, IPPROTO_ICMP, type_and_code);
	return true;
}

/* --- IPv6 ----------------------------------------------------------------- */

/*
 * Step over one IPv6 extension header. False: *protocol is no extension
 * header, or what follows is a later fragment without ports.
 */
static __always_inline bool skip_extension(const struct packet *packet,
					   __u8 *protocol, __u32 *offset)
{
	struct {
		__u8 next;
		__u8 length;
		__be16 fragment;
	} header;

	if (*protocol != IPPROTO_HOPOPTS && *protocol != IPPROTO_ROUTING &&
	    *protocol != IPPROTO_DSTOPTS && *protocol != IPPROTO_FRAGMENT)
		return false;
	if (!load(packet, *offset, &header, sizeof(header)))
		return false;
	if (*protocol != IPPROTO_FRAGMENT) {
		*offset += (header.length + 1) * 8;
	} else {
		if (header.fragment & bpf_htons(IP6_FRAGMENT_OFFSET))
			return false;
		*offset += 8;
	}
	*protocol = header.next;
	return true;
}

/* Step over the extension headers, if any. Returns the protocol behind them, at
 * *offset. */
static __always_inline __u8 skip_extensions(const struct packet *packet,
					    __u8 protocol, __u32 *offset)
{
#pragma unroll
	for (int i = 0; i < IP6_EXTENSIONS_MAX; i++)
		if (!skip_extension(packet, &protocol, offset))
			break;
	return protocol;
}

#if PACKET_IS_DROPPED
/* The same, verified once though it may be used twice. Returns the protocol
 * and, shifted by 8 bits, the offset. */
__noinline __u64 skip_all_extensions(struct packet *packet, __u32 protocol,
				     __u32 offset)
{
	struct packet copy;

	if (!packet)
		return 0;
	copy = *packet;
	protocol = skip_extensions(&copy, protocol, &offset);
	return (__u64)offset << 8 | (protocol & 0xff);
}
#endif

/* Step over the fixed header at *offset and the extension headers. */
static __always_inline bool walk_ip6(const struct packet *packet,
				     struct ipv6hdr *ip, __u32 *offset,
				     __u8 *ret_protocol)
{
	if (!load(packet, *offset, ip, sizeof(*ip)))
		return false;
	*offset += sizeof(*ip);
#if PACKET_IS_DROPPED
	__u64 both = skip_all_extensions((struct packet *)packet, ip->nexthdr,
					 *offset);
	*ret_protocol = both;
	*offset = both >> 8;
#else
	*ret_protocol = skip_extensions(packet, ip->nexthdr, offset);
#endif
	return true;
}

/* As take_ip4; offset: where the transport header stands. */
static __always_inline bool take_ip6(const struct packet *packet,
				     const struct ipv6hdr *ip, __u8 protocol,
				     __u32 offset, struct aovpn_event *event,
				     __u32 *ret_payload)
{
	struct udphdr udp;

	if (protocol != IPPROTO_UDP && protocol != IPPROTO_ESP)
		return false;
	if (!load(packet, offset, &udp, sizeof(udp)) ||
	    !is_wanted(protocol, &udp))
		return false;

	begin_event(event, 6, protocol, &udp);
	__builtin_memcpy(event->source, &ip->saddr, 16);
	__builtin_memcpy(event->destination, &ip->daddr, 16);
	event->length = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	if (protocol == IPPROTO_ESP)
		event->esp_spi = bpf_ntohl(*(__be32 *)&udp);
	*ret_payload = offset + sizeof(udp);
	return true;
}

static __always_inline bool parse_ip6(const struct packet *packet,
				      struct aovpn_event *event,
				      __u32 *ret_payload)
{
	__u8 protocol, type_and_code[2];
	struct ipv6hdr ip;
	__u32 offset = 0;

	if (!walk_ip6(packet, &ip, &offset, &protocol))
		return false;
	if (!PACKET_IS_DROPPED || protocol != IPPROTO_ICMP6)
		return take_ip6(packet, &ip, protocol, offset, event,
				ret_payload);
	if (!load_icmp_error(packet, offset, protocol, type_and_code))
		return false;
	offset += ICMP_HEADER_BYTES;
	if (!walk_ip6(packet, &ip, &offset, &protocol) ||
	    !take_ip6(packet, &ip, protocol, offset, event, ret_payload))
		return false;
	mark_icmp(event, IPPROTO_ICMP6, type_and_code);
	return true;
}

/* --- both ----------------------------------------------------------------- */

/* ethertype: network order. */
static __always_inline bool parse_flow(const struct packet *packet,
				       __u16 ethertype,
				       struct aovpn_event *event,
				       __u32 *ret_payload)
{
	if (ethertype == bpf_htons(ETH_P_IP))
		return parse_ip4(packet, event, ret_payload);
	if (ethertype == bpf_htons(ETH_P_IPV6))
		return parse_ip6(packet, event, ret_payload);
	return false;
}

/* Between ports other than 500 a packet begins with the non-ESP marker, or else
 * is ESP or a keepalive of one byte (RFC 3948 2). False: no IKE message; then
 * event has the SPI of ESP. */
static __always_inline bool step_over_marker(const struct packet *packet,
					     struct aovpn_event *event,
					     __u32 *offset)
{
	__be32 marker;

	if (event->source_port == IKE_PORT ||
	    event->destination_port == IKE_PORT)
		return true;
	if (!load(packet, *offset, &marker, sizeof(marker)))
		return false;
	event->esp_spi = bpf_ntohl(marker);
	*offset += NON_ESP_MARKER_BYTES;
	return marker == 0;
}

/* Is this UDP payload an IKE message? Then fill event's part of it. */
static __always_inline bool parse_ike(const struct packet *packet, __u32 offset,
				      struct aovpn_event *event)
{
	struct ike_header ike;

	if (event->source_port == 0 && event->destination_port == 0)
		return false; /* ESP of its own */
	if (!step_over_marker(packet, event, &offset) ||
	    !load(packet, offset, &ike, sizeof(ike)))
		return false;
	event->spi_i = bpf_be64_to_cpu(ike.spi_i);
	event->spi_r = bpf_be64_to_cpu(ike.spi_r);
	event->exchange = ike.exchange;
	event->flags = ike.flags;
	event->message_id = bpf_ntohl(ike.message_id);
	event->ike_length = bpf_ntohl(ike.length);
	return true;
}

#endif
