/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_log_tls.c - charon's messages about EAP and EAP-TLS (libtls).
 */
#include "charon_reading.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

#include "charon_message.h"

/* IKE_AUTH with nothing but an EAP-TLS acknowledgement has some 80 to 112 bytes
 * with any cipher: header 28, SK 4, IV 8 to 16, EAP 10, padding, ICV. */
#define ACKNOWLEDGEMENT_MAX 120

static int observe_tls(struct charon_log *log, struct aovpn_observation *o,
		       enum aovpn_tls_state state)
{
	o->u.tls_state.state = state;
	o->u.tls_state.version = log->tls_version;
	return charon_observe(o, AOVPN_OBS_TLS_STATE);
}

/*
 * charon says nothing on these levels when the server's Finished has come. But
 * it acknowledges it with an empty message; and every message before it is a
 * piece of our flight, all of one size but the last. So an empty one that does
 * not follow a whole piece, and no alert, shows that the server accepted us.
 */
static bool is_accepted(struct charon_log *log)
{
	bool empty = log->length <= ACKNOWLEDGEMENT_MAX;
	bool accepted = empty && log->flights > 0 && !log->alerted &&
			(log->flights == 1 || log->last < log->largest);

	log->flights++;
	log->last = log->length;
	if (log->length > log->largest)
		log->largest = log->length;
	return accepted;
}

int charon_tls_sent(struct charon_log *log, struct aovpn_observation *o)
{
	if (!log->certificate_sent || log->accepted || !is_accepted(log))
		return -ENOENT;
	log->accepted = true;
	return observe_tls(log, o, AOVPN_TLS_ACCEPTED);
}

static int read_user(struct charon_log *log, const struct charon_found *found,
		     struct aovpn_observation *o)
{
	const char *begin = charon_found_last(found, "), sending '");
	struct charon_found user = *found;

	if (!begin)
		return charon_nothing(o);
	user.part = begin + strlen("), sending '");
	user.length = (size_t)(found->part + found->length - user.part);
	charon_found_copy(log->user, sizeof(log->user), &user);
	return charon_nothing(o);
}

static int read_tls_begins(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	(void)found;
	log->in_tls = true;
	charon_forget_refused(log);
	return observe_tls(log, o, AOVPN_TLS_STARTED);
}

static int read_tls_version(struct charon_log *log,
			    const struct charon_found *found,
			    struct aovpn_observation *o)
{
	log->tls_version = 0x0301 + (uint32_t)(found->number[0] & 0xf);
	return charon_nothing(o);
}

static int read_certificate_sent(struct charon_log *log,
				 const struct charon_found *found,
				 struct aovpn_observation *o)
{
	charon_found_copy(log->certificate, sizeof(log->certificate), found);
	log->certificate_sent = true;
	return observe_tls(log, o, AOVPN_TLS_CERTIFICATE_SENT);
}

/* charon derived the keys: the server's EAP-Success had come. */
static int read_method_succeeded(struct charon_log *log,
				 const struct charon_found *found,
				 struct aovpn_observation *o)
{
	(void)found;
	if (log->accepted)
		return -ENOENT;
	log->accepted = true;
	return observe_tls(log, o, AOVPN_TLS_ACCEPTED);
}

static int observe_tls_failed(struct charon_log *log,
			      struct aovpn_observation *o, uint32_t library,
			      uint32_t reason, const char *text)
{
	o->u.tls_state.library = library;
	o->u.tls_state.reason = reason;
	snprintf(o->u.tls_state.text, sizeof(o->u.tls_state.text), "%s", text);
	return observe_tls(log, o, AOVPN_TLS_FAILED);
}

static int read_alert_received(struct charon_log *log,
			       const struct charon_found *found,
			       struct aovpn_observation *o)
{
	log->alerted = true;
	o->u.tls_alert.level = 2;
	o->u.tls_alert.description =
		charon_tls_alert(found->part, found->length);
	return charon_observe(o, AOVPN_OBS_TLS_ALERT);
}

static int read_warning_received(struct charon_log *log,
				 const struct charon_found *found,
				 struct aovpn_observation *o)
{
	int r = read_alert_received(log, found, o);

	o->u.tls_alert.level = 1;
	return r;
}

/* Why, the messages before it say. */
static int read_nps_untrusted(struct charon_log *log,
			      const struct charon_found *found,
			      struct aovpn_observation *o)
{
	(void)found;
	return charon_observe_refused(log, o, AOVPN_CERT_NPS,
				      log->refused != X509_V_OK
					      ? log->refused
					      : X509_V_ERR_UNSPECIFIED);
}

/* Those by which charon refuses the server's certificate follow a message that
 * says why. */
static bool is_about_certificate(uint8_t description)
{
	return description == SSL_AD_BAD_CERTIFICATE ||
	       description == SSL_AD_CERTIFICATE_UNKNOWN ||
	       description == SSL_AD_ACCESS_DENIED;
}

/* The reason of OpenSSL that comes nearest: its rules are for both. */
static uint32_t reason_of(uint8_t description)
{
	switch (description) {
	case SSL_AD_PROTOCOL_VERSION:
		return SSL_R_UNSUPPORTED_PROTOCOL;
	case SSL_AD_HANDSHAKE_FAILURE:
	case SSL_AD_INSUFFICIENT_SECURITY:
	case SSL_AD_INTERNAL_ERROR:
		return SSL_R_NO_CIPHERS_AVAILABLE;
	default:
		return SSL_R_UNEXPECTED_MESSAGE;
	}
}

static int read_alert_sent(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	uint8_t description = charon_tls_alert(found->part, found->length);
	char text[80];

	log->alerted = true;
	if (is_about_certificate(description) && !log->told_refused)
		return read_nps_untrusted(log, found, o);
	if (is_about_certificate(description)) {
		o->u.tls_alert.sent = 1;
		o->u.tls_alert.level = 2;
		o->u.tls_alert.description = description;
		return charon_observe(o, AOVPN_OBS_TLS_ALERT);
	}
	snprintf(text, sizeof(text), "charon sent TLS alert %u (%.*s)",
		 description, found->length > 40 ? 40 : (int)found->length,
		 found->part);
	return observe_tls_failed(log, o, ERR_LIB_SSL, reason_of(description),
				  text);
}

static int read_nps_name(struct charon_log *log,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	charon_forget_refused(log);
	snprintf(o->u.cert_refused.names, AOVPN_TEXT_MAX, "none that fits %.*s",
		 (int)found->length, found->part);
	return charon_observe_refused(log, o, AOVPN_CERT_NPS,
				      X509_V_ERR_HOSTNAME_MISMATCH);
}

/* A CA that charon knows need not be one of our own chain, but it is the only
 * kind that can be. Which it is, watched_ask.c finds out where it matters. */
static int note_ca(struct charon_log *log, const struct charon_found *found,
		   struct aovpn_observation *o)
{
	size_t used = strlen(log->ca_names);

	log->ca_count++;
	if (used + 4 < sizeof(log->ca_names))
		snprintf(log->ca_names + used, sizeof(log->ca_names) - used,
			 "%s%.*s", used ? " / " : "", (int)found->length,
			 found->part);
	o->u.ca_list.count = log->ca_count;
	o->u.ca_list.ours = log->known_count > 0;
	memcpy(o->u.ca_list.names, log->ca_names, sizeof(o->u.ca_list.names));
	return charon_observe(o, AOVPN_OBS_CA_LIST);
}

static int read_ca_unknown(struct charon_log *log,
			   const struct charon_found *found,
			   struct aovpn_observation *o)
{
	return note_ca(log, found, o);
}

/* The closing quotation mark is missing in all releases so far. */
static int read_ca_known(struct charon_log *log,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	struct charon_found name = *found;

	if (name.length > 0 && name.part[name.length - 1] == '\'')
		name.length--;
	if (log->known_count < CHARON_CAS_MAX)
		charon_found_copy(log->known_ca[log->known_count],
				  sizeof(log->known_ca[0]), &name);
	log->known_count++;
	return note_ca(log, &name, o);
}

static int read_no_certificate(struct charon_log *log,
			       const struct charon_found *found,
			       struct aovpn_observation *o)
{
	char text[AOVPN_TEXT_MAX];

	log->no_certificate = true;
	snprintf(text, sizeof(text),
		 "charon has no certificate with a key for %.*s",
		 (int)found->length, found->part);
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP,
				  AOVPN_EAP_NO_CERTIFICATE, text);
}

static int read_no_algorithm(struct charon_log *log,
			     const struct charon_found *found,
			     struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, ERR_LIB_SSL,
				  SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
				  "no common signature algorithms");
}

static int read_no_signature(struct charon_log *log,
			     const struct charon_found *found,
			     struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	snprintf(o->u.local_failure.cause, AOVPN_NAME_MAX,
		 "client-key-unusable");
	snprintf(o->u.local_failure.text, AOVPN_TEXT_MAX,
		 "charon could not sign with the client's private key");
	return charon_observe(o, AOVPN_OBS_LOCAL_FAILURE);
}

static int read_malformed(struct charon_log *log,
			  const struct charon_found *found,
			  struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP,
				  AOVPN_EAP_MALFORMED,
				  "charon could not read an EAP-TLS packet");
}

static int read_too_many(struct charon_log *log,
			 const struct charon_found *found,
			 struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP, AOVPN_EAP_TOO_MANY,
				  "more EAP-TLS packets than charon's "
				  "max_message_count allows");
}

static int read_success_early(struct charon_log *log,
			      const struct charon_found *found,
			      struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP,
				  AOVPN_EAP_SUCCESS_EARLY,
				  "EAP-Success before TLS had given keys");
}

const struct charon_reading charon_tls_readings[] = {
	{"IKE", "server requested EAP_IDENTITY (id ~'", read_user},
	{"IKE", "server requested EAP_TLS authentication (id ...",
	 read_tls_begins},
	{"TLS", "negotiated TLS 1.# using suite ...", read_tls_version},
	{"TLS", "sending TLS client certificate '~'", read_certificate_sent},
	{"IKE", "EAP method EAP_TLS succeeded, MSK established",
	 read_method_succeeded},
	{"TLS", "received fatal TLS alert '~'", read_alert_received},
	{"TLS", "received TLS alert warning '~'", read_warning_received},
	{"TLS", "sending fatal TLS alert '~'", read_alert_sent},
	{"TLS", "server certificate does not match to '~'", read_nps_name},
	/* The second one in TLS 1.2 with an ephemeral key exchange. */
	{"TLS", "no trusted certificate found for '~' to verify TLS server",
	 read_nps_untrusted},
	{"TLS", "no TLS public key found for server '~'", read_nps_untrusted},
	{"TLS", "received TLS cert request for unknown CA '~'",
	 read_ca_unknown},
	{"TLS", "received TLS cert request for '~", read_ca_known},
	/* ", skipped" at its end in some */
	{"TLS", "no usable TLS client certificate found for ~",
	 read_no_certificate},
	{"TLS", "no common signature algorithms found", read_no_algorithm},
	{"TLS", "creating TLS Certificate Verify signature failed",
	 read_no_signature},
	{"TLS", "received EAP_TLS packet with unsupported version ...",
	 read_malformed},
	{"TLS", "EAP_TLS packet too short", read_malformed},
	{"TLS", "invalid EAP_TLS packet length...", read_malformed},
	{"TLS", "EAP_TLS packet count exceeded ...", read_too_many},
	{"IKE", "received EAP_SUCCESS but failed to establish MSK",
	 read_success_early},
	{0},
};
