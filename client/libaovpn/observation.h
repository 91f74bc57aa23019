/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observation.h - one fact, seen at one time, about one IKE_SA or one flow.
 *
 * Every source (the strongSwan plugin, the tracer, the ICMP listener, the
 * daemon itself) yields values of this one type; the attempt tracker gathers
 * them and diagnosis reads nothing else about the dial. A description table
 * (observation.c) names each field once; the channel's codec and, for people,
 * the JSON form are both driven by it.
 */
#ifndef AOVPN_OBSERVATION_H
#define AOVPN_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define AOVPN_NAME_MAX   64  /* connection name with its NUL */
#define AOVPN_TEXT_MAX   256 /* any text of an observation with its NUL */
#define AOVPN_NOTIFY_MAX 16  /* notifies kept of one IKE message */

enum aovpn_source {
	AOVPN_SOURCE_PLUGIN,    /* libstrongswan-aovpn inside charon */
	AOVPN_SOURCE_KERNEL,    /* the BPF tracer */
	AOVPN_SOURCE_ICMP,      /* packet socket for ICMP errors */
	AOVPN_SOURCE_DAEMON,    /* aovpnd itself */
	AOVPN_SOURCE_FRAGMENTS, /* packet socket for IP fragments */
	AOVPN_SOURCE_CHARON,    /* charon's own messages, by vici */
	AOVPN_SOURCE_COUNT
};

enum aovpn_observation_kind {
	AOVPN_OBS_IKE_STATE = 1,  /* plugin: u.ike_state */
	AOVPN_OBS_IKE_MESSAGE,    /* plugin: u.ike_message, decrypted */
	AOVPN_OBS_RETRANSMIT,     /* plugin: u.retransmit */
	AOVPN_OBS_ALERT,          /* plugin: u.alert, from charon's bus */
	AOVPN_OBS_TLS_STATE,      /* plugin: u.tls_state */
	AOVPN_OBS_TLS_ALERT,      /* plugin: u.tls_alert */
	AOVPN_OBS_CERT_REFUSED,   /* plugin: u.cert_refused, by us */
	AOVPN_OBS_CHILD_UP,       /* plugin: u.child_up */
	AOVPN_OBS_CHILD_DOWN,     /* plugin: nothing more */
	AOVPN_OBS_PACKET,         /* kernel: u.packet passed in or out */
	AOVPN_OBS_SEND,           /* kernel: u.packet handed to the socket */
	AOVPN_OBS_PACKET_DROPPED, /* kernel: u.drop */
	AOVPN_OBS_ICMP_ERROR,     /* icmp: u.icmp */
	AOVPN_OBS_RESOLVED,       /* daemon: u.resolved, good or bad */
	AOVPN_OBS_LOCAL_FAILURE,  /* daemon: u.local_failure, no packet sent */
	AOVPN_OBS_CA_LIST,        /* plugin: u.ca_list, in the server's request
				     for our certificate */
	AOVPN_OBS_SEND_FAILED, /* plugin: u.send_failed, charon could not send
				*/
	AOVPN_OBS_FRAGMENT,    /* fragments: u.fragment came in */
	AOVPN_OBS_XFRM_ERROR,  /* daemon: u.xfrm_error, the kernel's IPsec
				  counted one */
	AOVPN_OBS_TCP,         /* kernel: u.tcp, trouble of a connection that
				  charon or aovpnd itself makes */
	AOVPN_OBS_NAME_FAILED, /* kernel, plugin: u.name_failed, charon asked
				  for it */
	AOVPN_OBS_NEIGHBOUR_FAILED, /* kernel: u.neighbour; flow.remote, an
				       address on the link, does not answer */
	AOVPN_OBS_CLOCK,            /* daemon: u.clock, before the dial */
	AOVPN_OBS_TUNNEL,           /* daemon: u.tunnel, that is up */
	AOVPN_OBS_SUSPENDED,        /* daemon: u.suspended, the machine slept
				       during the tunnel's life */
	AOVPN_OBS_ADDRESS_GONE,     /* daemon: flow.local, which it went out
				       from, is none of this machine's now */
	AOVPN_OBS_TRIED, /* daemon: u.tried; flow.remote did not lead to the end
			    of the dial, or did */
	AOVPN_OBS_KIND_END
};

/* Addresses and ports of a UDP (or ESP: ports 0) flow, seen from this
 * machine. Family AF_UNSPEC (0): not known. IPv4 uses the first 4 bytes. */
struct aovpn_flow {
	uint8_t family; /* AF_INET, AF_INET6, or 0 */
	uint8_t local[16];
	uint8_t remote[16];
	uint16_t local_port; /* host order */
	uint16_t remote_port;
};

enum aovpn_ike_state {
	AOVPN_IKE_CREATED,
	AOVPN_IKE_CONNECTING,
	AOVPN_IKE_ESTABLISHED,
	AOVPN_IKE_REKEYED, /* this IKE_SA takes the place of another of the same
			      connection */
	AOVPN_IKE_DELETING,
	AOVPN_IKE_DESTROYING,
	AOVPN_IKE_OTHER, /* PASSIVE, REKEYING: of no interest here */
};

/* charon's alerts that say something to a client (bus.h alert_t). */
enum aovpn_alert {
	AOVPN_ALERT_PEER_ADDR_FAILED = 1,
	AOVPN_ALERT_LOCAL_AUTH_FAILED, /* the peer refused us, or our EAP failed
					*/
	AOVPN_ALERT_PEER_AUTH_FAILED,  /* we refused the peer */
	AOVPN_ALERT_PROPOSAL_MISMATCH_IKE,
	AOVPN_ALERT_PROPOSAL_MISMATCH_CHILD,
	AOVPN_ALERT_KEEP_ON_CHILD_SA_FAILURE,
	AOVPN_ALERT_INSTALL_CHILD_SA_FAILED,
	AOVPN_ALERT_INSTALL_CHILD_POLICY_FAILED,
	AOVPN_ALERT_CERT_NO_ISSUER,
	AOVPN_ALERT_CERT_UNTRUSTED_ROOT,
	AOVPN_ALERT_CERT_EXPIRED,
	AOVPN_ALERT_CERT_REVOKED,
	AOVPN_ALERT_CERT_VALIDATION_FAILED, /* no CRL or OCSP answer: normal */
	AOVPN_ALERT_PARSE_ERROR,
	AOVPN_ALERT_OTHER,
	AOVPN_ALERT_PEER_SIGNATURE, /* the peer's does not verify; charon has
				       no alert of its own for it */
};

enum aovpn_tls_state {
	AOVPN_TLS_STARTED = 1,      /* EAP-TLS Start received */
	AOVPN_TLS_CERTIFICATE_SENT, /* our Certificate flight left, complete */
	AOVPN_TLS_FINISHED,         /* handshake complete as we see it */
	AOVPN_TLS_ACCEPTED,         /* the server showed that it accepted us:
				       its Finished (1.2), 0x00 (RFC 9190) */
	AOVPN_TLS_FAILED,           /* here: see library and reason */
	AOVPN_TLS_NO_METHOD,        /* the server wanted another EAP type */
};

/* library of a FAILED whose reason is not OpenSSL's but ours; OpenSSL's own
 * libraries are below (ERR_LIB_MASK). */
#define AOVPN_LIBRARY_EAP 256

/* reason of such a FAILED: what the EAP server did. */
enum aovpn_eap_error {
	AOVPN_EAP_MALFORMED = 1,       /* a packet against RFC 5216 */
	AOVPN_EAP_TOO_LONG,            /* a flight beyond our limit */
	AOVPN_EAP_TOO_MANY,            /* requests without end */
	AOVPN_EAP_OTHER_TYPE,          /* in the middle of EAP-TLS */
	AOVPN_EAP_SUCCESS_EARLY,       /* before the handshake was over */
	AOVPN_EAP_SUCCESS_UNCONFIRMED, /* TLS 1.3 without RFC 9190 2.5 */
	AOVPN_EAP_TLS_CLOSED,          /* close_notify in the handshake */
	AOVPN_EAP_TLS_DATA,            /* data where there may be none */
	AOVPN_EAP_NO_CERTIFICATE,      /* ours did not suit its request: not
					  the end, others follow */
	AOVPN_EAP_NO_MEMORY,           /* here: nothing that the server did */
};

enum aovpn_cert_role {
	AOVPN_CERT_GATEWAY = 1, /* the IKE certificate of the gateway */
	AOVPN_CERT_NPS,         /* the TLS certificate of the EAP server */
	AOVPN_CERT_CLIENT,      /* our own */
};

enum aovpn_tcp_event {
	AOVPN_TCP_CONNECT_FAILED = 1, /* error says how; 0: who
					 connected gave up */
	AOVPN_TCP_RESET,              /* the peer reset it */
	AOVPN_TCP_RETRANSMITTED,      /* no acknowledgement came in time */
	AOVPN_TCP_BROKEN,             /* an established one; error says how */
};

struct aovpn_observation {
	uint32_t kind;    /* enum aovpn_observation_kind */
	uint32_t source;  /* enum aovpn_source */
	uint64_t time_ns; /* CLOCK_BOOTTIME at the source */

	/* Whose: what the source knows, 0 or "" where it does not. */
	char connection[AOVPN_NAME_MAX]; /* charon's name of the connection */
	uint32_t ike_sa_id;              /* charon's unique id, 0 unknown */
	uint64_t spi_i;                  /* initiator SPI, host order */
	uint64_t spi_r;
	struct aovpn_flow flow;

	union {
		struct {
			uint32_t state; /* enum aovpn_ike_state */
		} ike_state;
		struct {
			uint8_t incoming; /* else outgoing */
			uint8_t response; /* else request */
			uint8_t exchange; /* RFC 7296: 34 INIT, 35 AUTH, 36, 37
					   */
			uint8_t eap_code; /* 1 request .. 4 failure, 0: no EAP
					   */
			uint8_t eap_type; /* 1 identity, 3 nak, 13 EAP-TLS */
			uint8_t has_ms_status;
			uint32_t message_id;
			uint32_t ms_status; /* notify 12345, MS-IKEE 2.2.7 */
			uint32_t notify_count;
			uint16_t notify[AOVPN_NOTIFY_MAX]; /* types */
			char notify_data[AOVPN_TEXT_MAX];  /* of those that
				have any: "TYPE:HEX, ...", 16 bytes each */
		} ike_message;
		struct {
			uint32_t count;   /* 1 = first retransmission */
			uint8_t given_up; /* charon stopped trying */
			uint32_t message_id;
			uint32_t length; /* bytes of the IKE message */
		} retransmit;
		struct {
			uint32_t alert;            /* enum aovpn_alert */
			char text[AOVPN_TEXT_MAX]; /* subject, proposals, ... */
			char issuer[AOVPN_TEXT_MAX]; /* of the certificate */
		} alert;
		struct {
			uint32_t state;   /* enum aovpn_tls_state */
			uint32_t version; /* wire: 0x0303 TLS 1.2, 0x0304 1.3 */
			uint32_t library; /* where FAILED: ERR_GET_LIB, or
					     AOVPN_LIBRARY_EAP */
			uint32_t reason;  /* where FAILED: ERR_GET_REASON, or
					     enum aovpn_eap_error */
			char text[AOVPN_TEXT_MAX]; /* cipher, or error text */
			uint8_t resumed; /* the session of an earlier dial goes
					    on; with STARTED: is offered */
		} tls_state;
		struct {
			uint8_t sent;        /* else received */
			uint8_t level;       /* 1 warning, 2 fatal */
			uint8_t description; /* RFC 8446 6 */
		} tls_alert;
		struct {
			uint32_t role;       /* enum aovpn_cert_role */
			uint32_t x509_error; /* X509_V_ERR_* of OpenSSL */
			uint32_t depth;      /* 0 = leaf */
			char subject[AOVPN_TEXT_MAX];
			char issuer[AOVPN_TEXT_MAX];
			char names[AOVPN_TEXT_MAX];     /* dNSName SANs, ", " */
			char algorithm[AOVPN_TEXT_MAX]; /* how it is signed,
							   its own key */
		} cert_refused;
		struct {
			uint32_t count; /* 0: the server gives no hint */
			uint8_t ours;   /* a CA of our chain is in it */
			char names[AOVPN_TEXT_MAX]; /* RFC 2253, " / " */
		} ca_list;
		struct {
			char addresses[AOVPN_TEXT_MAX]; /* virtual, ", " */
			char dns[AOVPN_TEXT_MAX];
			char networks[AOVPN_TEXT_MAX]; /* remote selectors */
			char ike_proposal[AOVPN_TEXT_MAX];
			char esp_proposal[AOVPN_TEXT_MAX];
			char gateway_id[AOVPN_TEXT_MAX];   /* IDr */
			char gateway_cert[AOVPN_TEXT_MAX]; /* subject */
		} child_up;
		struct {
			uint8_t incoming;
			uint8_t protocol; /* 17 UDP, 50 ESP */
			uint8_t exchange; /* 0: no IKE header in sight */
			uint8_t flags;    /* of the IKE header */
			uint32_t message_id;
			uint32_t length;     /* IP packet, bytes */
			uint32_t ike_length; /* IKE header's own field */
		} packet;
		struct {
			uint8_t incoming;
			uint8_t protocol;
			uint8_t exchange;
			uint32_t message_id;
			uint32_t length;
			uint64_t address;  /* where in the kernel */
			char reason[64];   /* "NETFILTER_DROP" */
			char location[64]; /* symbol, or "" */
			uint32_t esp_spi;  /* 0: none in sight */
			uint8_t icmp_type; /* protocol 1 or 58: an error about
					      the packet of flow, which was
					      dropped instead of delivered */
			uint8_t icmp_code;
			uint32_t elsewhere; /* 0: in charon's own network
					       namespace, else another's
					       number */
		} drop;
		struct {
			uint8_t type; /* RFC 792 / RFC 4443 */
			uint8_t code;
			uint8_t from_family;
			uint8_t from[16]; /* who sent the ICMP error */
			uint32_t mtu;     /* 3/4 and v6 type 2, else 0 */
			uint32_t esp_spi; /* 0: not about ESP */
		} icmp;
		struct {
			int32_t gai_error; /* EAI_*, 0: resolved */
			int32_t error;     /* errno, where it is EAI_SYSTEM */
			char text[AOVPN_TEXT_MAX]; /* what was wrong */
			char name[AOVPN_TEXT_MAX];
			char addresses[AOVPN_TEXT_MAX]; /* all of it, ", "; the
					one that is dialled is flow.remote */
			uint8_t remembered; /* of the last success: no resolver
					       answers */
		} resolved;
		struct {
			char cause[AOVPN_NAME_MAX]; /* slug of the cause */
			char text[AOVPN_TEXT_MAX];
		} local_failure;
		struct {
			int32_t error;   /* errno of the send; EBADF: charon has
					    no socket to send by, EADDRINUSE:
					    because another has its port */
			uint32_t length; /* of the UDP payload, bytes */
		} send_failed;
		struct {
			uint8_t protocol; /* 17 UDP, 50 ESP */
			uint8_t more;     /* others follow it */
			uint32_t id;      /* of the whole packet */
			uint32_t offset;  /* bytes; 0: the first, with ports */
			uint32_t length;  /* of the data that it carries, bytes
					   */
			uint32_t whole;   /* in the first of UDP: of the whole
					     packet's, as UDP's header says */
			uint8_t exchange; /* in the first; 0: no IKE header in
					     sight */
		} fragment;
		struct {
			char name[AOVPN_NAME_MAX]; /* "XfrmInNoStates" */
			uint64_t count;            /* since the dial began */
		} xfrm_error;
		struct {
			uint8_t event; /* enum aovpn_tcp_event */
			int32_t error; /* errno, 0 where there is none */
		} tcp;
		struct {
			int32_t gai_error; /* EAI_* of getaddrinfo, 0: the
					      plugin does not know it */
			char name[AOVPN_TEXT_MAX];
		} name_failed;
		struct {
			uint32_t interface; /* index */
		} neighbour;
		struct {
			uint8_t synchronised; /* something keeps it right */
			uint64_t now;         /* seconds since 1970, UTC */
			uint64_t latest; /* that is past for sure, 0: unknown */
			char latest_by[AOVPN_TEXT_MAX]; /* "... on" */
			int32_t stepped; /* seconds that it was put forward
					    since the last success in this boot
					  */
		} clock;
		struct {
			uint64_t seconds;
		} suspended;
		struct {
			char server[AOVPN_TEXT_MAX]; /* as in the profile */
			int32_t ras_code;            /* 0: connected */
			char cause[AOVPN_NAME_MAX];  /* slug, or "" */
			uint32_t duration_ms;
		} tried;
		struct {
			uint64_t packets_out; /* since it is up */
			uint64_t packets_in;
			char overlap[AOVPN_TEXT_MAX]; /* "NETWORK of the tunnel
				and NETWORK of eth0", or "" */
			char dns_missing[AOVPN_TEXT_MAX]; /* its DNS servers
				that are not in use, or "" */
			char dns_refused[AOVPN_TEXT_MAX]; /* why nobody has
				set them, or "" */
		} tunnel;
	} u;
};

/* How one field of an observation lies in memory and is called. */
enum aovpn_field_type {
	AOVPN_FIELD_U8,
	AOVPN_FIELD_U16,
	AOVPN_FIELD_U32,
	AOVPN_FIELD_U64,
	AOVPN_FIELD_I32,
	AOVPN_FIELD_TEXT,  /* char[size], NUL-terminated */
	AOVPN_FIELD_BYTES, /* uint8_t[size], all of it */
	AOVPN_FIELD_U16S,  /* uint16_t[size / 2] */
};

struct aovpn_field {
	const char *name; /* snake_case, stable: it is the JSON key */
	uint16_t tag;     /* stable: it is the TLV's type; 0 ends a table */
	uint8_t type;     /* enum aovpn_field_type */
	uint16_t offset;  /* in the structure that the table describes */
	uint16_t size;    /* bytes in memory */
};

/* The fields that every observation has; ends with tag 0. */
extern const struct aovpn_field aovpn_observation_fields[];

/* The fields of u for one kind, offsets from the start of the observation;
 * NULL for a number that is no kind. */
const struct aovpn_field *aovpn_observation_kind_fields(uint32_t kind);

/* "ike_state", "packet_dropped", ...; NULL for a number that is no kind. */
const char *aovpn_observation_kind_name(uint32_t kind);

/* "plugin", "kernel", ...; "unknown" for any other number. */
const char *aovpn_source_name(uint32_t source);

/* Now by CLOCK_BOOTTIME, nanoseconds: the clock of all observations. */
uint64_t aovpn_boottime_ns(void);

/* Address of a flow or ICMP sender as text into out (at least
 * INET6_ADDRSTRLEN bytes); "" where family is 0. Returns out. */
const char *aovpn_address_text(uint8_t family, const uint8_t *address,
			       char *out, size_t size);

/* Set family and the 16-byte address from a socket address, and port (host
 * order) where port is not NULL. Other families leave family 0. */
void aovpn_address_from_sockaddr(const struct sockaddr *sa, uint8_t *family,
				 uint8_t address[16], uint16_t *port);

#endif
