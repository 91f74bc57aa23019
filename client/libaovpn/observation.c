/* SPDX-License-Identifier: GPL-2.0-or-later */
/* observation.c - see observation.h: the description tables and clock. */
#include "observation.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#define FIELD_AT(tag_, type_, name_, member)                             \
	{                                                                \
		.name = name_, .tag = tag_, .type = AOVPN_FIELD_##type_, \
		.offset = offsetof(struct aovpn_observation, member),    \
		.size = sizeof(((struct aovpn_observation *)0)->member)  \
	}
#define COMMON(tag, type, member)   FIELD_AT(tag, type, #member, member)
#define FLOW(tag, type, member)     FIELD_AT(tag, type, #member, flow.member)
#define OF(kind, tag, type, member) FIELD_AT(tag, type, #member, u.kind.member)
#define END              \
	{                \
		.tag = 0 \
	}

/* Tags 1 to 31 are common, 32 and up belong to a kind. Never reuse one. */
const struct aovpn_field aovpn_observation_fields[] = {
	COMMON(1, U32, source),      COMMON(2, U64, time_ns),
	COMMON(3, TEXT, connection), COMMON(4, U32, ike_sa_id),
	COMMON(5, U64, spi_i),       COMMON(6, U64, spi_r),
	FLOW(7, U8, family),         FLOW(8, BYTES, local),
	FLOW(9, BYTES, remote),      FLOW(10, U16, local_port),
	FLOW(11, U16, remote_port),  END,
};

static const struct aovpn_field ike_state_fields[] = {
	OF(ike_state, 32, U32, state),
	END,
};

static const struct aovpn_field ike_message_fields[] = {
	OF(ike_message, 32, U8, incoming),
	OF(ike_message, 33, U8, response),
	OF(ike_message, 34, U8, exchange),
	OF(ike_message, 35, U8, eap_code),
	OF(ike_message, 36, U8, eap_type),
	OF(ike_message, 37, U8, has_ms_status),
	OF(ike_message, 38, U32, message_id),
	OF(ike_message, 39, U32, ms_status),
	OF(ike_message, 40, U32, notify_count),
	OF(ike_message, 41, U16S, notify),
	OF(ike_message, 42, TEXT, notify_data),
	END,
};

static const struct aovpn_field retransmit_fields[] = {
	OF(retransmit, 32, U32, count),
	OF(retransmit, 33, U8, given_up),
	OF(retransmit, 34, U32, message_id),
	OF(retransmit, 35, U32, length),
	END,
};

static const struct aovpn_field alert_fields[] = {
	OF(alert, 32, U32, alert),
	OF(alert, 33, TEXT, text),
	OF(alert, 34, TEXT, issuer),
	END,
};

static const struct aovpn_field tls_state_fields[] = {
	OF(tls_state, 32, U32, state),
	OF(tls_state, 33, U32, version),
	OF(tls_state, 34, U32, library),
	OF(tls_state, 35, U32, reason),
	OF(tls_state, 36, TEXT, text),
	OF(tls_state, 37, U8, resumed),
	END,
};

static const struct aovpn_field tls_alert_fields[] = {
	OF(tls_alert, 32, U8, sent),
	OF(tls_alert, 33, U8, level),
	OF(tls_alert, 34, U8, description),
	END,
};

static const struct aovpn_field cert_refused_fields[] = {
	OF(cert_refused, 32, U32, role),
	OF(cert_refused, 33, U32, x509_error),
	OF(cert_refused, 34, U32, depth),
	OF(cert_refused, 35, TEXT, subject),
	OF(cert_refused, 36, TEXT, issuer),
	OF(cert_refused, 37, TEXT, names),
	OF(cert_refused, 38, TEXT, algorithm),
	END,
};

static const struct aovpn_field ca_list_fields[] = {
	OF(ca_list, 32, U32, count),
	OF(ca_list, 33, U8, ours),
	OF(ca_list, 34, TEXT, names),
	END,
};

static const struct aovpn_field child_up_fields[] = {
	OF(child_up, 32, TEXT, addresses),
	OF(child_up, 33, TEXT, dns),
	OF(child_up, 34, TEXT, networks),
	OF(child_up, 35, TEXT, ike_proposal),
	OF(child_up, 36, TEXT, esp_proposal),
	OF(child_up, 37, TEXT, gateway_id),
	OF(child_up, 38, TEXT, gateway_cert),
	END,
};

static const struct aovpn_field no_fields[] = {END};

static const struct aovpn_field packet_fields[] = {
	OF(packet, 32, U8, incoming),    OF(packet, 33, U8, protocol),
	OF(packet, 34, U8, exchange),    OF(packet, 35, U8, flags),
	OF(packet, 36, U32, message_id), OF(packet, 37, U32, length),
	OF(packet, 38, U32, ike_length), END,
};

static const struct aovpn_field drop_fields[] = {
	OF(drop, 32, U8, incoming),
	OF(drop, 33, U8, protocol),
	OF(drop, 34, U8, exchange),
	OF(drop, 35, U32, message_id),
	OF(drop, 36, U32, length),
	OF(drop, 37, U64, address),
	OF(drop, 38, TEXT, reason),
	OF(drop, 39, TEXT, location),
	OF(drop, 40, U32, esp_spi),
	OF(drop, 41, U8, icmp_type),
	OF(drop, 42, U8, icmp_code),
	OF(drop, 43, U32, elsewhere),
	END,
};

static const struct aovpn_field icmp_fields[] = {
	OF(icmp, 32, U8, type),
	OF(icmp, 33, U8, code),
	OF(icmp, 34, U8, from_family),
	OF(icmp, 35, BYTES, from),
	OF(icmp, 36, U32, mtu),
	OF(icmp, 37, U32, esp_spi),
	END,
};

static const struct aovpn_field resolved_fields[] = {
	OF(resolved, 32, I32, gai_error),
	OF(resolved, 33, TEXT, name),
	OF(resolved, 34, TEXT, addresses),
	OF(resolved, 35, U8, remembered),
	END,
};

static const struct aovpn_field local_failure_fields[] = {
	OF(local_failure, 32, TEXT, cause),
	OF(local_failure, 33, TEXT, text),
	END,
};

static const struct aovpn_field send_failed_fields[] = {
	OF(send_failed, 32, I32, error),
	OF(send_failed, 33, U32, length),
	END,
};

static const struct aovpn_field fragment_fields[] = {
	OF(fragment, 32, U8, protocol), OF(fragment, 33, U8, more),
	OF(fragment, 34, U32, id),      OF(fragment, 35, U32, offset),
	OF(fragment, 36, U32, length),  OF(fragment, 37, U32, whole),
	OF(fragment, 38, U8, exchange), END,
};

static const struct aovpn_field xfrm_error_fields[] = {
	OF(xfrm_error, 32, TEXT, name),
	OF(xfrm_error, 33, U64, count),
	END,
};

static const struct aovpn_field tcp_fields[] = {
	OF(tcp, 32, U8, event),
	OF(tcp, 33, I32, error),
	END,
};

static const struct aovpn_field name_failed_fields[] = {
	OF(name_failed, 32, I32, gai_error),
	OF(name_failed, 33, TEXT, name),
	END,
};

static const struct aovpn_field neighbour_fields[] = {
	OF(neighbour, 32, U32, interface),
	END,
};

static const struct aovpn_field tunnel_fields[] = {
	OF(tunnel, 32, U64, packets_out),  OF(tunnel, 33, U64, packets_in),
	OF(tunnel, 34, TEXT, overlap),     OF(tunnel, 35, TEXT, dns_missing),
	OF(tunnel, 36, TEXT, dns_refused), END,
};

static const struct aovpn_field tried_fields[] = {
	OF(tried, 32, TEXT, server),
	OF(tried, 33, I32, ras_code),
	OF(tried, 34, TEXT, cause),
	OF(tried, 35, U32, duration_ms),
	END,
};

static const struct aovpn_field suspended_fields[] = {
	OF(suspended, 32, U64, seconds),
	END,
};

static const struct aovpn_field clock_fields[] = {
	OF(clock, 32, U8, synchronised), OF(clock, 33, U64, now),
	OF(clock, 34, U64, latest),      OF(clock, 35, TEXT, latest_by),
	OF(clock, 36, I32, stepped),     END,
};

static const struct {
	const char *name;
	const struct aovpn_field *fields;
} kinds[AOVPN_OBS_KIND_END] = {
	[AOVPN_OBS_IKE_STATE] = {"ike_state", ike_state_fields},
	[AOVPN_OBS_IKE_MESSAGE] = {"ike_message", ike_message_fields},
	[AOVPN_OBS_RETRANSMIT] = {"retransmit", retransmit_fields},
	[AOVPN_OBS_ALERT] = {"alert", alert_fields},
	[AOVPN_OBS_TLS_STATE] = {"tls_state", tls_state_fields},
	[AOVPN_OBS_TLS_ALERT] = {"tls_alert", tls_alert_fields},
	[AOVPN_OBS_CERT_REFUSED] = {"cert_refused", cert_refused_fields},
	[AOVPN_OBS_CA_LIST] = {"ca_list", ca_list_fields},
	[AOVPN_OBS_CHILD_UP] = {"child_up", child_up_fields},
	[AOVPN_OBS_CHILD_DOWN] = {"child_down", no_fields},
	[AOVPN_OBS_PACKET] = {"packet", packet_fields},
	[AOVPN_OBS_SEND] = {"send", packet_fields},
	[AOVPN_OBS_PACKET_DROPPED] = {"packet_dropped", drop_fields},
	[AOVPN_OBS_ICMP_ERROR] = {"icmp_error", icmp_fields},
	[AOVPN_OBS_RESOLVED] = {"resolved", resolved_fields},
	[AOVPN_OBS_LOCAL_FAILURE] = {"local_failure", local_failure_fields},
	[AOVPN_OBS_SEND_FAILED] = {"send_failed", send_failed_fields},
	[AOVPN_OBS_FRAGMENT] = {"fragment", fragment_fields},
	[AOVPN_OBS_XFRM_ERROR] = {"xfrm_error", xfrm_error_fields},
	[AOVPN_OBS_TCP] = {"tcp", tcp_fields},
	[AOVPN_OBS_NAME_FAILED] = {"name_failed", name_failed_fields},
	[AOVPN_OBS_NEIGHBOUR_FAILED] = {"neighbour_failed", neighbour_fields},
	[AOVPN_OBS_CLOCK] = {"clock", clock_fields},
	[AOVPN_OBS_TUNNEL] = {"tunnel", tunnel_fields},
	[AOVPN_OBS_SUSPENDED] = {"suspended", suspended_fields},
	[AOVPN_OBS_TRIED] = {"tried", tried_fields},
	[AOVPN_OBS_ADDRESS_GONE] = {"address_gone", no_fields},
};

const struct aovpn_field *aovpn_observation_kind_fields(uint32_t kind)
{
	return kind < AOVPN_OBS_KIND_END ? kinds[kind].fields : NULL;
}

const char *aovpn_observation_kind_name(uint32_t kind)
{
	return kind < AOVPN_OBS_KIND_END ? kinds[kind].name : NULL;
}

const char *aovpn_source_name(uint32_t source)
{
	static const char *const names[AOVPN_SOURCE_COUNT] = {
		[AOVPN_SOURCE_PLUGIN] = "plugin",
		[AOVPN_SOURCE_KERNEL] = "kernel",
		[AOVPN_SOURCE_ICMP] = "icmp",
		[AOVPN_SOURCE_DAEMON] = "daemon",
		[AOVPN_SOURCE_FRAGMENTS] = "fragments",
		[AOVPN_SOURCE_CHARON] = "charon",
	};

	return source < AOVPN_SOURCE_COUNT ? names[source] : "unknown";
}

uint64_t aovpn_boottime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

const char *aovpn_address_text(uint8_t family, const uint8_t *address,
			       char *out, size_t size)
{
	out[0] = '\0';
	if (family == AF_INET || family == AF_INET6)
		inet_ntop(family, address, out, (socklen_t)size);
	return out;
}

void aovpn_address_from_sockaddr(const struct sockaddr *sa, uint8_t *family,
				 uint8_t address[16], uint16_t *port)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)sa;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)sa;

	memset(address, 0, 16);
	*family = 0;
	if (sa->sa_family == AF_INET) {
		memcpy(address, &v4->sin_addr, 4);
		*family = AF_INET;
		if (port)
			*port = ntohs(v4->sin_port);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(address, &v6->sin6_addr, 16);
		*family = AF_INET6;
		if (port)
			*port = ntohs(v6->sin6_port);
	}
}
