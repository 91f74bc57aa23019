/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_log.h - charon's own messages as observations: the source for IKE_SAs
 * that are not ours, weaker than the plugin.
 *
 * The texts are those of strongSwan 5.9.5 to 6.0.6, levels 0 and 1, English in
 * every locale but for errno's. A message counts only with the group that the
 * source prints it in and from its first character on, so what a peer chose
 * (identities, subjects, CA names) can never stand where a message begins; a
 * text that has such a part in its middle is taken apart at its last possible
 * place. What remains forgeable is therefore the part itself: a gateway that
 * has not authenticated itself yet, or an EAP server, chooses the words that
 * are shown as its subject or identity, and nothing else. charon itself prints
 * unprintable characters of these as '?'; they are escaped again where shown.
 */
#ifndef AOVPN_CHARON_LOG_H
#define AOVPN_CHARON_LOG_H

#include "observation.h"

/* What is kept of a message: what charon prints of an IKE message has 512 bytes
 * at most. */
#define CHARON_TEXT_MAX 1024

/* Of the CAs that a server asks for, how many that charon knows are kept. */
#define CHARON_CAS_MAX 8

enum charon_event_type {
	CHARON_LOG,
	CHARON_IKE_UP,
	CHARON_IKE_DOWN,
	CHARON_IKE_REKEY,
	CHARON_CHILD_UP,
	CHARON_CHILD_DOWN,
	CHARON_ALERT, /* text: its name; from strongSwan 6.0.3 on */
};

/* An event of vici's. All texts come from charon as they are. */
struct charon_event {
	enum charon_event_type type;
	uint64_t time_ns;          /* CLOCK_BOOTTIME, when it came here */
	char name[AOVPN_NAME_MAX]; /* of the IKE_SA's connection, or "" */
	uint32_t ike_sa_id;        /* 0: of no IKE_SA */
	uint32_t new_id;           /* CHARON_IKE_REKEY: that takes its place */
	uint64_t spi_i;            /* 0: not told */
	uint64_t spi_r;
	char group[8];              /* CHARON_LOG: "IKE", "NET", ... */
	char text[CHARON_TEXT_MAX]; /* cut where it is longer */
	bool cut;
};

enum charon_log_end {
	CHARON_NOT_OVER,
	CHARON_CHILD_FAILED, /* the IKE_SA may live on, without a CHILD_SA */
	CHARON_GAVE_UP, /* after retransmissions or retries, or the name's */
};

/* What the messages of one IKE_SA have shown so far; all zero at its start. */
struct charon_log {
	enum charon_log_end end;
	bool peer_deleted; /* the gateway asked for the end of the IKE_SA */
	bool replaced;     /* charon sets up another in its place */
	char user[AOVPN_TEXT_MAX];   /* EAP identity that charon sent */
	char server[AOVPN_TEXT_MAX]; /* name that it resolves, or address */
	char certificate[AOVPN_TEXT_MAX]; /* subject of the client's */
	bool unresolved;
	bool no_certificate; /* that it could have shown to the EAP server */
	/* The CAs that the EAP server asked for and that charon knows, as it
	 * prints them; known_count may be more than there is room for. */
	char known_ca[CHARON_CAS_MAX][AOVPN_TEXT_MAX];
	uint32_t known_count;
	char required[AOVPN_TEXT_MAX]; /* identity that the gateway lacks */

	/* Private to the readers (charon_reading.h). */
	struct aovpn_flow flow; /* of the last packet sent */
	uint32_t length;        /* of it, bytes */
	bool in_tls;            /* certificates are the EAP server's */
	bool tls_answer;        /* the next packet sent carries EAP-TLS */
	bool certificate_sent, accepted, alerted;
	bool told_refused;               /* CERT_REFUSED was observed */
	uint32_t flights, largest, last; /* EAP-TLS since our certificate */
	uint32_t tls_version;
	uint32_t message_id; /* of the last request */
	int refused;         /* X509_V_ERR of the certificate at hand */
	uint32_t refused_depth;
	char subject[AOVPN_TEXT_MAX]; /* of it */
	char issuer[AOVPN_TEXT_MAX];
	uint32_t ca_count;
	char ca_names[AOVPN_TEXT_MAX];
	struct aovpn_observation tunnel; /* CHILD_UP, gathered */
};

/*
 * Read one event and say what it shows. *ret gets kind, source, time, whose it
 * is and the flow. Returns 0, or -ENOENT for an event that is no observation;
 * *log may have learnt from it all the same.
 */
int charon_log_read(struct charon_log *log, const struct charon_event *event,
		    struct aovpn_observation *ret);

/* May this event begin the set-up of an IKE_SA by this machine? */
bool charon_log_begins(const struct charon_event *event);

/* Is this the text of a send that the kernel refused? It names no IKE_SA. */
bool charon_log_is_send_failure(const struct charon_event *event);

/* Has it anything to tell of an IKE_SA? Cheap; for whoever queues them. */
bool charon_log_is_of_interest(const struct charon_event *event);

#endif
