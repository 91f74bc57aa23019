/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_exchange.h - IKE_SA_INIT requests on the wire: several beside each
 * other, each from a UDP socket and port of its own, sent again while nothing
 * comes.
 */
#ifndef AOVPN_DOCTOR_EXCHANGE_H
#define AOVPN_DOCTOR_EXCHANGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "ike_probe.h"

#define EXCHANGES_MAX 24
#define EXCHANGE_MS   2400 /* until a silent one is over */

enum exchange_state {
	EXCHANGE_SILENT,   /* sent, and nothing came back */
	EXCHANGE_ANSWERED, /* answer is set */
	EXCHANGE_BROKEN,   /* only what is no sound answer: text */
	EXCHANGE_ICMP,     /* only ICMP errors: error, icmp_* */
	EXCHANGE_UNSENT,   /* this machine does not send it: error */
};

struct exchange {
	/* The request: its flow's family, remote address and port are given,
	 * the local ones are set here. */
	struct ike_probe probe;
	/* In its place where that is met by silence, or by a refusal that could
	 * be one of its form; spi 0: there is none. */
	struct ike_probe plain;
	bool whole; /* with DF and whatever the path's MTU is said to be; else
		       it may be fragmented */

	/* What became of it. */
	enum exchange_state state;
	struct ike_answer answer;
	uint32_t rtt_ms; /* of the answer, since the last request */
	bool by_plain;   /* plain was answered */
	bool cookie;     /* a cookie was asked for, and given */
	int error;       /* errno */
	uint8_t icmp_type, icmp_code;
	uint32_t icmp_mtu;                /* 0: not told */
	char icmp_from[INET6_ADDRSTRLEN]; /* "": not known */
	struct aovpn_error text;

	/* Private. */
	int fd;
	unsigned int sent, icmp_count;
	uint64_t sent_ns, next_ns;
	bool done;
};

/* Do count (at most EXCHANGES_MAX) of them, for at most timeout_ms. */
void exchanges_run(struct exchange *list, size_t count, uint32_t timeout_ms);

/* An answer came that means no more than that: a notify that is neither about
 * proposals nor groups. */
bool exchange_is_strange(const struct exchange *exchange);

#endif
