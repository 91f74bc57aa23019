/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_charon_log.c - charon's own messages, as strongSwan 5.9.8 wrote them in
 * the lab (where another release is meant, it is said), and messages in which a
 * peer chose some of the words.
 */
#include <CUnit/CUnit.h>
#include <errno.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/aovpnd/charon_log.h"
#include "client/aovpnd/charon_message.h"
#include "diagnosis.h"

#define SENDING "sending packet: from 192.0.2.10[4500] to 198.51.100.10[4500] "

void charon_log_setup(void);

static struct charon_log ike_sa;
static struct aovpn_observation o;

/* Before each test. */
void charon_log_setup(void)
{
	memset(&ike_sa, 0, sizeof(ike_sa));
}

static struct charon_event event_of(const char *group, const char *text)
{
	struct charon_event event = {.type = CHARON_LOG, .ike_sa_id = 1};

	event.time_ns = 7;
	strcpy(event.name, "lab");
	snprintf(event.group, sizeof(event.group), "%s", group);
	event.cut = strlen(text) >= sizeof(event.text);
	snprintf(event.text, sizeof(event.text), "%s", text);
	return event;
}

static int feed(const char *group, const char *text)
{
	const struct charon_event event = event_of(group, text);

	return charon_log_read(&ike_sa, &event, &o);
}

static void feed_all(const char *const (*lines)[2], struct aovpn_attempt *a)
{
	for (; (*lines)[0]; lines++)
		if (feed((*lines)[0], (*lines)[1]) == 0 && a)
			aovpn_attempt_add(a, &o);
}

static void test_initiating(void)
{
	CU_ASSERT_EQUAL(
		feed("IKE", "initiating IKE_SA lab[1] to 198.51.100.10"), 0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_IKE_STATE);
	CU_ASSERT_EQUAL(o.u.ike_state.state, AOVPN_IKE_CONNECTING);
	CU_ASSERT_EQUAL(o.source, AOVPN_SOURCE_CHARON);
	CU_ASSERT_EQUAL(o.ike_sa_id, 1);
	CU_ASSERT_EQUAL(o.time_ns, 7);
	CU_ASSERT_STRING_EQUAL(o.connection, "lab");
	CU_ASSERT_EQUAL(o.flow.family, AF_INET);
	CU_ASSERT_EQUAL(memcmp(o.flow.remote, "\xc6\x33\x64\x0a", 4), 0);
	CU_ASSERT_STRING_EQUAL(ike_sa.server, "198.51.100.10");
}

static void test_rekeying_is_no_dial(void)
{
	const struct charon_event rekeying =
		event_of("IKE", "initiating IKE_SA lab[2] to 198.51.100.10");
	const struct charon_event dial =
		event_of("IKE", "initiating IKE_SA lab[1] to 2001:db8:2::10");
	const struct charon_event name = event_of(
		"IKE", "unable to resolve vpn.contoso.test, initiate aborted");

	CU_ASSERT_FALSE(charon_log_begins(&rekeying));
	CU_ASSERT_TRUE(charon_log_begins(&dial));
	CU_ASSERT_TRUE(charon_log_begins(&name));
}

static void test_messages(void)
{
	CU_ASSERT_EQUAL(feed("ENC", "parsed IKE_SA_INIT response 0 [ SA KE No "
				    "N(NATD_S_IP) CERTREQ N(FRAG_SUP) V V V ]"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_IKE_MESSAGE);
	CU_ASSERT_TRUE(o.u.ike_message.incoming && o.u.ike_message.response);
	CU_ASSERT_EQUAL(o.u.ike_message.exchange, 34);
	CU_ASSERT_EQUAL(o.u.ike_message.notify_count, 2);
	CU_ASSERT_EQUAL(o.u.ike_message.notify[1], 16430);
	CU_ASSERT_EQUAL(feed("ENC", "generating IKE_AUTH request 12 [ "
				    "EAP/RES/ID ]"),
			0);
	CU_ASSERT_FALSE(o.u.ike_message.incoming || o.u.ike_message.response);
	CU_ASSERT_EQUAL(o.u.ike_message.message_id, 12);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_code, 2);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_type, 1);
	CU_ASSERT_EQUAL(feed("ENC", "parsed IKE_AUTH response 8 [ EAP/FAIL ]"),
			0);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_code, 4);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_type, 0);
	CU_ASSERT_EQUAL(feed("ENC", "parsed IKE_AUTH response 2 [ EAP/REQ/PEAP "
				    "]"),
			0);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_type, 25);
}

static void test_numbers_without_a_name(void)
{
	CU_ASSERT_EQUAL(feed("ENC", "parsed IKE_AUTH response 2 [ N((40501)) "
				    "EAP/REQ/(55) ]"),
			0);
	CU_ASSERT_EQUAL(o.u.ike_message.notify[0], 40501);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_type, 55);
	CU_ASSERT_EQUAL(feed("ENC", "parsed IKE_AUTH response 2 [ "
				    "EAP/REQ/13-Microsoft ]"),
			0);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_type, 254);
}

static void test_windows_code(void)
{
	CU_ASSERT_EQUAL(feed("ENC", "parsed IKE_AUTH response 1 [ "
				    "N(MS_STATUS(13801)) EAP/FAIL ]"),
			0);
	CU_ASSERT_TRUE(o.u.ike_message.has_ms_status);
	CU_ASSERT_EQUAL(o.u.ike_message.ms_status, 13801);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_code, 4);
	CU_ASSERT_EQUAL(feed("ENC", "parsed IKE_AUTH response 1 [ "
				    "N(MS_STATUS(-2146762495)) ]"),
			0);
	CU_ASSERT_EQUAL(o.u.ike_message.ms_status, 0x800b0101);
}

static void test_pieces_and_strangers_are_no_messages(void)
{
	static const char *const none[] = {
		"parsed IKE_AUTH response 1 [ EF(1/2) ]",
		"generating IKE_AUTH request 1 [ EF(2/2) ]",
		"parsed INFORMATIONAL request 0 [ D ]",
		"parsed CREATE_CHILD_SA response 2 [ SA No ]",
		"parsed IKE_AUTH response [ SA ]",
		"parsed IKE_AUTH answer 1 [ SA ]",
		"parsed ",
		"generating",
		"parsed IKE_AUTH response 1",
	};
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CU_ASSERT_EQUAL(feed("ENC", none[i]), -ENOENT);
}

static void test_retransmits(void)
{
	feed("ENC", "generating IKE_SA_INIT request 0 [ SA KE No ]");
	feed("NET", SENDING "(464 bytes)");
	CU_ASSERT_EQUAL(feed("IKE", "retransmit 2 of request with message ID "
				    "0"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_RETRANSMIT);
	CU_ASSERT_EQUAL(o.u.retransmit.count, 2);
	CU_ASSERT_EQUAL(o.u.retransmit.length, 464);
	CU_ASSERT_EQUAL(o.flow.remote_port, 4500);
	CU_ASSERT_EQUAL(ike_sa.end, CHARON_NOT_OVER);
	CU_ASSERT_EQUAL(feed("IKE", "giving up after 4 retransmits"), 0);
	CU_ASSERT_TRUE(o.u.retransmit.given_up);
	CU_ASSERT_EQUAL(ike_sa.end, CHARON_GAVE_UP);
}

/* Up to our certificate; the server's flight comes in three pieces. */
static const char *const up_to_certificate[][2] = {
	{"IKE", "initiating IKE_SA lab[1] to 198.51.100.10"},
	{"ENC", "generating IKE_SA_INIT request 0 [ SA KE No N(FRAG_SUP) ]"},
	{"NET", "sending packet: from 192.0.2.10[500] to 198.51.100.10[500] "
		"(464 bytes)"},
	{"ENC", "parsed IKE_SA_INIT response 0 [ SA KE No N(FRAG_SUP) ]"},
	{"CFG", "selected proposal: IKE:AES_CBC_256/HMAC_SHA2_256_128/"
		"PRF_HMAC_SHA2_256/MODP_2048"},
	{"ENC", "generating IKE_AUTH request 1 [ IDi CERTREQ SA TSi TSr ]"},
	{"NET", SENDING "(368 bytes)"},
	{"ENC", "parsed IKE_AUTH response 1 [ IDr CERT AUTH EAP/REQ/ID ]"},
	{"IKE", "received end entity cert \"CN=vpn.contoso.test\""},
	{"IKE", "authentication of 'CN=vpn.contoso.test' with "
		"RSA_EMSA_PKCS1_SHA2_256 successful"},
	{"IKE", "server requested EAP_IDENTITY (id 0x00), sending "
		"'user1@contoso.test'"},
	{"ENC", "generating IKE_AUTH request 2 [ EAP/RES/ID ]"},
	{"NET", SENDING "(96 bytes)"},
	{"ENC", "parsed IKE_AUTH response 2 [ EAP/REQ/TLS ]"},
	{"IKE", "server requested EAP_TLS authentication (id 0x01)"},
	{"ENC", "generating IKE_AUTH request 3 [ EAP/RES/TLS ]"},
	{"NET", SENDING "(320 bytes)"},
	{"ENC", "parsed IKE_AUTH response 3 [ EAP/REQ/TLS ]"},
	{"TLS", "negotiated TLS 1.2 using suite "
		"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
	{"ENC", "generating IKE_AUTH request 4 [ EAP/RES/TLS ]"},
	{"NET", SENDING "(80 bytes)"},
	{"ENC", "parsed IKE_AUTH response 4 [ EAP/REQ/TLS ]"},
	{"TLS", "sending TLS client certificate 'CN=user1@contoso.test'"},
	{NULL, NULL},
};

static int send_tls(unsigned int length)
{
	char text[128];

	snprintf(text, sizeof(text), SENDING "(%u bytes)", length);
	feed("ENC", "generating IKE_AUTH request 6 [ EAP/RES/TLS ]");
	return feed("NET", text);
}

static void test_server_accepts(void)
{
	feed_all(up_to_certificate, NULL);
	CU_ASSERT_STRING_EQUAL(ike_sa.user, "user1@contoso.test");
	CU_ASSERT_STRING_EQUAL(ike_sa.certificate, "CN=user1@contoso.test");
	CU_ASSERT_EQUAL(send_tls(1104), -ENOENT);
	CU_ASSERT_EQUAL(send_tls(1104), -ENOENT);
	CU_ASSERT_EQUAL(send_tls(560), -ENOENT);
	CU_ASSERT_EQUAL(send_tls(80), 0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_TLS_STATE);
	CU_ASSERT_EQUAL(o.u.tls_state.state, AOVPN_TLS_ACCEPTED);
	CU_ASSERT_EQUAL(o.u.tls_state.version, 0x0303);
	CU_ASSERT_EQUAL(send_tls(80), -ENOENT);
	CU_ASSERT_EQUAL(feed("IKE", "EAP method EAP_TLS succeeded, MSK "
				    "established"),
			-ENOENT);
}

/* The last piece of our flight may be as small as an acknowledgement. */
static void test_small_last_piece_is_no_acceptance(void)
{
	feed_all(up_to_certificate, NULL);
	send_tls(1104);
	send_tls(1104);
	CU_ASSERT_EQUAL(send_tls(80), -ENOENT);
	CU_ASSERT_EQUAL(send_tls(80), 0);
}

static void test_alert_is_no_acceptance(void)
{
	feed_all(up_to_certificate, NULL);
	send_tls(1104);
	send_tls(560);
	CU_ASSERT_EQUAL(feed("TLS", "received fatal TLS alert 'unknown ca'"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_TLS_ALERT);
	CU_ASSERT_EQUAL(o.u.tls_alert.level, 2);
	CU_ASSERT_EQUAL(o.u.tls_alert.description, 48);
	CU_ASSERT_FALSE(o.u.tls_alert.sent);
	CU_ASSERT_EQUAL(send_tls(80), -ENOENT);
}

static void test_tunnel(void)
{
	feed_all(up_to_certificate, NULL);
	feed("IKE", "installing DNS server 10.80.0.20 to /etc/resolv.conf");
	feed("IKE", "installing new virtual IP 10.99.0.10");
	feed("CFG", "selected proposal: ESP:AES_CBC_256/HMAC_SHA2_256_128/"
		    "NO_EXT_SEQ");
	CU_ASSERT_EQUAL(feed("IKE", "IKE_SA lab[1] established between "
				    "192.0.2.10[CN=user1@contoso.test]..."
				    "198.51.100.10[CN=vpn.contoso.test]"),
			0);
	CU_ASSERT_EQUAL(o.u.ike_state.state, AOVPN_IKE_ESTABLISHED);
	CU_ASSERT_EQUAL(feed("IKE", "CHILD_SA lab{1} established with SPIs "
				    "1dc8f2ac_i f4ed452c_o and TS "
				    "10.99.0.10/32 === 10.80.0.0/24"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_CHILD_UP);
	CU_ASSERT_STRING_EQUAL(o.u.child_up.networks, "10.80.0.0/24");
	CU_ASSERT_STRING_EQUAL(o.u.child_up.addresses, "10.99.0.10");
	CU_ASSERT_STRING_EQUAL(o.u.child_up.dns, "10.80.0.20");
	CU_ASSERT_STRING_EQUAL(o.u.child_up.gateway_id, "CN=vpn.contoso.test");
	CU_ASSERT_STRING_EQUAL(o.u.child_up.gateway_cert,
			       "CN=vpn.contoso.test");
	CU_ASSERT_EQUAL(strncmp(o.u.child_up.ike_proposal, "IKE:AES", 7), 0);
	CU_ASSERT_EQUAL(strncmp(o.u.child_up.esp_proposal, "ESP:AES", 7), 0);
}

static void test_gateway_certificate(void)
{
	CU_ASSERT_EQUAL(feed("CFG", "no issuer certificate found for "
				    "\"CN=vpn.contoso.test\""),
			0);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_CERT_NO_ISSUER);
	CU_ASSERT_STRING_EQUAL(o.u.alert.text, "CN=vpn.contoso.test");
	CU_ASSERT_EQUAL(feed("CFG", "subject certificate invalid (valid from "
				    "Jan 01 00:00:00 2024 to Jun 01 00:00:00 "
				    "2024)"),
			0);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_CERT_EXPIRED);
	CU_ASSERT_EQUAL(feed("CFG", "certificate was revoked on Jan 01 "
				    "00:00:00 UTC 2024, reason: superseded"),
			0);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_CERT_REVOKED);
	CU_ASSERT_EQUAL(feed("IKE", "no trusted RSA public key found for "
				    "'CN=vpn.contoso.test'"),
			0);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_PEER_AUTH_FAILED);
}

static void expect_nps(int error)
{
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_CERT_REFUSED);
	CU_ASSERT_EQUAL(o.u.cert_refused.role, AOVPN_CERT_NPS);
	CU_ASSERT_EQUAL(o.u.cert_refused.x509_error, error);
}

static void test_nps_certificate(void)
{
	feed_all(up_to_certificate, NULL);
	CU_ASSERT_EQUAL(feed("CFG", "subject certificate invalid (valid from "
				    "Jan 01 00:00:00 2024 to Jun 01 00:00:00 "
				    "2024)"),
			-ENOENT);
	CU_ASSERT_EQUAL(feed("TLS", "no TLS public key found for server "
				    "'nps.contoso.test'"),
			0);
	expect_nps(X509_V_ERR_CERT_HAS_EXPIRED);
	CU_ASSERT_EQUAL(feed("CFG", "no issuer certificate found for "
				    "\"CN=nps\""),
			-ENOENT);
	feed("CFG", "  issuer is \"CN=Other CA\"");
	CU_ASSERT_EQUAL(feed("TLS", "no trusted certificate found for "
				    "'nps.contoso.test' to verify TLS server"),
			0);
	expect_nps(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
	CU_ASSERT_STRING_EQUAL(o.u.cert_refused.subject, "CN=nps");
	CU_ASSERT_STRING_EQUAL(o.u.cert_refused.issuer, "CN=Other CA");
	CU_ASSERT_EQUAL(feed("TLS", "server certificate does not match to "
				    "'nps.contoso.test'"),
			0);
	expect_nps(X509_V_ERR_HOSTNAME_MISMATCH);
}

/* Whatever the message before it was: charon refused the certificate. */
static void test_alert_about_a_certificate_alone(void)
{
	feed_all(up_to_certificate, NULL);
	CU_ASSERT_EQUAL(feed("TLS", "sending fatal TLS alert 'certificate "
				    "unknown'"),
			0);
	expect_nps(X509_V_ERR_UNSPECIFIED);
	CU_ASSERT_EQUAL(feed("TLS", "sending fatal TLS alert 'access denied'"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_TLS_ALERT);
	CU_ASSERT_TRUE(o.u.tls_alert.sent);
	CU_ASSERT_EQUAL(feed("TLS", "sending fatal TLS alert 'protocol "
				    "version'"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_TLS_STATE);
	CU_ASSERT_EQUAL(o.u.tls_state.state, AOVPN_TLS_FAILED);
}

/* The second and the third form are of 5.9.14 and later. */
static void test_identity_required(void)
{
	static const char *const texts[] = {
		"constraint check failed: identity 'vpn.contoso.test' "
		"required ",
		"constraint check failed: identity 'vpn.contoso.test' (ID_FQDN)"
		" required, not matched by 'CN=x' (ID_DER_ASN1_DN)",
		"constraint check failed: certificate does not confirm "
		"identity 'vpn.contoso.test' (ID_FQDN)",
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		charon_log_setup();
		feed("IKE", "received end entity cert \"CN=x\"");
		CU_ASSERT_EQUAL(feed("CFG", texts[i]), 0);
		CU_ASSERT_EQUAL(o.u.cert_refused.role, AOVPN_CERT_GATEWAY);
		CU_ASSERT_EQUAL(o.u.cert_refused.x509_error,
				X509_V_ERR_HOSTNAME_MISMATCH);
		CU_ASSERT_STRING_EQUAL(ike_sa.required, "vpn.contoso.test");
		CU_ASSERT_STRING_EQUAL(o.u.cert_refused.subject, "CN=x");
	}
}

/* What remote.cacerts, .certs and .revocation of swanctl.conf want. */
static void test_constraints(void)
{
	static const struct {
		const char *text;
		int error;
		const char *issuer;
	} rows[] = {
		{"peer not authenticated by CA 'CN=it's'",
		 X509_V_ERR_CERT_UNTRUSTED, "another CA than CN=it's"},
		{"peer not authenticated with peer cert 'CN=y'",
		 X509_V_ERR_CERT_UNTRUSTED,
		 "any CA, as it is not the very certificate CN=y"},
		{"RULE_CRL_VALIDATION is FAILED, but requires at least GOOD",
		 X509_V_ERR_UNABLE_TO_GET_CRL, ""},
		{"RULE_OCSP_VALIDATION is STALE, but requires at least GOOD",
		 X509_V_ERR_CRL_HAS_EXPIRED, ""},
	};
	char text[200];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		charon_log_setup();
		feed("IKE", "received end entity cert \"CN=x\"");
		snprintf(text, sizeof(text), "constraint check failed: %s",
			 rows[i].text);
		CU_ASSERT_EQUAL(feed("CFG", text), 0);
		CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_CERT_REFUSED);
		CU_ASSERT_EQUAL(o.u.cert_refused.role, AOVPN_CERT_GATEWAY);
		CU_ASSERT_EQUAL(o.u.cert_refused.x509_error,
				(uint32_t)rows[i].error);
		CU_ASSERT_STRING_EQUAL(o.u.cert_refused.subject, "CN=x");
		CU_ASSERT_STRING_EQUAL(o.u.cert_refused.issuer, rows[i].issuer);
	}
	CU_ASSERT_EQUAL(feed("CFG", "no alternative config found"), 0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_ALERT);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_PEER_AUTH_FAILED);
}

static void test_ca_list(void)
{
	CU_ASSERT_EQUAL(feed("TLS", "received TLS cert request for unknown CA "
				    "'CN=Other'"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_CA_LIST);
	CU_ASSERT_FALSE(o.u.ca_list.ours);
	CU_ASSERT_EQUAL(feed("TLS", "received TLS cert request for 'CN=Ours"),
			0);
	CU_ASSERT_EQUAL(o.u.ca_list.count, 2);
	CU_ASSERT_TRUE(o.u.ca_list.ours);
	CU_ASSERT_STRING_EQUAL(o.u.ca_list.names, "CN=Other / CN=Ours");
	CU_ASSERT_EQUAL(ike_sa.known_count, 1);
	CU_ASSERT_STRING_EQUAL(ike_sa.known_ca[0], "CN=Ours");
}

static void test_end_of_retries(void)
{
	CU_ASSERT_EQUAL(feed("IKE", "giving up after 5 retries"), 0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_IKE_STATE);
	CU_ASSERT_EQUAL(o.u.ike_state.state, AOVPN_IKE_DESTROYING);
	CU_ASSERT_EQUAL(ike_sa.end, CHARON_GAVE_UP);
	CU_ASSERT_EQUAL(feed("IKE", "giving up after 5 path probings"),
			-ENOENT);
}

static void test_end_of_a_tunnel(void)
{
	struct charon_event down = event_of("", "");

	down.type = CHARON_IKE_DOWN;
	CU_ASSERT_EQUAL(feed("IKE", "received DELETE for IKE_SA lab[1]"), 0);
	CU_ASSERT_TRUE(ike_sa.peer_deleted);
	CU_ASSERT_EQUAL(o.u.ike_message.exchange, 37);
	CU_ASSERT_EQUAL(feed("IKE", "deleting IKE_SA lab[1] between "
				    "192.0.2.10[a]...198.51.100.10[b]"),
			0);
	CU_ASSERT_EQUAL(o.u.ike_state.state, AOVPN_IKE_DELETING);
	CU_ASSERT_EQUAL(charon_log_read(&ike_sa, &down, &o), 0);
	CU_ASSERT_EQUAL(o.u.ike_state.state, AOVPN_IKE_DESTROYING);
	CU_ASSERT_EQUAL(feed("IKE", "failed to establish CHILD_SA, keeping "
				    "IKE_SA"),
			0);
	CU_ASSERT_EQUAL(ike_sa.end, CHARON_CHILD_FAILED);
}

static void test_signature(void)
{
	CU_ASSERT_EQUAL(feed("IKE", "signature validation failed, looking for "
				    "another key"),
			0);
	CU_ASSERT_EQUAL(o.kind, AOVPN_OBS_ALERT);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_PEER_SIGNATURE);
}

static void test_send_failure(void)
{
	struct charon_event event = event_of(
		"NET", "error writing to socket: Network is unreachable");

	event.ike_sa_id = 0;
	CU_ASSERT_TRUE(charon_log_is_send_failure(&event));
	CU_ASSERT_TRUE(charon_log_is_of_interest(&event));
	CU_ASSERT_EQUAL(charon_log_read(&ike_sa, &event, &o), 0);
	CU_ASSERT_EQUAL(o.u.send_failed.error, ENETUNREACH);
	strcpy(event.text, "no socket found to send IPv4 packet from port 500");
	CU_ASSERT_TRUE(charon_log_is_send_failure(&event));
	CU_ASSERT_EQUAL(charon_log_read(&ike_sa, &event, &o), 0);
	CU_ASSERT_EQUAL(o.u.send_failed.error, EBADF);
	strcpy(event.group, "IKE");
	CU_ASSERT_FALSE(charon_log_is_send_failure(&event));
	CU_ASSERT_FALSE(charon_log_is_of_interest(&event));
	CU_ASSERT_EQUAL(charon_errno("whatever"), 0);
}

/* From strongSwan 6.0.3 on. */
static void test_alerts(void)
{
	struct charon_event event = event_of("", "cert-revoked");

	event.type = CHARON_ALERT;
	CU_ASSERT_EQUAL(charon_log_read(&ike_sa, &event, &o), 0);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_CERT_REVOKED);
	feed("IKE", "server requested EAP_TLS authentication (id 0x01)");
	CU_ASSERT_EQUAL(charon_log_read(&ike_sa, &event, &o), -ENOENT);
	strcpy(event.text, "half-open-timeout");
	CU_ASSERT_EQUAL(charon_log_read(&ike_sa, &event, &o), -ENOENT);
}

/* --- what a peer may choose ------------------------------------------------
 */

static void test_wrong_group(void)
{
	CU_ASSERT_EQUAL(feed("IKE", "received fatal TLS alert 'unknown ca'"),
			-ENOENT);
	CU_ASSERT_EQUAL(feed("CFG", "parsed IKE_AUTH response 1 [ EAP/FAIL ]"),
			-ENOENT);
	CU_ASSERT_EQUAL(feed("", "giving up after 4 retransmits"), -ENOENT);
}

/* Words of the peer never begin a message, whatever they are. */
static void test_words_inside_a_subject(void)
{
	feed("IKE", "received end entity cert \"CN=a\nreceived fatal TLS alert "
		    "'unknown ca'\"");
	CU_ASSERT_STRING_EQUAL(ike_sa.tunnel.u.child_up.gateway_cert,
			       "CN=a\nreceived fatal TLS alert 'unknown ca'");
	CU_ASSERT_EQUAL(feed("IKE", "authentication of 'giving up after 4 "
				    "retransmits' with RSA signature "
				    "successful"),
			-ENOENT);
	CU_ASSERT_EQUAL(ike_sa.end, CHARON_NOT_OVER);
	CU_ASSERT_EQUAL(feed("IKE", "\ngiving up after 4 retransmits"),
			-ENOENT);
	CU_ASSERT_EQUAL(feed("CFG", "no issuer certificate found for \"CN=a\" "
				    "found for \"CN=b\""),
			0);
	CU_ASSERT_STRING_EQUAL(o.u.alert.text, "CN=a\" found for \"CN=b");
}

static void test_identity_that_looks_like_a_message(void)
{
	CU_ASSERT_EQUAL(feed("IKE", "IKE_SA lab[1] rekeyed between 192.0.2.10"
				    "[a]...198.51.100.10[x] established between"
				    " ]"),
			-ENOENT);
	CU_ASSERT_EQUAL(feed("IKE", "no trusted RSA public key found for "
				    "'received EAP_FAILURE, EAP authentication "
				    "failed'"),
			0);
	CU_ASSERT_EQUAL(o.u.alert.alert, AOVPN_ALERT_PEER_AUTH_FAILED);
	CU_ASSERT_STRING_EQUAL(o.u.alert.text, "");
	feed("IKE", "authentication of 'CN=x' (myself) with EAP");
	CU_ASSERT_STRING_EQUAL(ike_sa.tunnel.u.child_up.gateway_id, "");
}

/* The name of an IKE_SA is this machine's, but may hold anything. */
static void test_odd_connection_name(void)
{
	struct charon_event event = event_of(
		"IKE", "initiating IKE_SA a[9] to 10.0.0.1[1] to 192.0.2.1");

	strcpy(event.name, "a[9] to 10.0.0.1");
	CU_ASSERT_EQUAL(charon_log_read(&ike_sa, &event, &o), 0);
	CU_ASSERT_STRING_EQUAL(ike_sa.server, "192.0.2.1");
}

static void test_more_than_the_message(void)
{
	CU_ASSERT_EQUAL(feed("IKE", "giving up after 4 retransmits, or not"),
			-ENOENT);
	CU_ASSERT_EQUAL(ike_sa.end, CHARON_NOT_OVER);
	CU_ASSERT_EQUAL(feed("IKE", "giving up after some retransmits"),
			-ENOENT);
}

/* A text whose end is missing says nothing by its end. */
static void test_long_message(void)
{
	static char text[65536];
	const char *begin = "no issuer certificate found for \"";

	memset(text, '"', sizeof(text) - 1);
	memcpy(text, begin, strlen(begin));
	CU_ASSERT_EQUAL(feed("CFG", text), -ENOENT);
	memset(text, 'N', sizeof(text) - 1);
	memcpy(text, "parsed IKE_AUTH response 1 [ EAP/FAIL ", 38);
	CU_ASSERT_EQUAL(feed("ENC", text), 0);
	CU_ASSERT_EQUAL(o.u.ike_message.eap_code, 4);
	memset(text, '9', sizeof(text) - 1);
	memcpy(text, "giving up after ", 16);
	CU_ASSERT_EQUAL(feed("IKE", text), -ENOENT);
}

static void test_many_notifies(void)
{
	char text[CHARON_TEXT_MAX] = "parsed IKE_AUTH response 1 [";
	int i;

	for (i = 0; i < 40; i++)
		strcat(text, " N(NO_PROP)");
	CU_ASSERT_EQUAL(feed("ENC", text), 0);
	CU_ASSERT_EQUAL(o.u.ike_message.notify_count, AOVPN_NOTIFY_MAX);
}

static void test_many_cas(void)
{
	char text[900];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text),
			 "received TLS cert request for unknown CA '%0800d'",
			 i);
		feed("TLS", text);
	}
	CU_ASSERT_EQUAL(o.u.ca_list.count, 100);
	CU_ASSERT_TRUE(strlen(o.u.ca_list.names) < AOVPN_TEXT_MAX);
	CU_ASSERT_EQUAL(ike_sa.known_count, 0);
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text),
			 "received TLS cert request for '%0800d", i);
		feed("TLS", text);
	}
	CU_ASSERT_EQUAL(ike_sa.known_count, 100);
	CU_ASSERT_EQUAL(strlen(ike_sa.known_ca[CHARON_CAS_MAX - 1]),
			AOVPN_TEXT_MAX - 1);
}

static void test_broken_packets(void)
{
	static const char *const texts[] = {
		"",
		"192.0.2.10",
		"192.0.2.10[",
		"192.0.2.10[500] to ",
		"192.0.2.10[99999] to 192.0.2.1[1] (1 bytes)",
		"192.0.2.10[500] to ::1[500] (1 bytes)",
		"1111111111111111111111111111111111111111111111111111[1] to ",
	};
	struct aovpn_flow flow;
	uint32_t length;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CU_ASSERT_EQUAL(charon_packet_read(texts[i], &flow, &length),
				-EINVAL);
}

/* --- and what comes of it --------------------------------------------------
 */

static void new_watched(struct aovpn_attempt *a)
{
	memset(a, 0, sizeof(*a));
	strcpy(a->connection, "lab");
	strcpy(a->charon_name, "lab");
	strcpy(a->server, "198.51.100.10");
	a->watched = true;
	a->ike_sa_id = 1;
	feed_all(up_to_certificate, a);
}

static void end(struct aovpn_attempt *a, const char *group, const char *text)
{
	if (feed(group, text) == 0)
		aovpn_attempt_add(a, &o);
}

static void test_diagnosis(void)
{
	struct aovpn_outcome outcome;
	struct aovpn_attempt a;

	new_watched(&a);
	end(&a, "TLS", "server certificate does not match to 'nps.x'");
	end(&a, "ENC", "parsed IKE_AUTH response 8 [ EAP/FAIL ]");
	aovpn_diagnose(&a, &outcome);
	CU_ASSERT_EQUAL(outcome.ras_code, 864);
	CU_ASSERT_STRING_EQUAL(outcome.finding[0].cause->slug,
			       "nps-cert-name-mismatch");
	CU_ASSERT_EQUAL(outcome.finding[0].confidence, AOVPN_LIKELY);
	/* The same facts from the plugin are certain. */
	a.watched = false;
	aovpn_diagnose(&a, &outcome);
	CU_ASSERT_EQUAL(outcome.finding[0].confidence, AOVPN_CERTAIN);
	aovpn_attempt_clear(&a);
}

static void test_refused_or_accepted_then_refused(void)
{
	struct aovpn_outcome outcome;
	struct aovpn_attempt a;
	int accepted;

	for (accepted = 0; accepted < 2; accepted++) {
		charon_log_setup();
		new_watched(&a);
		send_tls(1104);
		send_tls(560);
		if (accepted && send_tls(80) == 0)
			aovpn_attempt_add(&a, &o);
		end(&a, "ENC", "parsed IKE_AUTH response 8 [ EAP/FAIL ]");
		aovpn_diagnose(&a, &outcome);
		CU_ASSERT_EQUAL(outcome.ras_code, accepted ? 812 : 853);
		aovpn_attempt_clear(&a);
	}
}

static void test_no_certificate(void)
{
	struct aovpn_outcome outcome;
	struct aovpn_attempt a;

	new_watched(&a);
	end(&a, "TLS",
	    "no usable TLS client certificate found for "
	    "'user1@contoso.test', skipped");
	end(&a, "ENC", "parsed IKE_AUTH response 8 [ EAP/FAIL ]");
	aovpn_diagnose(&a, &outcome);
	CU_ASSERT_EQUAL(outcome.ras_code, 798);
	CU_ASSERT_STRING_EQUAL(outcome.finding[0].cause->slug,
			       "client-cert-missing");
	aovpn_attempt_clear(&a);
}

static void test_drop_stays_certain(void)
{
	struct aovpn_observation drop = {.kind = AOVPN_OBS_PACKET_DROPPED,
					 .source = AOVPN_SOURCE_KERNEL,
					 .time_ns = 8};
	struct aovpn_outcome outcome;
	struct aovpn_attempt a = {.watched = true, .ike_sa_id = 1};

	end(&a, "IKE", "initiating IKE_SA lab[1] to 198.51.100.10");
	end(&a, "ENC", "generating IKE_SA_INIT request 0 [ SA KE No ]");
	strcpy(drop.u.drop.reason, "NETFILTER_DROP");
	drop.flow = o.flow;
	aovpn_attempt_add(&a, &drop);
	end(&a, "IKE", "giving up after 4 retransmits");
	aovpn_diagnose(&a, &outcome);
	CU_ASSERT_EQUAL(outcome.ras_code, 809);
	CU_ASSERT_EQUAL(outcome.finding[0].confidence, AOVPN_CERTAIN);
	aovpn_attempt_clear(&a);
}

/* The answer's message came here 100 ms after the ICMP error about the request
 * that followed it. */
static void test_answer_that_is_told_late(void)
{
	struct aovpn_observation icmp = {.kind = AOVPN_OBS_ICMP_ERROR,
					 .source = AOVPN_SOURCE_ICMP};
	struct aovpn_outcome outcome;
	struct aovpn_attempt a;

	new_watched(&a);
	icmp.flow = o.flow;
	icmp.u.icmp.type = 3;
	icmp.u.icmp.code = 4;
	icmp.time_ns = 2000000000;
	aovpn_attempt_add(&a, &icmp);
	feed("ENC", "parsed IKE_AUTH response 5 [ EAP/REQ/TLS ]");
	o.time_ns = icmp.time_ns + 100000000;
	aovpn_attempt_add(&a, &o);
	end(&a, "IKE", "giving up after 4 retransmits");
	aovpn_diagnose(&a, &outcome);
	CU_ASSERT_STRING_EQUAL(outcome.finding[0].cause->slug, "path-mtu");
	aovpn_attempt_clear(&a);
}

CU_TestInfo charon_log_tests[] = {
	{"charon initiates an IKE_SA", test_initiating},
	{"rekeying is no dial", test_rekeying_is_no_dial},
	{"messages with notifies and EAP", test_messages},
	{"numbers that have no name", test_numbers_without_a_name},
	{"a Windows code", test_windows_code},
	{"pieces and strangers are no messages",
	 test_pieces_and_strangers_are_no_messages},
	{"retransmissions", test_retransmits},
	{"the server accepts our certificate", test_server_accepts},
	{"a small last piece is no acceptance",
	 test_small_last_piece_is_no_acceptance},
	{"an alert is no acceptance", test_alert_is_no_acceptance},
	{"a tunnel's details", test_tunnel},
	{"the gateway's certificate", test_gateway_certificate},
	{"the certificate of NPS", test_nps_certificate},
	{"an alert about a certificate, alone",
	 test_alert_about_a_certificate_alone},
	{"an identity that is required", test_identity_required},
	{"what else a connection wants of a certificate", test_constraints},
	{"the server's list of CAs", test_ca_list},
	{"an end of retries ends the dial", test_end_of_retries},
	{"the end of a tunnel", test_end_of_a_tunnel},
	{"a signature that does not verify", test_signature},
	{"a send that the kernel refused", test_send_failure},
	{"alerts of later releases", test_alerts},
	{"a message of another group", test_wrong_group},
	{"words inside a subject", test_words_inside_a_subject},
	{"an identity that looks like a message",
	 test_identity_that_looks_like_a_message},
	{"an odd name of a connection", test_odd_connection_name},
	{"more than the message", test_more_than_the_message},
	{"a long message", test_long_message},
	{"many notifies", test_many_notifies},
	{"many CAs", test_many_cas},
	{"broken packets", test_broken_packets},
	{"a diagnosis is a step less sure", test_diagnosis},
	{"refused, or accepted and then refused",
	 test_refused_or_accepted_then_refused},
	{"an answer that is told late", test_answer_that_is_told_late},
	{"charon has no certificate", test_no_certificate},
	{"what the kernel dropped stays certain", test_drop_stays_certain},
	CU_TEST_INFO_NULL,
};
