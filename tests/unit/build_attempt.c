/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build_attempt.c - see build_attempt.h. */
#include "build_attempt.h"

#include <netinet/in.h>
#include <string.h>

#define NOW 1795300000

static void sound_certificate(struct aovpn_certificate_facts *c,
			      const char *subject, const char *issuer)
{
	strcpy(c->subject, subject);
	strcpy(c->issuer, issuer);
	c->not_before = NOW - 86400;
	c->not_after = NOW + 86400;
	c->has_cdp = true;
	c->eku_client_auth = true;
	c->self_issued = strcmp(subject, issuer) == 0;
}

static void sound_chain(struct aovpn_chain_facts *chain)
{
	struct aovpn_certificate_facts *leaf = &chain->certificate[0];

	chain->count = 3;
	chain->complete = true;
	sound_certificate(leaf, "CN=user1", "CN=Issuing CA");
	strcpy(leaf->upn, "user1@contoso.test");
	strcpy(leaf->sid_uri, "S-1-5-21-1-2-3-1105");
	sound_certificate(&chain->certificate[1], "CN=Issuing CA",
			  "CN=Root CA");
	sound_certificate(&chain->certificate[2], "CN=Root CA", "CN=Root CA");
	chain->certificate[1].is_ca = chain->certificate[2].is_ca = true;
	chain->certificate[2].has_cdp = false; /* a root needs none */
}

void attempt_begin(struct aovpn_attempt *a)
{
	uint32_t i;

	memset(a, 0, sizeof(*a));
	strcpy(a->id, "6f0c0f5e-0000-4000-8000-000000000001");
	strcpy(a->connection, "corp");
	strcpy(a->charon_name, "aovpn-corp");
	strcpy(a->server, "vpn.contoso.test");
	strcpy(a->user, "user1");
	a->started_at = NOW;
	a->started_ns = 1;
	for (i = 0; i < AOVPN_SOURCE_COUNT; i++)
		a->live[i] = true;
	a->sees_egress = true;
	sound_chain(&a->chain);
}

static struct aovpn_observation new_observation(const struct aovpn_attempt *a,
						uint32_t kind, uint32_t source)
{
	struct aovpn_observation o = {.kind = kind, .source = source};

	o.time_ns = 1000000ull * (a->count + 1);
	o.spi_i = TEST_SPI;
	o.flow.family = AF_INET;
	memcpy(o.flow.remote, "\xc6\x33\x64\x0a", 4);
	o.flow.remote_port = 500;
	if (source == AOVPN_SOURCE_PLUGIN) {
		o.ike_sa_id = 1;
		strcpy(o.connection, "aovpn-corp");
	}
	return o;
}

void add_state(struct aovpn_attempt *a, uint32_t state)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_IKE_STATE, AOVPN_SOURCE_PLUGIN);

	o.u.ike_state.state = state;
	aovpn_attempt_add(a, &o);
}

static struct aovpn_observation message(const struct aovpn_attempt *a,
					bool incoming, uint8_t exchange,
					uint32_t id)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_IKE_MESSAGE, AOVPN_SOURCE_PLUGIN);

	o.u.ike_message.incoming = incoming;
	o.u.ike_message.response = incoming;
	o.u.ike_message.exchange = exchange;
	o.u.ike_message.message_id = id;
	return o;
}

void add_out(struct aovpn_attempt *a, uint8_t exchange, uint32_t id)
{
	struct aovpn_observation o = message(a, false, exchange, id);

	aovpn_attempt_add(a, &o);
}

void add_in(struct aovpn_attempt *a, uint8_t exchange, uint32_t id,
	    uint16_t notify)
{
	struct aovpn_observation o = message(a, true, exchange, id);

	if (notify) {
		o.u.ike_message.notify_count = 1;
		o.u.ike_message.notify[0] = notify;
	}
	aovpn_attempt_add(a, &o);
}

void add_eap_in(struct aovpn_attempt *a, uint8_t code, uint8_t type)
{
	struct aovpn_observation o = message(a, true, 35, a->count);

	o.u.ike_message.eap_code = code;
	o.u.ike_message.eap_type = type;
	aovpn_attempt_add(a, &o);
}

void add_eap_out(struct aovpn_attempt *a, uint8_t type)
{
	struct aovpn_observation o = message(a, false, 35, a->count);

	o.u.ike_message.eap_code = 2;
	o.u.ike_message.eap_type = type;
	aovpn_attempt_add(a, &o);
}

void add_ms_status(struct aovpn_attempt *a, uint32_t value, uint8_t eap_code)
{
	struct aovpn_observation o = message(a, true, 35, a->count);

	o.u.ike_message.eap_code = eap_code;
	o.u.ike_message.has_ms_status = 1;
	o.u.ike_message.ms_status = value;
	o.u.ike_message.notify_count = 1;
	o.u.ike_message.notify[0] = 12345;
	aovpn_attempt_add(a, &o);
}

void add_retransmits(struct aovpn_attempt *a, uint32_t count, uint32_t id,
		     uint32_t length)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_RETRANSMIT, AOVPN_SOURCE_PLUGIN);
	uint32_t i;

	o.u.retransmit.message_id = id;
	o.u.retransmit.length = length;
	for (i = 1; i <= count; i++) {
		o.u.retransmit.count = i;
		aovpn_attempt_add(a, &o);
	}
	o.u.retransmit.given_up = 1;
	aovpn_attempt_add(a, &o);
}

void add_retransmit(struct aovpn_attempt *a, uint32_t count, uint32_t id)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_RETRANSMIT, AOVPN_SOURCE_PLUGIN);

	o.u.retransmit.message_id = id;
	o.u.retransmit.count = count;
	aovpn_attempt_add(a, &o);
}

void add_tls(struct aovpn_attempt *a, uint32_t state)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_TLS_STATE, AOVPN_SOURCE_PLUGIN);

	o.u.tls_state.state = state;
	o.u.tls_state.version = 0x0303;
	aovpn_attempt_add(a, &o);
}

void add_tls_resumed(struct aovpn_attempt *a, uint32_t state)
{
	add_tls(a, state);
	a->observations[a->count - 1].u.tls_state.resumed = 1;
}

void add_tls_failed(struct aovpn_attempt *a, uint32_t library, uint32_t reason)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_TLS_STATE, AOVPN_SOURCE_PLUGIN);

	o.u.tls_state.state = AOVPN_TLS_FAILED;
	o.u.tls_state.library = library;
	o.u.tls_state.reason = reason;
	strcpy(o.u.tls_state.text, "a reason");
	aovpn_attempt_add(a, &o);
}

static void add_alert_of_level(struct aovpn_attempt *a, uint8_t level,
			       uint8_t description)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_TLS_ALERT, AOVPN_SOURCE_PLUGIN);

	o.u.tls_alert.level = level;
	o.u.tls_alert.description = description;
	aovpn_attempt_add(a, &o);
}

void add_tls_warning(struct aovpn_attempt *a, uint8_t description)
{
	add_alert_of_level(a, 1, description);
}

void add_tls_alert(struct aovpn_attempt *a, uint8_t description)
{
	add_alert_of_level(a, 2, description);
}

void add_refused(struct aovpn_attempt *a, uint32_t role, uint32_t error)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_CERT_REFUSED, AOVPN_SOURCE_PLUGIN);

	o.u.cert_refused.role = role;
	o.u.cert_refused.x509_error = error;
	strcpy(o.u.cert_refused.subject, "CN=refused");
	strcpy(o.u.cert_refused.issuer, "CN=its issuer");
	strcpy(o.u.cert_refused.names, "other.contoso.test");
	aovpn_attempt_add(a, &o);
}

void add_alert(struct aovpn_attempt *a, uint32_t alert, const char *text)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_ALERT, AOVPN_SOURCE_PLUGIN);

	o.u.alert.alert = alert;
	strcpy(o.u.alert.text, text);
	aovpn_attempt_add(a, &o);
}

void add_sent(struct aovpn_attempt *a, bool left)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_SEND, AOVPN_SOURCE_KERNEL);

	o.spi_i = 0;
	aovpn_attempt_add(a, &o);
	o.kind = AOVPN_OBS_PACKET;
	o.u.packet.length = 300;
	if (left)
		aovpn_attempt_add(a, &o);
}

void add_drop(struct aovpn_attempt *a, bool incoming, const char *reason)
{
	struct aovpn_observation o = new_observation(
		a, AOVPN_OBS_PACKET_DROPPED, AOVPN_SOURCE_KERNEL);

	o.u.drop.incoming = incoming;
	strcpy(o.u.drop.reason, reason);
	strcpy(o.u.drop.location, "nft_do_chain");
	aovpn_attempt_add(a, &o);
}

void add_send_failed(struct aovpn_attempt *a, int32_t error)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_SEND_FAILED, AOVPN_SOURCE_PLUGIN);

	o.u.send_failed.error = error;
	o.u.send_failed.length = 400;
	aovpn_attempt_add(a, &o);
}

static struct aovpn_observation icmp_error(const struct aovpn_attempt *a,
					   uint8_t type, uint8_t code)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_ICMP_ERROR, AOVPN_SOURCE_ICMP);

	o.u.icmp.type = type;
	o.u.icmp.code = code;
	o.u.icmp.from_family = AF_INET;
	memcpy(o.u.icmp.from, "\xc0\x00\x02\x01", 4);
	return o;
}

void add_icmp(struct aovpn_attempt *a, uint8_t type, uint8_t code)
{
	struct aovpn_observation o = icmp_error(a, type, code);

	aovpn_attempt_add(a, &o);
}

void add_icmp6(struct aovpn_attempt *a, uint8_t type, uint8_t code)
{
	struct aovpn_observation o = icmp_error(a, type, code);

	o.flow.family = o.u.icmp.from_family = AF_INET6;
	o.u.icmp.mtu = type == 2 ? 1280 : 0;
	aovpn_attempt_add(a, &o);
}

void add_icmp_esp(struct aovpn_attempt *a, uint8_t type, uint8_t code,
		  uint32_t spi)
{
	struct aovpn_observation o = icmp_error(a, type, code);

	o.spi_i = 0;
	o.flow.remote_port = 0;
	o.u.icmp.esp_spi = spi;
	aovpn_attempt_add(a, &o);
}

void add_fragment(struct aovpn_attempt *a, uint32_t id, uint32_t offset,
		  uint32_t length, bool more, uint32_t whole)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_FRAGMENT, AOVPN_SOURCE_FRAGMENTS);

	o.spi_i = offset == 0 ? TEST_SPI : 0;
	o.flow.remote_port = o.flow.local_port = offset == 0 ? 4500 : 0;
	o.u.fragment.protocol = IPPROTO_UDP;
	o.u.fragment.id = id;
	o.u.fragment.offset = offset;
	o.u.fragment.length = length;
	o.u.fragment.more = more;
	o.u.fragment.whole = whole;
	o.u.fragment.exchange = offset == 0 ? 35 : 0;
	aovpn_attempt_add(a, &o);
}

void add_xfrm_error(struct aovpn_attempt *a, const char *name, uint64_t count)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_XFRM_ERROR, AOVPN_SOURCE_DAEMON);

	strcpy(o.u.xfrm_error.name, name);
	o.u.xfrm_error.count = count;
	aovpn_attempt_add(a, &o);
}

void add_delivered(struct aovpn_attempt *a, uint8_t exchange)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_PACKET, AOVPN_SOURCE_KERNEL);

	o.u.packet.incoming = 1;
	o.u.packet.exchange = exchange;
	aovpn_attempt_add(a, &o);
}

void add_local_failure(struct aovpn_attempt *a, const char *cause)
{
	struct aovpn_observation o = new_observation(a, AOVPN_OBS_LOCAL_FAILURE,
						     AOVPN_SOURCE_DAEMON);

	strcpy(o.u.local_failure.cause, cause);
	strcpy(o.u.local_failure.text, "because");
	aovpn_attempt_add(a, &o);
}

void add_resolve_error(struct aovpn_attempt *a, int32_t gai_error)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_RESOLVED, AOVPN_SOURCE_DAEMON);

	o.u.resolved.gai_error = gai_error;
	aovpn_attempt_add(a, &o);
}

void add_child_up(struct aovpn_attempt *a)
{
	struct aovpn_observation o =
		new_observation(a, AOVPN_OBS_CHILD_UP, AOVPN_SOURCE_PLUGIN);

	strcpy(o.u.child_up.addresses, "10.99.0.10");
	aovpn_attempt_add(a, &o);
}

void reach_auth(struct aovpn_attempt *a)
{
	add_state(a, AOVPN_IKE_CONNECTING);
	add_out(a, 34, 0);
	add_in(a, 34, 0, 16430);
	add_out(a, 35, 1);
}

void reach_identity(struct aovpn_attempt *a)
{
	reach_auth(a);
	add_eap_in(a, 1, 1);
	add_eap_out(a, 1);
}

void reach_certificate(struct aovpn_attempt *a)
{
	reach_identity(a);
	add_eap_in(a, 1, 13);
	add_tls(a, AOVPN_TLS_STARTED);
	add_eap_out(a, 13);
	add_tls(a, AOVPN_TLS_CERTIFICATE_SENT);
}
