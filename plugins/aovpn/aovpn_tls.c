/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * TLS client of EAP-TLS: keys by RFC 5216 2.3 and RFC 9190 2.3, the success
 * indication of RFC 9190 2.5; see aovpn_tls.h.
 */

#include "aovpn_tls.h"

#include <openssl/err.h>

#include "aovpn_crypto.h"
#include "aovpn_report.h"
#include "aovpn_revocation.h"
#include "aovpn_sessions.h"
#include "aovpn_verify.h"

typedef struct private_aovpn_tls_t private_aovpn_tls_t;

/**
 * RFC 5216 2.3 and RFC 9190 2.3 export MSK and EMSK at once; TLS 1.3 makes
 * the length part of the derivation, so that it must be 128.
 */
#define KEY_MATERIAL_LEN 128

/**
 * The MSK is the first half.
 */
#define MSK_LEN 64

/**
 * Labels of the exporter, RFC 5216 2.3 and RFC 9190 2.3.
 */
#define LABEL_TLS12 "client EAP encryption"
#define LABEL_TLS13 "EXPORTER_EAP_TLS_Key_Material"

/**
 * Bytes of a Certificate message without any certificate: the handshake header
 * (4), in TLS 1.3 the context's length (1), and the list's length (3).
 */
#define EMPTY_CERTIFICATE_LEN 8

/**
 * How far a session has come.
 */
typedef enum {
	/** shaking hands */
	TLS_HANDSHAKE,
	/** both Finished are through; TLS 1.3: the server may still refuse us */
	TLS_FINISHED,
	/** the server showed that it accepted us */
	TLS_ACCEPTED,
	/** over */
	TLS_FAILED,
} tls_state_t;

/**
 * Private data of an aovpn_tls_t object.
 */
struct private_aovpn_tls_t {

	/**
	 * Public interface.
	 */
	aovpn_tls_t public;

	/**
	 * Policy and material.
	 */
	aovpn_connection_t *connection;

	/**
	 * For reports.
	 */
	aovpn_channel_t *channel;

	/**
	 * OpenSSL's session; owns both buffers.
	 */
	SSL *ssl;

	/**
	 * What came from the server.
	 */
	BIO *in;

	/**
	 * What goes to the server.
	 */
	BIO *out;

	/**
	 * State.
	 */
	tls_state_t state;

	/**
	 * Our certificate lies in the output that was not yet handed out.
	 */
	bool certificate;

	/**
	 * Our Finished of TLS 1.3 lies there.
	 */
	bool finished;

	/**
	 * The last ticket of a TLS 1.3 server, NULL if none came.
	 */
	SSL_SESSION *ticket;

	/**
	 * Second of CLOCK_BOOTTIME of the full handshake that this session is, or
	 * that it goes back to.
	 */
	uint64_t authenticated;

	/**
	 * MSK and EMSK, once finished.
	 */
	uint8_t keys[KEY_MATERIAL_LEN];
};

/**
 * Begin an observation about the current IKE_SA; FALSE if there is none.
 */
static bool begin(uint32_t kind, struct aovpn_observation *o)
{
	ike_sa_t *ike_sa = charon->bus->get_sa(charon->bus);

	if (ike_sa)
	{
		aovpn_report_begin(kind, ike_sa, o);
	}
	return ike_sa != NULL;
}

/**
 * Version that was negotiated; before ServerHello there is none, 0.
 */
static int negotiated_version(SSL *ssl)
{
	if (ssl && (SSL_get_current_cipher(ssl) || SSL_get_pending_cipher(ssl)))
	{
		return SSL_version(ssl);
	}
	return 0;
}

/**
 * Is this a resumed session, or at the beginning: does it offer one?
 */
static bool is_resumed(SSL *ssl, uint32_t state)
{
	if (state == AOVPN_TLS_STARTED)
	{
		return ssl && SSL_get_session(ssl);
	}
	return ssl && SSL_session_reused(ssl);
}

/**
 * Report a state; library and reason are for AOVPN_TLS_FAILED. ssl may be NULL.
 */
static void report(aovpn_channel_t *channel, SSL *ssl, uint32_t state,
				   uint32_t library, uint32_t reason, const char *text)
{
	struct aovpn_observation o;

	if (!begin(AOVPN_OBS_TLS_STATE, &o))
	{
		return;
	}
	o.u.tls_state.state = state;
	o.u.tls_state.version = negotiated_version(ssl);
	o.u.tls_state.resumed = is_resumed(ssl, state);
	o.u.tls_state.library = library;
	o.u.tls_state.reason = reason;
	aovpn_report_text(o.u.tls_state.text, sizeof(o.u.tls_state.text), "%s",
					  text);
	channel->report(channel, &o);
}

/**
 * Report a state other than AOVPN_TLS_FAILED.
 */
static void report_state(aovpn_channel_t *channel, SSL *ssl, uint32_t state,
						 const char *text)
{
	report(channel, ssl, state, 0, 0, text);
}

/**
 * Wipe the keys and report why.
 */
static void set_failed(private_aovpn_tls_t *this, uint32_t library,
					   uint32_t reason, const char *text)
{
	if (this->state == TLS_FAILED)
	{
		return;
	}
	this->state = TLS_FAILED;
	memwipe(this->keys, sizeof(this->keys));
	DBG1(DBG_TLS, "aovpn: EAP-TLS failed: %s", text);
	report(this->channel, this->ssl, AOVPN_TLS_FAILED, library, reason, text);
}

/**
 * Same, for what the server did.
 */
static void set_failed_eap(private_aovpn_tls_t *this,
						   enum aovpn_eap_error error, const char *text)
{
	set_failed(this, AOVPN_LIBRARY_EAP, error, text);
}

/**
 * Same, with OpenSSL's reason.
 */
static void set_failed_openssl(private_aovpn_tls_t *this)
{
	char text[AOVPN_TEXT_MAX];
	unsigned long error;

	error = aovpn_crypto_error(text, sizeof(text));
	set_failed(this, error ? ERR_GET_LIB(error) : 0,
			   error ? ERR_GET_REASON(error) : 0, text);
}

/**
 * Export MSK and EMSK.
 */
static bool derive_keys(private_aovpn_tls_t *this)
{
	static const uint8_t type = EAP_TLS;

	if (SSL_version(this->ssl) >= TLS1_3_VERSION)
	{
		return SSL_export_keying_material(this->ssl, this->keys,
					sizeof(this->keys), LABEL_TLS13, strlen(LABEL_TLS13),
					&type, sizeof(type), 1) == 1;
	}
	return SSL_export_keying_material(this->ssl, this->keys,
					sizeof(this->keys), LABEL_TLS12, strlen(LABEL_TLS12),
					NULL, 0, 0) == 1;
}

/**
 * The server accepted us.
 */
static void set_accepted(private_aovpn_tls_t *this)
{
	this->state = TLS_ACCEPTED;
	report_state(this->channel, this->ssl, AOVPN_TLS_ACCEPTED, "");
}

/**
 * Report the end of the handshake.
 */
static void report_finished(private_aovpn_tls_t *this)
{
	report_state(this->channel, this->ssl, AOVPN_TLS_FINISHED,
				 SSL_get_cipher_name(this->ssl));
}

/**
 * Name of a key type that signed the handshake, by its NID; none signs one that
 * is resumed.
 */
static const char *signer(int known, int nid)
{
	return known == 1 ? OBJ_nid2sn(nid) : "none";
}

/**
 * Log what was negotiated. Renegotiation_info and the extended master secret
 * (RFC 5746, RFC 7627) are of TLS 1.2 only.
 */
static void log_session(SSL *ssl)
{
	int peer = NID_undef, ours = NID_undef, peer_known, ours_known;

	peer_known = SSL_get_peer_signature_type_nid(ssl, &peer);
	ours_known = SSL_get_signature_type_nid(ssl, &ours);
	DBG1(DBG_TLS, "aovpn: %s with %s, keys: server %s, ours %s",
		 SSL_get_version(ssl), SSL_get_cipher_name(ssl),
		 signer(peer_known, peer), signer(ours_known, ours));
	if (SSL_version(ssl) < TLS1_3_VERSION)
	{
		DBG1(DBG_TLS, "aovpn: extended master secret: %s, "
			 "renegotiation_info: %s",
			 SSL_get_extms_support(ssl) == 1 ? "yes" : "no",
			 SSL_get_secure_renegotiation_support(ssl) ? "yes" : "no");
	}
}

/**
 * The handshake is complete as we see it.
 */
static void set_finished(private_aovpn_tls_t *this)
{
	if (!derive_keys(this))
	{
		set_failed_openssl(this);
		return;
	}
	this->state = TLS_FINISHED;
	if (!SSL_session_reused(this->ssl))
	{
		this->authenticated = aovpn_boottime_ns() / 1000000000;
	}
	log_session(this->ssl);
	if (SSL_version(this->ssl) >= TLS1_3_VERSION)
	{
		/* ours is the last, and it is still to be sent */
		this->finished = TRUE;
		return;
	}
	/* in TLS 1.2 the server sends its Finished after it has verified our
	 * certificate, or has decided to resume the session that we offered */
	report_finished(this);
	set_accepted(this);
}

/**
 * Go on with the handshake.
 */
static void shake_hands(private_aovpn_tls_t *this)
{
	int ret;

	ret = SSL_do_handshake(this->ssl);
	if (ret == 1)
	{
		set_finished(this);
		return;
	}
	switch (SSL_get_error(this->ssl, ret))
	{
		case SSL_ERROR_WANT_READ:
			break;
		case SSL_ERROR_ZERO_RETURN:
			set_failed_eap(this, AOVPN_EAP_TLS_CLOSED,
						   "the server closed TLS in the handshake");
			break;
		default:
			set_failed_openssl(this);
			break;
	}
}

/**
 * Is this the protected success indication of RFC 9190 2.5?
 */
static bool is_success_indication(private_aovpn_tls_t *this,
								  const uint8_t *data, int len)
{
	return this->state == TLS_FINISHED && len == 1 && data[0] == 0;
}

/**
 * Read what follows the handshake: session tickets (OpenSSL deals with them),
 * an alert by which a TLS 1.3 server refuses us, or its 0x00.
 */
static void read_data(private_aovpn_tls_t *this)
{
	uint8_t data[16];
	int len;

	while (this->state != TLS_FAILED)
	{
		len = SSL_read(this->ssl, data, sizeof(data));
		if (len > 0)
		{
			if (!is_success_indication(this, data, len))
			{
				set_failed_eap(this, AOVPN_EAP_TLS_DATA,
							   "unexpected application data");
				return;
			}
			set_accepted(this);
			continue;
		}
		switch (SSL_get_error(this->ssl, len))
		{
			case SSL_ERROR_WANT_READ:
			case SSL_ERROR_ZERO_RETURN:
				return;
			default:
				set_failed_openssl(this);
				return;
		}
	}
}

METHOD(aovpn_tls_t, process, bool,
	private_aovpn_tls_t *this, chunk_t in)
{
	if (this->state == TLS_FAILED)
	{
		return FALSE;
	}
	ERR_clear_error();
	if (in.len && BIO_write(this->in, in.ptr, in.len) != (int)in.len)
	{
		set_failed_openssl(this);
		return FALSE;
	}
	if (this->state == TLS_HANDSHAKE)
	{
		shake_hands(this);
	}
	if (this->state == TLS_FINISHED || this->state == TLS_ACCEPTED)
	{
		read_data(this);
	}
	ERR_clear_error();
	return this->state != TLS_FAILED;
}

METHOD(aovpn_tls_t, take_output, chunk_t,
	private_aovpn_tls_t *this)
{
	chunk_t out = chunk_empty;
	uint8_t *data = NULL;
	long len;

	len = BIO_get_mem_data(this->out, &data);
	if (len > 0)
	{
		/* chunk_clone() looks at no failure */
		out.ptr = malloc(len);
		if (out.ptr)
		{
			out.len = len;
			memcpy(out.ptr, data, len);
		}
		else
		{
			set_failed_eap(this, AOVPN_EAP_NO_MEMORY,
						   "no memory for our TLS message");
		}
		(void)BIO_reset(this->out);
	}
	return out;
}

METHOD(aovpn_tls_t, output_sent, void,
	private_aovpn_tls_t *this)
{
	if (this->certificate)
	{
		this->certificate = FALSE;
		report_state(this->channel, this->ssl, AOVPN_TLS_CERTIFICATE_SENT, "");
	}
	if (this->finished)
	{
		this->finished = FALSE;
		report_finished(this);
	}
}

METHOD(aovpn_tls_t, fail, void,
	private_aovpn_tls_t *this, enum aovpn_eap_error error, const char *text)
{
	set_failed_eap(this, error, text);
}

/**
 * Keep the session for the next dial, now that it has served.
 *
 * A session of TLS 1.2 without the extended master secret is never resumed: its
 * keys are not bound to the certificates of its handshake (RFC 7627 5.3).
 */
static void keep_session(private_aovpn_tls_t *this)
{
	SSL_SESSION *session = this->ticket;

	this->ticket = NULL;
	if (SSL_version(this->ssl) < TLS1_3_VERSION &&
		SSL_get_extms_support(this->ssl) == 1)
	{
		session = SSL_get1_session(this->ssl);
	}
	/* EAP-TLS knows no close_notify; without one OpenSSL would spoil the
	 * session as cut off by an attacker */
	SSL_set_shutdown(this->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	if (session && SSL_SESSION_is_resumable(session))
	{
		aovpn_sessions_put(this->connection, session, this->authenticated);
		return;
	}
	SSL_SESSION_free(session);
}

METHOD(aovpn_tls_t, get_msk, bool,
	private_aovpn_tls_t *this, chunk_t *msk)
{
	switch (this->state)
	{
		case TLS_ACCEPTED:
			*msk = chunk_create(this->keys, MSK_LEN);
			keep_session(this);
			return TRUE;
		case TLS_HANDSHAKE:
			set_failed_eap(this, AOVPN_EAP_SUCCESS_EARLY,
						   "EAP-Success before the handshake was over");
			return FALSE;
		case TLS_FINISHED:
			/* RFC 9190 2.5: anybody on the way could have forged it */
			set_failed_eap(this, AOVPN_EAP_SUCCESS_UNCONFIRMED,
						   "EAP-Success without the protected success "
						   "indication of RFC 9190");
			return FALSE;
		case TLS_FAILED:
			break;
	}
	return FALSE;
}

METHOD(aovpn_tls_t, destroy, void,
	private_aovpn_tls_t *this)
{
	memwipe(this->keys, sizeof(this->keys));
	SSL_SESSION_free(this->ticket);
	SSL_free(this->ssl);
	this->connection->destroy(this->connection);
	free(this);
}

/**
 * Report a refused certificate of the server.
 */
static void report_refused(private_aovpn_tls_t *this, int error, int depth,
						   X509 *cert)
{
	struct aovpn_observation o;

	DBG1(DBG_TLS, "aovpn: certificate of the EAP server refused: %s",
		 X509_verify_cert_error_string(error));
	if (begin(AOVPN_OBS_CERT_REFUSED, &o))
	{
		aovpn_report_refused(&o, AOVPN_CERT_NPS, error, depth, cert);
		this->channel->report(this->channel, &o);
	}
}

/**
 * Verify the server's certificate: called by OpenSSL in place of its own
 * verification. It sends the alert that belongs to the context's error.
 */
static int on_verify(X509_STORE_CTX *ctx, void *data)
{
	private_aovpn_tls_t *this;
	SSL *ssl;
	int error;

	ssl = X509_STORE_CTX_get_ex_data(ctx,
									 SSL_get_ex_data_X509_STORE_CTX_idx());
	this = SSL_get_app_data(ssl);
	error = aovpn_verify_server(ctx, this->connection->policy.nps_names);
	if (error != X509_V_OK)
	{
		report_refused(this, error, X509_STORE_CTX_get_error_depth(ctx),
					   X509_STORE_CTX_get_current_cert(ctx) ?:
					   X509_STORE_CTX_get0_cert(ctx));
		return 0;
	}
	return 1;
}

/**
 * Check revocation of a verified chain.
 */
static int check_revocation(private_aovpn_tls_t *this, STACK_OF(X509) *chain,
							chunk_t stapled, int *depth)
{
	X509_STORE *roots = SSL_CTX_get_cert_store(this->connection->tls);

	return aovpn_revocation_check(chain, SSL_get_peer_cert_chain(this->ssl),
							roots, aovpn_ocsp_judge(stapled, chain, roots),
							this->connection->policy.nps_revocation_hard,
							depth);
}

/**
 * Check revocation: called by OpenSSL at the end of the server's flight, when
 * what the server stapled has come, or has not; before, TLS 1.2 could not tell.
 * A refusal is sent as alert 113, bad_certificate_status_response: OpenSSL has
 * no other at this place.
 */
static int on_status(SSL *ssl, void *data)
{
	private_aovpn_tls_t *this = SSL_get_app_data(ssl);
	STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
	chunk_t stapled = chunk_empty;
	int error, depth = 0;
	long len;

	if (SSL_session_reused(ssl))
	{
		/* no certificate came, is_acceptable() has done it */
		return 1;
	}
	len = SSL_get_tlsext_status_ocsp_resp(ssl, &stapled.ptr);
	stapled.len = max(len, 0);
	error = check_revocation(this, chain, stapled, &depth);
	if (error != X509_V_OK)
	{
		report_refused(this, error, depth, sk_X509_value(chain, depth));
		return 0;
	}
	return 1;
}

/**
 * Report an alert in either direction: called by OpenSSL.
 */
static void on_info(const SSL *ssl, int where, int value)
{
	private_aovpn_tls_t *this = SSL_get_app_data(ssl);
	struct aovpn_observation o;

	if ((where & SSL_CB_ALERT) && begin(AOVPN_OBS_TLS_ALERT, &o))
	{
		o.u.tls_alert.sent = (where & SSL_CB_WRITE) != 0;
		o.u.tls_alert.level = value >> 8;
		o.u.tls_alert.description = value & 0xff;
		DBG1(DBG_TLS, "aovpn: TLS alert %s: %s",
			 o.u.tls_alert.sent ? "sent" : "received",
			 SSL_alert_desc_string_long(value));
		this->channel->report(this->channel, &o);
	}
}

/**
 * Notice our Certificate among the messages written: called by OpenSSL.
 */
static void on_message(int write, int version, int content_type,
					   const void *data, size_t len, SSL *ssl, void *arg)
{
	private_aovpn_tls_t *this = SSL_get_app_data(ssl);

	if (!write || content_type != SSL3_RT_HANDSHAKE || len == 0 ||
		((const uint8_t*)data)[0] != SSL3_MT_CERTIFICATE)
	{
		return;
	}
	if (len > EMPTY_CERTIFICATE_LEN)
	{
		this->certificate = TRUE;
		return;
	}
	/* the server has the last word on this, so that it is no failure yet */
	report(this->channel, ssl, AOVPN_TLS_FAILED, AOVPN_LIBRARY_EAP,
		   AOVPN_EAP_NO_CERTIFICATE, "our certificate does not suit the "
		   "server's request, none was sent");
}

/**
 * Is an issuer of our leaf or of its chain on this list?
 */
static bool names_our_ca(SSL *ssl, const STACK_OF(X509_NAME) *names)
{
	STACK_OF(X509) *chain = NULL;
	X509 *cert = SSL_get_certificate(ssl);
	int i, k;

	SSL_get0_chain_certs(ssl, &chain);
	for (i = -1; i < sk_X509_num(chain); i++)
	{
		cert = i < 0 ? cert : sk_X509_value(chain, i);
		for (k = 0; cert && k < sk_X509_NAME_num(names); k++)
		{
			if (X509_NAME_cmp(X509_get_issuer_name(cert),
							  sk_X509_NAME_value(names, k)) == 0)
			{
				return TRUE;
			}
		}
	}
	return FALSE;
}

/**
 * The server asks for our certificate: called by OpenSSL, which sends it
 * whatever the server's list of CAs says.
 */
static int on_request(SSL *ssl, void *data)
{
	private_aovpn_tls_t *this = SSL_get_app_data(ssl);
	const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(ssl);
	struct aovpn_observation o;

	if (begin(AOVPN_OBS_CA_LIST, &o))
	{
		aovpn_report_ca_list(&o, names);
		o.u.ca_list.ours = names_our_ca(ssl, names);
		this->channel->report(this->channel, &o);
	}
	return 1;
}

/**
 * A session that may be resumed came: called by OpenSSL. In TLS 1.3 each ticket
 * is one, and any may be the last; in TLS 1.2 keep_session() sees to it.
 */
static int on_session(SSL *ssl, SSL_SESSION *session)
{
	private_aovpn_tls_t *this = SSL_get_app_data(ssl);

	if (SSL_version(ssl) < TLS1_3_VERSION)
	{
		return 0;
	}
	SSL_SESSION_free(this->ticket);
	this->ticket = session;
	return 1;
}

/**
 * Narrow the system's protocol versions by the policy's. The system's minimum
 * and maximum are 0 where it sets none.
 */
static bool set_versions(SSL_CTX *ctx, const struct aovpn_policy *policy)
{
	long system_min = SSL_CTX_get_min_proto_version(ctx);
	long system_max = SSL_CTX_get_max_proto_version(ctx);
	long min_version = max(system_min, (long)policy->tls_min);
	long max_version = policy->tls_max;

	if (system_max && system_max < max_version)
	{
		max_version = system_max;
	}
	return min_version <= max_version &&
		   SSL_CTX_set_min_proto_version(ctx, min_version) == 1 &&
		   SSL_CTX_set_max_proto_version(ctx, max_version) == 1;
}

/**
 * Keep to what the client's key can do. In TLS 1.2 OpenSSL prefers RSA-PSS too,
 * where the server offers it.
 */
static bool set_signatures(SSL_CTX *ctx, const struct aovpn_policy *policy)
{
	return !policy->no_pss ||
		   SSL_CTX_set1_client_sigalgs_list(ctx, "RSA+SHA256:RSA+SHA384:"
											"RSA+SHA512") == 1;
}

/**
 * Give the context its store, still without a root.
 */
static bool set_roots(SSL_CTX *ctx)
{
	X509_STORE *roots;

	roots = aovpn_verify_roots_create(SSL_CTX_get_security_level(ctx));
	if (roots)
	{
		SSL_CTX_set_cert_store(ctx, roots);
	}
	return roots != NULL;
}

/*
 * Described in header
 */
SSL_CTX *aovpn_tls_context_create(const struct aovpn_policy *policy)
{
	SSL_CTX *ctx;

	ERR_clear_error();
	ctx = SSL_CTX_new_ex(aovpn_crypto_context(), NULL, TLS_client_method());
	if (!ctx)
	{
		return NULL;
	}
	if (!set_versions(ctx, policy) || !set_signatures(ctx, policy) ||
		!set_roots(ctx))
	{
		SSL_CTX_free(ctx);
		return NULL;
	}
	/* Servers built on strongSwan's libtls do not send the renegotiation_info
	 * of RFC 5746; OpenSSL 3 would refuse them. The extension protects
	 * renegotiation, which EAP-TLS has no use for and which is off here. */
	SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT |
						SSL_OP_NO_RENEGOTIATION);
	/* sessions outlive this context, in aovpn_sessions */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT |
								   SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(ctx, on_session);
	SSL_CTX_set_cert_cb(ctx, on_request, NULL);
	/* the daemon decides what chain is sent, not what roots happen to lie in
	 * the store */
	SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, on_verify, NULL);
	SSL_CTX_set_tlsext_status_type(ctx, TLSEXT_STATUSTYPE_ocsp);
	SSL_CTX_set_tlsext_status_cb(ctx, on_status);
	SSL_CTX_set_info_callback(ctx, on_info);
	SSL_CTX_set_msg_callback(ctx, on_message);
	return ctx;
}

/**
 * Create OpenSSL's session with its two buffers.
 */
static bool create_ssl(private_aovpn_tls_t *this)
{
	this->ssl = SSL_new(this->connection->tls);
	this->in = BIO_new(BIO_s_mem());
	this->out = BIO_new(BIO_s_mem());
	if (!this->ssl || !this->in || !this->out)
	{
		BIO_free(this->in);
		BIO_free(this->out);
		return FALSE;
	}
	/* an empty buffer means "not yet", not "closed" */
	BIO_set_mem_eof_return(this->in, -1);
	BIO_set_mem_eof_return(this->out, -1);
	SSL_set_bio(this->ssl, this->in, this->out);
	SSL_set_app_data(this->ssl, this);
	SSL_set_connect_state(this->ssl);
	return TRUE;
}

/**
 * Would the server of this session, which is set already, be accepted now?
 *
 * Nobody verifies a certificate when a session is resumed (OpenSSL calls no
 * callback), so all of it is done here, as in a full handshake: the certificate
 * may have expired or have been revoked meanwhile. With CRLs in memory that
 * takes about a millisecond, and so it is done for a soft policy as well, which
 * refuses what is known to be revoked.
 */
static bool is_acceptable(private_aovpn_tls_t *this, SSL_SESSION *session)
{
	X509_STORE *roots = SSL_CTX_get_cert_store(this->connection->tls);
	X509 *leaf = SSL_SESSION_get0_peer(session);
	X509_STORE_CTX *ctx;
	int error = X509_V_ERR_UNSPECIFIED, depth;

	ctx = X509_STORE_CTX_new_ex(aovpn_crypto_context(), NULL);
	if (ctx && leaf && X509_STORE_CTX_init(ctx, roots, leaf,
								SSL_get_peer_cert_chain(this->ssl)) == 1)
	{
		error = aovpn_verify_server(ctx, this->connection->policy.nps_names);
		if (error == X509_V_OK)
		{
			error = check_revocation(this, X509_STORE_CTX_get0_chain(ctx),
									 chunk_empty, &depth);
		}
	}
	X509_STORE_CTX_free(ctx);
	if (error != X509_V_OK)
	{
		DBG1(DBG_TLS, "aovpn: TLS session dropped: %s",
			 X509_verify_cert_error_string(error));
	}
	return error == X509_V_OK;
}

/**
 * Offer the session of an earlier dial, if there is one. Should it come to
 * nothing, the full handshake tells why.
 */
static void offer_session(private_aovpn_tls_t *this)
{
	SSL_SESSION *session;

	session = aovpn_sessions_take(this->connection, &this->authenticated);
	if (!session)
	{
		return;
	}
	if (SSL_set_session(this->ssl, session) != 1 ||
		!is_acceptable(this, session))
	{
		SSL_set_session(this->ssl, NULL);
	}
	else
	{
		DBG1(DBG_TLS, "aovpn: offering to resume a TLS session");
	}
	SSL_SESSION_free(session);
	ERR_clear_error();
}

/*
 * Described in header
 */
aovpn_tls_t *aovpn_tls_create(aovpn_connection_t *connection,
							  aovpn_channel_t *channel)
{
	private_aovpn_tls_t *this;

	INIT(this,
		.public = {
			.process = _process,
			.take_output = _take_output,
			.output_sent = _output_sent,
			.fail = _fail,
			.get_msk = _get_msk,
			.destroy = _destroy,
		},
		.connection = connection->get_ref(connection),
		.channel = channel,
	);
	if (!create_ssl(this))
	{
		set_failed_openssl(this);
		destroy(this);
		return NULL;
	}
	offer_session(this);
	report_state(channel, this->ssl, AOVPN_TLS_STARTED, "");
	return &this->public;
}
