/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - aovpn-fetch: gets one thing from the network, parses it, says what
 * it says, and ends.
 *
 * It stands at the other end of a socket on descriptor 0: started by aovpnd or
 * aovpn, or by systemd for each connection to its socket unit (Accept=yes). A
 * CRL, an OCSP response or a certificate comes from whom the certificate that
 * is being checked names, so from anybody: this program has no right but to
 * connect and to read the CA store (confine.h), it lives for seconds, and its
 * answer is a bounded structure that is checked again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ocsp.h>

#include "confine.h"
#include "download.h"
#include "fetch_aia.h"
#include "fetch_crl.h"
#include "fetch_ocsp.h"
#include "fetch_protocol.h"
#include "fetch_text.h"
#include "helper_message.h"
#include "late.h"
#include "pki.h"

#define REQUESTER 0

#define CRL_MAX  ((size_t)32 * 1024 * 1024)
#define AIA_MAX  ((size_t)1024 * 1024)
#define OCSP_MAX ((size_t)64 * 1024)

/* Everything of one request. */
struct session {
	struct fetch_request_message request;
	struct fetch_reply_message reply;
	X509 *certificate;
	X509 *issuer;
};

/* --- the request ---------------------------------------------------------- */

static int receive(struct session *session)
{
	struct fetch_request_message *request = &session->request;
	int fds[HELPER_FDS_MAX], code;
	unsigned int count = 0;

	code = helper_receive(REQUESTER, request, sizeof(*request), fds,
			      &count);
	while (count > 0)
		close(fds[--count]);
	if (code < 0)
		return code;
	if (request->version != FETCH_VERSION)
		return -EPROTONOSUPPORT;
	if (request->timeout_ms == 0 ||
	    request->timeout_ms > FETCH_TIMEOUT_MAX_MS ||
	    request->certificate_size > FETCH_CERTIFICATE_MAX ||
	    request->issuer_size > FETCH_CERTIFICATE_MAX ||
	    memchr(request->url, '\0', sizeof(request->url)) == NULL)
		return -EBADMSG;
	return 0;
}

static int decode(struct session *session)
{
	const struct fetch_request_message *request = &session->request;

	session->certificate = aovpn_x509_decode(request->certificate,
						 request->certificate_size);
	if (!session->certificate)
		return -EBADMSG;
	if (request->kind == AOVPN_FETCH_AIA)
		return 0;
	session->issuer =
		aovpn_x509_decode(request->issuer, request->issuer_size);
	return session->issuer ? 0 : -EBADMSG;
}

/* --- the three kinds ------------------------------------------------------ */

/* Fetch; false: the reply says why there is nothing. */
static bool get(struct session *session, struct download *wanted,
		struct body *ret)
{
	wanted->url = session->request.url;
	if (download(wanted, ret, &session->reply.fetched) < 0)
		return false;
	late_stage(LATE_PARSER);
	return true;
}

static void serve_crl(struct session *session)
{
	struct download wanted = {.limit = CRL_MAX, .limit_text = "32 MiB"};
	struct body body;

	if (!get(session, &wanted, &body))
		return;
	fetch_crl_read(body.data, body.size, session->certificate,
		       session->issuer, &session->reply.fetched);
	free(body.data);
}

static void serve_ocsp(struct session *session)
{
	OCSP_REQUEST *question =
		fetch_ocsp_request(session->certificate, session->issuer);
	struct download wanted = {
		.limit = OCSP_MAX,
		.limit_text = "64 KiB",
		.post = (const ASN1_VALUE *)question,
		.post_item = ASN1_ITEM_rptr(OCSP_REQUEST),
		.post_type = "application/ocsp-request",
	};
	struct body body;

	if (!question)
		fetch_fail(&session->reply.fetched, AOVPN_FETCH_LOCAL,
			   "no OCSP request can be made");
	else if (get(session, &wanted, &body)) {
		fetch_ocsp_read(body.data, body.size, session->certificate,
				session->issuer, &session->reply.fetched);
		free(body.data);
	}
	OCSP_REQUEST_free(question);
}

static void serve_aia(struct session *session)
{
	struct download wanted = {.limit = AIA_MAX, .limit_text = "1 MiB"};
	struct body body;

	if (!get(session, &wanted, &body))
		return;
	fetch_aia_read(body.data, body.size, session->certificate,
		       &session->reply);
	free(body.data);
}

static void serve_addresses(struct session *session)
{
	struct fetch_reply_message *reply = &session->reply;

	late_stage(LATE_NAME);
	aovpn_resolve_here(session->request.url, &reply->resolved);
	reply->fetched.state =
		reply->resolved.count > 0 ? AOVPN_FETCH_OK : AOVPN_FETCH_NAME;
}

static int serve(struct session *session)
{
	int code;

	if (session->request.kind == FETCH_KIND_ADDRESSES) {
		serve_addresses(session);
		return 0;
	}
	code = decode(session);
	if (code < 0)
		return code;
	switch ((enum aovpn_fetch_kind)session->request.kind) {
	case AOVPN_FETCH_CRL:
		serve_crl(session);
		return 0;
	case AOVPN_FETCH_OCSP:
		serve_ocsp(session);
		return 0;
	case AOVPN_FETCH_AIA:
		serve_aia(session);
		return 0;
	}
	return -EBADMSG; /* of another process */
}

static int run(struct session *session)
{
	struct aovpn_error error = {""};
	int code = receive(session);

	if (code == 0)
		code = late_begin(REQUESTER, session->request.timeout_ms);
	if (code < 0)
		return code;
	session->reply.version = FETCH_VERSION;
	if (confine(&error) < 0)
		fetch_fail(&session->reply.fetched, AOVPN_FETCH_LOCAL,
			   "aovpn-fetch %s", error.text);
	else
		code = serve(session);
	if (code < 0)
		return code;
	late_end();
	session->reply.fetched.duration_ms = late_elapsed_ms();
	return helper_send(REQUESTER, &session->reply, sizeof(session->reply),
			   NULL, 0);
}

int main(int argc, char **argv)
{
	struct session *session;
	int code;

	(void)argv;
	if (argc > 1 || isatty(REQUESTER)) {
		fputs("aovpn-fetch is started by aovpn, aovpnd or systemd, "
		      "with "
		      "a socket as standard input.\n",
		      stderr);
		return 2;
	}
	session = calloc(1, sizeof(*session));
	if (!session)
		return EXIT_FAILURE;
	code = run(session);
	if (code < 0)
		fprintf(stderr, "aovpn-fetch: %s\n", strerror(-code));
	X509_free(session->certificate);
	X509_free(session->issuer);
	free(session);
	return code < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
