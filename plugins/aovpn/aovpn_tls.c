/**
 * TLS client of EAP-TLS: keys by RFC 5216 2.3 and RFC 9190 2.3, the success
 * indication of RFC 9190 2.5; see aovpn_tls.h.
 */

#include "aovpn_tls.h"

#include <openssl/err.h>

#include "aovpn_crypto.h"
#include "aovpn_report.h"
#include "aovpn_revocation.h"
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
 * Report a state. ssl may be NULL.
 */
static void report_state(aovpn_channel_t *channel, SSL *ssl, uint32_t state,
						 unsigned long error, const char *text)
{
	struct aovpn_observation o;

	if (!begin(AOVPN_OBS_TLS_STATE, &o))
	{
		return;
	}
	o.u.tls_state.state = state;
	o.u.tls_state.version = negotiated_version(ssl);
	o.u.tls_state.library = error ? ERR_GET_LIB(error) : 0;
	o.u.tls_state.reason = error ? ERR_GET_REASON(error) : 0;
	aovpn_report_text(o.u.tls_state.text, sizeof(o.u.tls_state.text), "%s",
					  text);
	channel->report(channel, &o);
}

/**
 * Wipe the keys and report why.
 */
static void set_failed(private_aovpn_tls_t *this, unsigned long error,
					   const char *text)
{
	if (this->state == TLS_FAILED)
	{
		return;
	}
	this->state = TLS_FAILED;
	memwipe(this->keys, sizeof(this->keys));
	DBG1(DBG_TLS, "aovpn: EAP-TLS failed: %s", text);
	report_state(this->channel, this->ssl, AOVPN_TLS_FAILED, error, text);
}

/**
 * Same, with OpenSSL's reason.
 */
static void set_failed_openssl(private_aovpn_tls_t *this)
{
	char text[AOVPN_TEXT_MAX];
	unsigned long error;

	error = aovpn_crypto_error(text, sizeof(text));
	set_failed(this, error, text);
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
	report_state(this->channel, this->ssl, AOVPN_TLS_ACCEPTED, 0, "");
}

/**
 * Report the end of the handshake.
 */
static void report_finished(private_aovpn_tls_t *this)
{
	report_state(this->channel, this->ssl, AOVPN_TLS_FINISHED, 0,
				 SSL_get_cipher_name(this->ssl));
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
	if (SSL_version(this->ssl) >= TLS1_3_VERSION)
	{
		/* ours is the last, and it is still to be sent */
		this->finished = TRUE;
		return;
	}
	/* in TLS 1.2 the server's Finished is the last message, sent after it has
	 * verified our certificate */
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
			set_failed(this, 0, "the server closed TLS in the handshake");
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
				set_failed(this, 0, "unexpected application data");
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

METHOD(aovpn_tls_t, process, void,
	private_aovpn_tls_t *this, chunk_t in)
{
	if (this->state == TLS_FAILED)
	{
		return;
	}
	ERR_clear_error();
	if (in.len && BIO_write(this->in, in.ptr, in.len) != (int)in.len)
	{
		set_failed_openssl(this);
		return;
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
		out = chunk_clone(chunk_create(data, len));
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
		report_state(this->channel, this->ssl, AOVPN_TLS_CERTIFICATE_SENT, 0,
					 "");
	}
	if (this->finished)
	{
		this->finished = FALSE;
		report_finished(this);
	}
}

METHOD(aovpn_tls_t, fail, void,
	private_aovpn_tls_t *this, const char *reason)
{
	set_failed(this, 0, reason);
}

METHOD(aovpn_tls_t, get_msk, bool,
	private_aovpn_tls_t *this, chunk_t *msk)
{
	switch (this->state)
	{
		case TLS_ACCEPTED:
			*msk = chunk_create(this->keys, MSK_LEN);
			return TRUE;
		case TLS_HANDSHAKE:
			set_failed(this, 0, "EAP-Success before the handshake was over");
			return FALSE;
		case TLS_FINISHED:
			/* RFC 9190 2.5: anybody on the way could have forged it */
			set_failed(this, 0, "EAP-Success without the protected success "
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
	SSL_free(this->ssl);
	this->connection->destroy(this->connection);
	free(this);
}

/**
 * Report a refused certificate of the server.
 */
static void report_refused(private_aovpn_tls_t *this, X509_STORE_CTX *ctx,
						   int error)
{
	struct aovpn_observation o;
	X509 *cert;

	DBG1(DBG_TLS, "aovpn: certificate of the EAP server refused: %s",
		 X509_verify_cert_error_string(error));
	if (begin(AOVPN_OBS_CERT_REFUSED, &o))
	{
		cert = X509_STORE_CTX_get_current_cert(ctx);
		aovpn_report_refused(&o, AOVPN_CERT_NPS, error,
							 X509_STORE_CTX_get_error_depth(ctx),
							 cert ?: X509_STORE_CTX_get0_cert(ctx));
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
	if (error == X509_V_OK)
	{
		error = aovpn_revocation_check(ctx,
						this->connection->policy.nps_revocation_hard);
	}
	if (error != X509_V_OK)
	{
		report_refused(this, ctx, error);
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
	report_state(this->channel, ssl, AOVPN_TLS_FAILED, 0, "our certificate "
				 "does not suit the server's request, none was sent");
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
	if (!set_versions(ctx, policy) || !set_signatures(ctx, policy))
	{
		SSL_CTX_free(ctx);
		return NULL;
	}
	/* Servers built on strongSwan's libtls do not send the renegotiation_info
	 * of RFC 5746; OpenSSL 3 would refuse them. The extension protects
	 * renegotiation, which EAP-TLS has no use for and which is off here.
	 * Tickets are of no use either: no session is ever resumed. */
	SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT |
						SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/* the daemon decides what chain is sent, not what roots happen to lie in
	 * the store */
	SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, on_verify, NULL);
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
	report_state(channel, this->ssl, AOVPN_TLS_STARTED, 0, "");
	return &this->public;
}
