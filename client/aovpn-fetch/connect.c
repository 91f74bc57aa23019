/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connect.c - see connect.h. */
#include "connect.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/ssl.h>

#include "fetch_text.h"
#include "late.h"

/* An address that does not answer must not keep us from the next one. */
#define NEXT_ADDRESS_SECONDS 4

/* --- TCP ------------------------------------------------------------------ */

static void limit_connect(int fd, int seconds)
{
	const struct timeval limit = {.tv_sec = seconds};

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/* A connected socket, or -errno. */
static int try_address(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int code;

	if (fd < 0)
		return -errno;
	if (address->ai_next)
		limit_connect(fd, NEXT_ADDRESS_SECONDS);
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) {
		limit_connect(fd, 0);
		return fd;
	}
	code = errno == EINPROGRESS ? -ETIMEDOUT : -errno;
	close(fd);
	return code;
}

static struct addrinfo *resolve(const char *host, const char *port,
				struct aovpn_fetched *out)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				       .ai_flags = AI_ADDRCONFIG};
	struct addrinfo *found = NULL;
	int code;

	late_stage(LATE_NAME);
	code = getaddrinfo(host, port, &hints, &found);
	if (code == 0)
		return found;
	fetch_fail(out, AOVPN_FETCH_NAME, "the name \"%s\": %s", host,
		   code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code));
	return NULL;
}

static int connect_tcp(const char *host, const char *port,
		       struct aovpn_fetched *out)
{
	struct addrinfo *found = resolve(host, port, out), *address;
	int fd = -EADDRNOTAVAIL;

	if (!found)
		return -EADDRNOTAVAIL;
	late_stage(LATE_CONNECT);
	for (address = found; address; address = address->ai_next) {
		fd = try_address(address);
		if (fd >= 0)
			break;
	}
	freeaddrinfo(found);
	if (fd < 0) {
		fetch_fail(out, AOVPN_FETCH_CONNECT,
			   "no connection to \"%s\" port %s: %s", host, port,
			   strerror(-fd));
		out->error = -fd;
	}
	return fd;
}

/* --- TLS ------------------------------------------------------------------ */

static SSL_CTX *make_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (!context || !SSL_CTX_set_default_verify_paths(context) ||
	    !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)) {
		SSL_CTX_free(context);
		return NULL;
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	return context;
}

/* Whom the certificate must name: an address, or a name, which is sent. */
static bool set_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

	if (X509_VERIFY_PARAM_set1_ip_asc(param, host))
		return true;
	ERR_clear_error();
	return SSL_set1_host(ssl, host) && SSL_set_tlsext_host_name(ssl, host);
}

static void tell_handshake(const SSL *ssl, struct aovpn_fetched *out)
{
	long verified = SSL_get_verify_result(ssl);
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	if (verified != X509_V_OK) {
		fetch_fail(out, AOVPN_FETCH_TLS, "the server's certificate: %s",
			   X509_verify_cert_error_string(verified));
		out->error = (int32_t)verified;
	} else {
		fetch_fail(out, AOVPN_FETCH_TLS, "the TLS handshake: %s",
			   reason ? reason : "the connection broke");
	}
	ERR_clear_error();
}

static bool shake_hands(BIO *tls, const char *host, struct aovpn_fetched *out)
{
	SSL *ssl = NULL;

	BIO_get_ssl(tls, &ssl);
	late_stage(LATE_HANDSHAKE);
	ERR_clear_error();
	if (ssl && set_host(ssl, host) && BIO_do_handshake(tls) == 1)
		return true;
	tell_handshake(ssl, out);
	return false;
}

/* TLS over tcp, which it takes. */
static BIO *add_tls(BIO *tcp, const char *host, struct aovpn_fetched *out)
{
	SSL_CTX *context = make_context();
	BIO *tls = context ? BIO_new_ssl(context, 1) : NULL;

	SSL_CTX_free(context);
	if (!tls) {
		fetch_fail(out, AOVPN_FETCH_LOCAL, "TLS cannot be set up");
		BIO_free_all(tcp);
		return NULL;
	}
	BIO_push(tls, tcp);
	if (shake_hands(tls, host, out))
		return tls;
	BIO_free_all(tls);
	return NULL;
}

/* --- with a proxy or without ---------------------------------------------- */

static bool open_tunnel(BIO *tcp, const struct url *url,
			struct aovpn_fetched *out)
{
	BIO *nowhere = BIO_new(BIO_s_null());
	int done;

	done = nowhere && OSSL_HTTP_proxy_connect(tcp, url->host, url->port,
						  NULL, NULL, 0, nowhere, "");
	BIO_free(nowhere);
	ERR_clear_error();
	if (!done)
		fetch_fail(out, AOVPN_FETCH_CONNECT,
			   "the proxy does not connect to \"%s\"", url->host);
	return done;
}

/* The server to connect to: url's own or the proxy's. -EINVAL: the environment
 * names a proxy that is no URL. */
static int find_hop(const struct url *url, struct url *ret, bool *ret_proxy)
{
	const char *proxy =
		OSSL_HTTP_adapt_proxy(NULL, NULL, url->host, url->tls);
	char text[URL_MAX];

	*ret_proxy = proxy != NULL;
	*ret = *url;
	if (!proxy)
		return 0;
	if (snprintf(text, sizeof(text), "%s%s",
		     strstr(proxy, "://") ? "" : "http://",
		     proxy) >= (int)sizeof(text))
		return -EINVAL;
	return url_parse(text, ret) == 0 && !ret->tls ? 0 : -EINVAL;
}

BIO *connect_to(const struct url *url, bool *ret_by_proxy,
		struct aovpn_fetched *out)
{
	struct url hop;
	bool proxy;
	BIO *tcp;
	int fd;

	if (find_hop(url, &hop, &proxy) < 0) {
		fetch_fail(out, AOVPN_FETCH_LOCAL,
			   "the environment's proxy is no URL of http");
		return NULL;
	}
	fd = connect_tcp(hop.host, hop.port, out);
	if (fd < 0)
		return NULL;
	*ret_by_proxy = proxy && !url->tls;
	tcp = BIO_new_socket(fd, BIO_CLOSE);
	if (!tcp) {
		close(fd);
		fetch_fail(out, AOVPN_FETCH_LOCAL, "out of memory");
		return NULL;
	}
	if (proxy && url->tls && !open_tunnel(tcp, url, out)) {
		BIO_free_all(tcp);
		return NULL;
	}
	return url->tls ? add_tls(tcp, url->host, out) : tcp;
}
