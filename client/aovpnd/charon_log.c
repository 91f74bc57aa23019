/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_log.c - see charon_log.h. One table lists the messages; ike_message
 * texts are taken apart in charon_message.c.
 */
#include "charon_log.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charon_message.h"

/* IKE_AUTH with nothing but an EAP-TLS acknowledgement has some 80 to 112 bytes
 * with any cipher: header 28, SK 4, IV 8 to 16, EAP 10, padding, ICV. */
#define ACKNOWLEDGEMENT_MAX 120

/* The place of one message in the text. */
struct found {
	const char *part; /* what stands for '~', not NUL-terminated */
	size_t length;
	unsigned long number[3]; /* what stands for each '#' */
};

typedef int (*reader)(struct charon_log *log, const struct found *found,
		      struct aovpn_observation *o);

struct message {
	const char *group;
	/* '#' a number, '~' any text, once; "..." at the end: what follows
	 * does not count. */
	const char *text;
	reader read;
};

/* --- matching --------------------------------------------------------------
 */

static const char *match_number(const char *text, unsigned long *ret)
{
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	*ret = strtoul(text, &end, 10);
	return errno ? NULL : end;
}

/* Match up to the pattern's end or its '~', which *ret_rest gets. */
static const char *match_begin(const char *text, const char *pattern,
			       struct found *found, const char **ret_rest)
{
	unsigned int numbers = 0;

	for (; *pattern != '\0' && *pattern != '~'; pattern++) {
		if (strcmp(pattern, "...") == 0)
			break;
		if (*pattern == '#' && numbers < 3) {
			text = match_number(text, &found->number[numbers++]);
			if (!text)
				return NULL;
		} else if (*text++ != *pattern) {
			return NULL;
		}
	}
	*ret_rest = pattern;
	return text;
}

/* What follows '~' must be the end of the text, so that nothing inside it can
 * be taken for it. */
static bool match(const char *text, bool cut, const char *pattern,
		  struct found *found)
{
	const char *rest;
	size_t length, tail;

	text = match_begin(text, pattern, found, &rest);
	if (!text)
		return false;
	if (*rest == '\0')
		return *text == '\0';
	if (strcmp(rest, "...") == 0)
		return true;
	found->part = text;
	length = strlen(text);
	if (strcmp(++rest, "...") == 0)
		rest = "";
	tail = strlen(rest);
	if (tail > 0 &&
	    (cut || length < tail || strcmp(text + length - tail, rest) != 0))
		return false;
	found->length = length - tail;
	return true;
}

static void copy_part(char *out, size_t size, const struct found *found)
{
	snprintf(out, size, "%.*s", (int)found->length, found->part);
}

/* Where a part has a text, the last one, as those before may be the peer's;
 * NULL: nowhere. */
static const char *find_last(const struct found *found, const char *text)
{
	size_t length = strlen(text), at;

	if (found->length < length)
		return NULL;
	for (at = found->length - length;; at--) {
		if (memcmp(found->part + at, text, length) == 0)
			return found->part + at;
		if (at == 0)
			return NULL;
	}
}

/* --- IKE -------------------------------------------------------------------
 */

static int nothing(const struct aovpn_observation *o)
{
	(void)o;
	return -ENOENT;
}

static int observe(struct aovpn_observation *o, uint32_t kind)
{
	o->kind = kind;
	return 0;
}

static int observe_alert(struct aovpn_observation *o, enum aovpn_alert alert,
			 const char *text)
{
	o->u.alert.alert = alert;
	snprintf(o->u.alert.text, sizeof(o->u.alert.text), "%s", text);
	return observe(o, AOVPN_OBS_ALERT);
}

static int observe_state(struct aovpn_observation *o,
			 enum aovpn_ike_state state)
{
	o->u.ike_state.state = state;
	return observe(o, AOVPN_OBS_IKE_STATE);
}

/* What follows "NAME[ID]" of the IKE_SA that the message belongs to, NULL where
 * it speaks of another, as when that is rekeyed. */
static const char *after_ike_sa(const struct found *found,
				const struct aovpn_observation *o,
				const char *then)
{
	char text[AOVPN_NAME_MAX + 64];
	size_t length;

	snprintf(text, sizeof(text), "%s[%u]%s", o->connection, o->ike_sa_id,
		 then);
	length = strlen(text);
	return strncmp(found->part, text, length) == 0 ? found->part + length
						       : NULL;
}

static int read_initiating(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	const char *to = after_ike_sa(found, o, " to ");

	if (!to)
		return -ENOENT;
	snprintf(log->server, sizeof(log->server), "%s", to);
	log->flow.family = charon_address_read(log->server, log->flow.remote);
	o->flow = log->flow;
	return observe_state(o, AOVPN_IKE_CONNECTING);
}

static int read_unresolved(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	copy_part(log->server, sizeof(log->server), found);
	log->end = CHARON_GAVE_UP;
	log->unresolved = true;
	return observe_alert(o, AOVPN_ALERT_PEER_ADDR_FAILED, log->server);
}

/* What is sent next, and whether it carries EAP-TLS. */
static int read_generating(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	char text[CHARON_TEXT_MAX];
	int r;

	copy_part(text, sizeof(text), found);
	r = charon_message_read(text, false, o);
	if (r < 0)
		return r;
	log->message_id = o->u.ike_message.message_id;
	log->tls_answer = o->u.ike_message.eap_type == 13;
	return 0;
}

static int read_parsed(struct charon_log *log, const struct found *found,
		       struct aovpn_observation *o)
{
	char text[CHARON_TEXT_MAX];

	(void)log;
	copy_part(text, sizeof(text), found);
	return charon_message_read(text, true, o);
}

static int observe_tls(struct charon_log *log, struct aovpn_observation *o,
		       enum aovpn_tls_state state)
{
	o->u.tls_state.state = state;
	o->u.tls_state.version = log->tls_version;
	return observe(o, AOVPN_OBS_TLS_STATE);
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

/* "FROM[PORT] to TO[PORT] (LENGTH bytes)". */
static int read_sending(struct charon_log *log, const struct found *found,
			struct aovpn_observation *o)
{
	bool carries_tls = log->tls_answer;
	struct aovpn_flow flow;

	log->tls_answer = false;
	if (charon_packet_read(found->part, &flow, &log->length) < 0)
		return -ENOENT;
	log->flow = flow;
	o->flow = flow;
	if (!carries_tls || !log->certificate_sent || log->accepted ||
	    !is_accepted(log))
		return -ENOENT;
	log->accepted = true;
	return observe_tls(log, o, AOVPN_TLS_ACCEPTED);
}

static int read_retransmit(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	o->u.retransmit.count = (uint32_t)found->number[0];
	o->u.retransmit.message_id = (uint32_t)found->number[1];
	o->u.retransmit.length = log->length;
	return observe(o, AOVPN_OBS_RETRANSMIT);
}

static int read_giving_up(struct charon_log *log, const struct found *found,
			  struct aovpn_observation *o)
{
	log->end = CHARON_GAVE_UP;
	o->u.retransmit.count = (uint32_t)found->number[0];
	o->u.retransmit.message_id = log->message_id;
	o->u.retransmit.given_up = 1;
	return observe(o, AOVPN_OBS_RETRANSMIT);
}

static int read_unreadable(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return observe_alert(o, AOVPN_ALERT_PARSE_ERROR, "");
}

static int read_signature(struct charon_log *log, const struct found *found,
			  struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return observe_alert(o, AOVPN_ALERT_PEER_SIGNATURE, "");
}

static int read_established(struct charon_log *log, const struct found *found,
			    struct aovpn_observation *o)
{
	(void)log;
	if (!after_ike_sa(found, o, " established between "))
		return -ENOENT;
	return observe_state(o, AOVPN_IKE_ESTABLISHED);
}

/* That the gateway deletes: view.c takes it from its request. */
static int read_peer_delete(struct charon_log *log, const struct found *found,
			    struct aovpn_observation *o)
{
	(void)found;
	log->peer_deleted = true;
	o->u.ike_message.incoming = 1;
	o->u.ike_message.exchange = 37; /* INFORMATIONAL */
	return observe(o, AOVPN_OBS_IKE_MESSAGE);
}

static int read_deleting(struct charon_log *log, const struct found *found,
			 struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return observe_state(o, AOVPN_IKE_DELETING);
}

static int read_reauthenticating(struct charon_log *log,
				 const struct found *found,
				 struct aovpn_observation *o)
{
	(void)found;
	log->replaced = true;
	return nothing(o);
}

static int read_child_failed(struct charon_log *log, const struct found *found,
			     struct aovpn_observation *o)
{
	(void)found;
	log->end = CHARON_CHILD_FAILED;
	return observe_alert(o, AOVPN_ALERT_KEEP_ON_CHILD_SA_FAILURE, "");
}

static int read_install_failed(struct charon_log *log,
			       const struct found *found,
			       struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	return observe_alert(o, AOVPN_ALERT_INSTALL_CHILD_SA_FAILED, "");
}

/* --- the tunnel ------------------------------------------------------------
 */

/* The first two selected proposals are the IKE_SA's and the CHILD_SA's. */
static int read_proposal(struct charon_log *log, const struct found *found,
			 struct aovpn_observation *o)
{
	bool ike = strncmp(found->part, "IKE:", 4) == 0;
	char *out = ike ? log->tunnel.u.child_up.ike_proposal
			: log->tunnel.u.child_up.esp_proposal;

	if (out[0] == '\0')
		copy_part(out, AOVPN_TEXT_MAX, found);
	return nothing(o);
}

/* Behind what is there already. */
static void append(char *out, size_t size, const struct found *found)
{
	size_t used = strlen(out);

	if (used + 3 < size)
		snprintf(out + used, size - used, "%s%.*s", used ? ", " : "",
			 (int)found->length, found->part);
}

static int read_virtual_ip(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	append(log->tunnel.u.child_up.addresses, AOVPN_TEXT_MAX, found);
	return nothing(o);
}

/* "ADDRESS via resolvconf", "ADDRESS to /etc/resolv.conf". */
static int read_dns(struct charon_log *log, const struct found *found,
		    struct aovpn_observation *o)
{
	struct found address = *found;

	address.length = strcspn(found->part, " ");
	append(log->tunnel.u.child_up.dns, AOVPN_TEXT_MAX, &address);
	return nothing(o);
}

/* "NAME{ID} established with SPIs SPI_i SPI_o and TS LOCAL === REMOTE". */
static int read_child_up(struct charon_log *log, const struct found *found,
			 struct aovpn_observation *o)
{
	const char *networks = find_last(found, " === ");

	if (!find_last(found, "} established with SPIs ") || !networks)
		return -ENOENT;
	networks += strlen(" === ");
	o->u = log->tunnel.u;
	snprintf(o->u.child_up.networks, sizeof(o->u.child_up.networks), "%.*s",
		 (int)(found->part + found->length - networks), networks);
	return observe(o, AOVPN_OBS_CHILD_UP);
}

/* --- certificates ----------------------------------------------------------
 */

static void forget_refused(struct charon_log *log)
{
	log->refused = X509_V_OK;
	log->refused_depth = 0;
	log->subject[0] = log->issuer[0] = '\0';
}

static int read_gateway_certificate(struct charon_log *log,
				    const struct found *found,
				    struct aovpn_observation *o)
{
	copy_part(log->tunnel.u.child_up.gateway_cert, AOVPN_TEXT_MAX, found);
	return nothing(o);
}

/* "IDENTITY' with RSA signature successful"; of the gateway, the first. */
static int read_gateway_id(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	struct found id = *found;
	const char *end = find_last(found, "' with ");

	if (!end || find_last(found, "' (myself) with ") ||
	    log->tunnel.u.child_up.gateway_id[0] != '\0')
		return nothing(o);
	id.length = (size_t)(end - found->part);
	copy_part(log->tunnel.u.child_up.gateway_id, AOVPN_TEXT_MAX, &id);
	return nothing(o);
}

/* Until the EAP server shows its own, certificates are the gateway's: charon's
 * verdict on those comes by alerts, as from its bus. */
static int refuse(struct charon_log *log, struct aovpn_observation *o,
		  int error, enum aovpn_alert alert)
{
	log->refused = error;
	if (log->in_tls)
		return -ENOENT;
	return observe_alert(o, alert, log->subject);
}

static int read_no_issuer(struct charon_log *log, const struct found *found,
			  struct aovpn_observation *o)
{
	forget_refused(log);
	copy_part(log->subject, sizeof(log->subject), found);
	return refuse(log, o, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		      AOVPN_ALERT_CERT_NO_ISSUER);
}

static int read_issuer(struct charon_log *log, const struct found *found,
		       struct aovpn_observation *o)
{
	copy_part(log->issuer, sizeof(log->issuer), found);
	return nothing(o);
}

static int read_self_signed(struct charon_log *log, const struct found *found,
			    struct aovpn_observation *o)
{
	forget_refused(log);
	copy_part(log->subject, sizeof(log->subject), found);
	return refuse(log, o, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
		      AOVPN_ALERT_CERT_UNTRUSTED_ROOT);
}

/* "FROM to UNTIL)" of a subject's or an issuer's certificate. */
static int refuse_dates(struct charon_log *log, const struct found *found,
			uint32_t depth, struct aovpn_observation *o)
{
	forget_refused(log);
	log->refused_depth = depth;
	snprintf(log->subject, sizeof(log->subject), "valid from %.*s",
		 (int)found->length, found->part);
	return refuse(log, o, X509_V_ERR_CERT_HAS_EXPIRED,
		      AOVPN_ALERT_CERT_EXPIRED);
}

static int read_subject_dates(struct charon_log *log, const struct found *found,
			      struct aovpn_observation *o)
{
	return refuse_dates(log, found, 0, o);
}

static int read_issuer_dates(struct charon_log *log, const struct found *found,
			     struct aovpn_observation *o)
{
	return refuse_dates(log, found, 1, o);
}

static int read_checking(struct charon_log *log, const struct found *found,
			 struct aovpn_observation *o)
{
	forget_refused(log);
	copy_part(log->subject, sizeof(log->subject), found);
	return nothing(o);
}

static int read_revoked(struct charon_log *log, const struct found *found,
			struct aovpn_observation *o)
{
	(void)found;
	return refuse(log, o, X509_V_ERR_CERT_REVOKED,
		      AOVPN_ALERT_CERT_REVOKED);
}

static int read_status_unknown(struct charon_log *log,
			       const struct found *found,
			       struct aovpn_observation *o)
{
	(void)found;
	if (log->in_tls)
		return -ENOENT;
	return observe_alert(o, AOVPN_ALERT_CERT_VALIDATION_FAILED,
			     log->subject);
}

static int read_peer_auth_failed(struct charon_log *log,
				 const struct found *found,
				 struct aovpn_observation *o)
{
	(void)log;
	if (!find_last(found, " public key found for '"))
		return -ENOENT;
	return observe_alert(o, AOVPN_ALERT_PEER_AUTH_FAILED, "");
}

static int observe_refused(struct charon_log *log, struct aovpn_observation *o,
			   enum aovpn_cert_role role, int error)
{
	log->told_refused = true;
	o->u.cert_refused.role = role;
	o->u.cert_refused.x509_error = (uint32_t)error;
	o->u.cert_refused.depth = log->refused_depth;
	snprintf(o->u.cert_refused.subject, AOVPN_TEXT_MAX, "%s", log->subject);
	snprintf(o->u.cert_refused.issuer, AOVPN_TEXT_MAX, "%s", log->issuer);
	return observe(o, AOVPN_OBS_CERT_REFUSED);
}

/* The identity that remote.id of swanctl.conf wants is not the gateway's. What
 * follows it is of the peer in 5.9.14 and later: "' (ID_FQDN) required, not
 * matched by '...". */
static int read_identity_required(struct charon_log *log,
				  const struct found *found,
				  struct aovpn_observation *o)
{
	const char *named = log->tunnel.u.child_up.gateway_cert;

	forget_refused(log);
	snprintf(log->required, sizeof(log->required), "%.*s",
		 (int)strcspn(found->part, "'"), found->part);
	snprintf(log->subject, sizeof(log->subject), "%s", named);
	snprintf(o->u.cert_refused.names, AOVPN_TEXT_MAX, "%s", named);
	return observe_refused(log, o, AOVPN_CERT_GATEWAY,
			       X509_V_ERR_HOSTNAME_MISMATCH);
}

/* --- EAP and TLS -----------------------------------------------------------
 */

static int read_user(struct charon_log *log, const struct found *found,
		     struct aovpn_observation *o)
{
	const char *begin = find_last(found, "), sending '");
	struct found user = *found;

	if (!begin)
		return nothing(o);
	user.part = begin + strlen("), sending '");
	user.length = (size_t)(found->part + found->length - user.part);
	copy_part(log->user, sizeof(log->user), &user);
	return nothing(o);
}

static int read_tls_begins(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	(void)found;
	log->in_tls = true;
	forget_refused(log);
	return observe_tls(log, o, AOVPN_TLS_STARTED);
}

static int read_tls_version(struct charon_log *log, const struct found *found,
			    struct aovpn_observation *o)
{
	log->tls_version = 0x0301 + (uint32_t)(found->number[0] & 0xf);
	return nothing(o);
}

static int read_certificate_sent(struct charon_log *log,
				 const struct found *found,
				 struct aovpn_observation *o)
{
	copy_part(log->certificate, sizeof(log->certificate), found);
	log->certificate_sent = true;
	return observe_tls(log, o, AOVPN_TLS_CERTIFICATE_SENT);
}

/* charon derived the keys: the server's EAP-Success had come. */
static int read_method_succeeded(struct charon_log *log,
				 const struct found *found,
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
			       const struct found *found,
			       struct aovpn_observation *o)
{
	log->alerted = true;
	o->u.tls_alert.level = 2;
	o->u.tls_alert.description =
		charon_tls_alert(found->part, found->length);
	return observe(o, AOVPN_OBS_TLS_ALERT);
}

static int read_warning_received(struct charon_log *log,
				 const struct found *found,
				 struct aovpn_observation *o)
{
	int r = read_alert_received(log, found, o);

	o->u.tls_alert.level = 1;
	return r;
}

/* Why, the messages before it say. */
static int read_nps_untrusted(struct charon_log *log, const struct found *found,
			      struct aovpn_observation *o)
{
	(void)found;
	return observe_refused(log, o, AOVPN_CERT_NPS,
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

static int read_alert_sent(struct charon_log *log, const struct found *found,
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
		return observe(o, AOVPN_OBS_TLS_ALERT);
	}
	snprintf(text, sizeof(text), "charon sent TLS alert %u (%.*s)",
		 description, found->length > 40 ? 40 : (int)found->length,
		 found->part);
	return observe_tls_failed(log, o, ERR_LIB_SSL, reason_of(description),
				  text);
}

static int read_nps_name(struct charon_log *log, const struct found *found,
			 struct aovpn_observation *o)
{
	forget_refused(log);
	snprintf(o->u.cert_refused.names, AOVPN_TEXT_MAX, "none that fits %.*s",
		 (int)found->length, found->part);
	return observe_refused(log, o, AOVPN_CERT_NPS,
			       X509_V_ERR_HOSTNAME_MISMATCH);
}

/* A CA that charon knows need not be one of our own chain, but it is the only
 * kind that can be. */
static int note_ca(struct charon_log *log, const struct found *found,
		   bool known, struct aovpn_observation *o)
{
	size_t used = strlen(log->ca_names);

	log->ca_count++;
	log->ca_known |= known;
	if (used + 4 < sizeof(log->ca_names))
		snprintf(log->ca_names + used, sizeof(log->ca_names) - used,
			 "%s%.*s", used ? " / " : "", (int)found->length,
			 found->part);
	o->u.ca_list.count = log->ca_count;
	o->u.ca_list.ours = log->ca_known;
	memcpy(o->u.ca_list.names, log->ca_names, sizeof(o->u.ca_list.names));
	return observe(o, AOVPN_OBS_CA_LIST);
}

static int read_ca_unknown(struct charon_log *log, const struct found *found,
			   struct aovpn_observation *o)
{
	return note_ca(log, found, false, o);
}

/* The closing quotation mark is missing in all releases so far. */
static int read_ca_known(struct charon_log *log, const struct found *found,
			 struct aovpn_observation *o)
{
	struct found name = *found;

	if (name.length > 0 && name.part[name.length - 1] == '\'')
		name.length--;
	return note_ca(log, &name, true, o);
}

static int read_no_certificate(struct charon_log *log,
			       const struct found *found,
			       struct aovpn_observation *o)
{
	char text[AOVPN_TEXT_MAX];

	snprintf(text, sizeof(text),
		 "charon has no certificate with a key for %.*s",
		 (int)found->length, found->part);
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP,
				  AOVPN_EAP_NO_CERTIFICATE, text);
}

static int read_no_algorithm(struct charon_log *log, const struct found *found,
			     struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, ERR_LIB_SSL,
				  SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
				  "no common signature algorithms");
}

static int read_no_signature(struct charon_log *log, const struct found *found,
			     struct aovpn_observation *o)
{
	(void)log;
	(void)found;
	snprintf(o->u.local_failure.cause, AOVPN_NAME_MAX,
		 "client-key-unusable");
	snprintf(o->u.local_failure.text, AOVPN_TEXT_MAX,
		 "charon could not sign with the client's private key");
	return observe(o, AOVPN_OBS_LOCAL_FAILURE);
}

static int read_malformed(struct charon_log *log, const struct found *found,
			  struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP,
				  AOVPN_EAP_MALFORMED,
				  "charon could not read an EAP-TLS packet");
}

static int read_too_many(struct charon_log *log, const struct found *found,
			 struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP, AOVPN_EAP_TOO_MANY,
				  "more EAP-TLS packets than charon's "
				  "max_message_count allows");
}

static int read_success_early(struct charon_log *log, const struct found *found,
			      struct aovpn_observation *o)
{
	(void)found;
	return observe_tls_failed(log, o, AOVPN_LIBRARY_EAP,
				  AOVPN_EAP_SUCCESS_EARLY,
				  "EAP-Success before TLS had given keys");
}

/* --- the table -------------------------------------------------------------
 */

/* Groups as debug.c names them. All stand so in 5.9.5, 5.9.8, 5.9.14, 6.0.1 and
 * 6.0.6, but where said. */
static const struct message messages[] = {
	{"IKE", "initiating IKE_SA ~", read_initiating},
	{"IKE", "unable to resolve ~, initiate aborted", read_unresolved},
	{"ENC", "generating ~", read_generating},
	{"ENC", "parsed ~", read_parsed},
	{"NET", "sending packet: from ~", read_sending},
	{"IKE", "retransmit # of request with message ID #", read_retransmit},
	{"IKE", "giving up after # retransmits", read_giving_up},
	{"IKE", "IKE_SA_INIT response with message ID # processing failed",
	 read_unreadable},
	{"IKE", "IKE_AUTH response with message ID # processing failed",
	 read_unreadable},
	{"IKE", "IKE_SA ~", read_established},
	{"IKE", "received DELETE for IKE_SA ...", read_peer_delete},
	{"IKE", "deleting IKE_SA ...", read_deleting},
	{"IKE", "reauthenticating IKE_SA ...", read_reauthenticating},
	{"IKE", "failed to establish CHILD_SA, keeping IKE_SA",
	 read_child_failed},
	{"IKE", "closing IKE_SA due CHILD_SA setup failure", read_child_failed},
	{"IKE", "unable to install ~IPsec SA (SAD) in kernel",
	 read_install_failed},
	{"IKE", "unable to install IPsec policies (SPD) in kernel",
	 read_install_failed},

	{"CFG", "selected proposal: ~", read_proposal},
	{"IKE", "installing new virtual IP ~", read_virtual_ip},
	{"IKE", "installing DNS server ~", read_dns},
	{"IKE", "CHILD_SA ~", read_child_up},

	{"IKE", "received end entity cert \"~\"", read_gateway_certificate},
	{"IKE", "authentication of '~ successful", read_gateway_id},
	{"CFG", "no issuer certificate found for \"~\"", read_no_issuer},
	{"CFG", "  issuer is \"~\"", read_issuer},
	{"CFG", "  self-signed certificate \"~\" is not trusted",
	 read_self_signed},
	{"CFG", "subject certificate invalid (valid from ~)",
	 read_subject_dates},
	{"CFG", "issuer certificate invalid (valid from ~)", read_issuer_dates},
	{"CFG", "checking certificate status of \"~\"", read_checking},
	{"CFG", "certificate was revoked on ...", read_revoked},
	{"CFG", "certificate status is not available", read_status_unknown},
	{"CFG", "certificate status is unknown, crl is stale",
	 read_status_unknown},
	{"IKE", "no trusted ~", read_peer_auth_failed},
	{"IKE", "signature validation failed, looking for another key",
	 read_signature},
	{"CFG", "constraint check failed: identity '~", read_identity_required},

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
};

/* strongSwan 6.0.3 and later, alert_names in bus.c; the others tell nothing
 * that the messages do not. */
static const struct {
	const char *name;
	enum aovpn_alert alert;
} alerts[] = {
	{"cert-expired", AOVPN_ALERT_CERT_EXPIRED},
	{"cert-no-issuer", AOVPN_ALERT_CERT_NO_ISSUER},
	{"cert-revoked", AOVPN_ALERT_CERT_REVOKED},
	{"cert-untrusted-root", AOVPN_ALERT_CERT_UNTRUSTED_ROOT},
	{"cert-validation-failed", AOVPN_ALERT_CERT_VALIDATION_FAILED},
	{"install-child-policy-failed",
	 AOVPN_ALERT_INSTALL_CHILD_POLICY_FAILED},
	{"install-child-sa-failed", AOVPN_ALERT_INSTALL_CHILD_SA_FAILED},
	{"local-auth-failed", AOVPN_ALERT_LOCAL_AUTH_FAILED},
	{"parse-error-body", AOVPN_ALERT_PARSE_ERROR},
	{"peer-addr-failed", AOVPN_ALERT_PEER_ADDR_FAILED},
	{"peer-auth-failed", AOVPN_ALERT_PEER_AUTH_FAILED},
	{"proposal-mismatch-child", AOVPN_ALERT_PROPOSAL_MISMATCH_CHILD},
	{"proposal-mismatch-ike", AOVPN_ALERT_PROPOSAL_MISMATCH_IKE},
};

/* Alerts about certificates are charon's of the gateway's until TLS begins. */
static int read_alert(const struct charon_log *log,
		      const struct charon_event *event,
		      struct aovpn_observation *o)
{
	size_t i;

	for (i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (strcmp(event->text, alerts[i].name) != 0)
			continue;
		if (log->in_tls && strncmp(event->text, "cert-", 5) == 0)
			return -ENOENT;
		return observe_alert(o, alerts[i].alert, "");
	}
	return -ENOENT;
}

#define WRITE_FAILED "error writing to socket: "

static bool begins(const struct charon_event *event, const char *text)
{
	return strncmp(event->text, text, strlen(text)) == 0;
}

/* It could not open it when it started, as another program had the port. */
static bool has_no_socket(const struct charon_event *event)
{
	return begins(event, "no socket found to send IPv") ||
	       begins(event, "no socket implementation registered, ");
}

static int read_log(struct charon_log *log, const struct charon_event *event,
		    struct aovpn_observation *o)
{
	struct found found;
	size_t i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		memset(&found, 0, sizeof(found));
		if (strcmp(event->group, messages[i].group) == 0 &&
		    match(event->text, event->cut, messages[i].text, &found))
			return messages[i].read(log, &found, o);
	}
	if (charon_log_is_send_failure(event)) {
		o->u.send_failed.error =
			has_no_socket(event)
				? EBADF
				: charon_errno(event->text +
					       strlen(WRITE_FAILED));
		o->u.send_failed.length = log->length;
		return observe(o, AOVPN_OBS_SEND_FAILED);
	}
	return -ENOENT;
}

static int read_event(struct charon_log *log, const struct charon_event *event,
		      struct aovpn_observation *o)
{
	switch (event->type) {
	case CHARON_LOG:
		return read_log(log, event, o);
	case CHARON_ALERT:
		return read_alert(log, event, o);
	case CHARON_IKE_UP:
		return observe_state(o, AOVPN_IKE_ESTABLISHED);
	case CHARON_IKE_DOWN:
		return observe_state(o, AOVPN_IKE_DESTROYING);
	case CHARON_CHILD_DOWN:
		return observe(o, AOVPN_OBS_CHILD_DOWN);
	case CHARON_IKE_REKEY:
	case CHARON_CHILD_UP: /* its message says more */
		break;
	}
	return -ENOENT;
}

int charon_log_read(struct charon_log *log, const struct charon_event *event,
		    struct aovpn_observation *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->source = AOVPN_SOURCE_CHARON;
	ret->time_ns = event->time_ns;
	memcpy(ret->connection, event->name, sizeof(ret->connection));
	ret->ike_sa_id = event->ike_sa_id;
	ret->spi_i = event->spi_i;
	ret->spi_r = event->spi_r;
	ret->flow = log->flow;
	return read_event(log, event, ret);
}

bool charon_log_begins(const struct charon_event *event)
{
	struct charon_log log = {0};
	struct aovpn_observation o;

	if (event->type != CHARON_LOG || strcmp(event->group, "IKE") != 0 ||
	    charon_log_read(&log, event, &o) < 0)
		return false;
	return (o.kind == AOVPN_OBS_IKE_STATE &&
		o.u.ike_state.state == AOVPN_IKE_CONNECTING) ||
	       (o.kind == AOVPN_OBS_ALERT &&
		o.u.alert.alert == AOVPN_ALERT_PEER_ADDR_FAILED);
}

bool charon_log_is_send_failure(const struct charon_event *event)
{
	return event->type == CHARON_LOG && strcmp(event->group, "NET") == 0 &&
	       (begins(event, WRITE_FAILED) || has_no_socket(event));
}

bool charon_log_is_of_interest(const struct charon_event *event)
{
	size_t i;

	if (charon_log_is_send_failure(event))
		return true;
	if (event->ike_sa_id == 0)
		return false;
	if (event->type != CHARON_LOG)
		return true;
	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (strcmp(event->group, messages[i].group) == 0 &&
		    messages[i].text[0] == event->text[0])
			return true;
	return false;
}
