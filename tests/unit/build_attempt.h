/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_attempt.h - makes attempts out of observations, one call an
 * observation, in the order in which the sources would report them.
 */
#ifndef BUILD_ATTEMPT_H
#define BUILD_ATTEMPT_H

#include "attempt.h"

#define TEST_SPI 0x1122334455667788ull

/* An attempt at vpn.contoso.test with a sound two-tier chain of which nothing
 * is wrong, all sources live. Clear it with aovpn_attempt_clear. */
void attempt_begin(struct aovpn_attempt *a);

void add_state(struct aovpn_attempt *a, uint32_t state);
void add_out(struct aovpn_attempt *a, uint8_t exchange, uint32_t id);
void add_in(struct aovpn_attempt *a, uint8_t exchange, uint32_t id,
	    uint16_t notify);
void add_eap_in(struct aovpn_attempt *a, uint8_t code, uint8_t type);
void add_eap_out(struct aovpn_attempt *a, uint8_t type);
void add_ms_status(struct aovpn_attempt *a, uint32_t value, uint8_t eap_code);
void add_retransmits(struct aovpn_attempt *a, uint32_t count, uint32_t id,
		     uint32_t length);
/* One retransmission, the count-th. */
void add_retransmit(struct aovpn_attempt *a, uint32_t count, uint32_t id);
void add_tls(struct aovpn_attempt *a, uint32_t state);
/* The same of a handshake that offers (STARTED) or resumes a session. */
void add_tls_resumed(struct aovpn_attempt *a, uint32_t state);
void add_tls_failed(struct aovpn_attempt *a, uint32_t library, uint32_t reason);
void add_tls_warning(struct aovpn_attempt *a, uint8_t description);
void add_tls_alert(struct aovpn_attempt *a, uint8_t description);
void add_refused(struct aovpn_attempt *a, uint32_t role, uint32_t error);
void add_alert(struct aovpn_attempt *a, uint32_t alert, const char *text);
void add_sent(struct aovpn_attempt *a, bool left);
void add_drop(struct aovpn_attempt *a, bool incoming, const char *reason);
void add_send_failed(struct aovpn_attempt *a, int32_t error);
void add_icmp(struct aovpn_attempt *a, uint8_t type, uint8_t code);
/* The same by IPv6, about ESP of an SPI (0: about IKE), and with an MTU. */
void add_icmp6(struct aovpn_attempt *a, uint8_t type, uint8_t code);
void add_icmp_esp(struct aovpn_attempt *a, uint8_t type, uint8_t code,
		  uint32_t spi);
/* A fragment of the gateway's packet of this id. whole: in the first one, all
 * bytes by its UDP header, which stands for an IKE_AUTH message on port 4500.
 */
void add_fragment(struct aovpn_attempt *a, uint32_t id, uint32_t offset,
		  uint32_t length, bool more, uint32_t whole);
void add_xfrm_error(struct aovpn_attempt *a, const char *name, uint64_t count);
void add_delivered(struct aovpn_attempt *a, uint8_t exchange);
void add_local_failure(struct aovpn_attempt *a, const char *cause);
void add_resolve_error(struct aovpn_attempt *a, int32_t gai_error);
void add_child_up(struct aovpn_attempt *a);

/* Up to and with the first IKE_AUTH answer, or to our Certificate. */
void reach_auth(struct aovpn_attempt *a);
void reach_identity(struct aovpn_attempt *a);
void reach_certificate(struct aovpn_attempt *a);

#endif
