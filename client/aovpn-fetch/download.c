/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * download.c - see download.h; RFC 9110 15.4 for the redirects.
 *
 * OpenSSL's HTTP client makes the request and reads the answer's header. Its
 * redirects are left alone: it takes two of the five kinds, does not know a
 * circle, and would not tell where it went.
 */
#include "download.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/httperr.h>

#include "connect.h"
#include "fetch_text.h"
#include "late.h"
#include "url.h"
#include "watch.h"

#define REDIRECTS_MAX 5
#define FIRST_PIECE   (64 * 1024)

/* The way so far. */
struct trail {
	char url[REDIRECTS_MAX + 1][URL_MAX];
	unsigned int count;
};

/* One exchange. */
struct exchange {
	const struct download *wanted;
	struct url url;
	struct watch watch;
	BIO *bio;
	OSSL_HTTP_REQ_CTX *http;
	bool by_proxy;
};

/* --- the request ---------------------------------------------------------- */

static bool add_headers(const struct exchange *x)
{
	return OSSL_HTTP_REQ_CTX_add1_header(x->http, "Host",
					     x->url.authority) &&
	       OSSL_HTTP_REQ_CTX_add1_header(x->http, "User-Agent",
					     "aovpn/" AOVPN_VERSION) &&
	       OSSL_HTTP_REQ_CTX_add1_header(x->http, "Accept", "*/*") &&
	       OSSL_HTTP_REQ_CTX_add1_header(x->http, "Connection", "close");
}

static bool prepare(struct exchange *x)
{
	const struct download *wanted = x->wanted;

	x->http = OSSL_HTTP_REQ_CTX_new(x->bio, x->bio, 0);
	if (!x->http ||
	    !OSSL_HTTP_REQ_CTX_set_request_line(
		    x->http, wanted->post != NULL,
		    x->by_proxy ? x->url.host : NULL,
		    x->by_proxy ? x->url.port : NULL, x->url.target) ||
	    !add_headers(x) ||
	    !OSSL_HTTP_REQ_CTX_set_expected(x->http, NULL, 0, 0, 0))
		return false;
	OSSL_HTTP_REQ_CTX_set_max_response_length(x->http, wanted->limit);
	return !wanted->post ||
	       OSSL_HTTP_REQ_CTX_set1_req(x->http, wanted->post_type,
					  wanted->post_item, wanted->post);
}

static bool open_exchange(struct exchange *x, struct aovpn_fetched *out)
{
	BIO *watch, *connection = connect_to(&x->url, &x->by_proxy, out);

	if (!connection)
		return false;
	watch = watch_new(&x->watch);
	x->bio = watch ? BIO_push(watch, connection) : connection;
	if (watch && prepare(x))
		return true;
	fetch_fail(out, AOVPN_FETCH_LOCAL, "out of memory");
	return false;
}

static void close_exchange(struct exchange *x)
{
	OSSL_HTTP_REQ_CTX_free(x->http);
	BIO_free_all(x->bio);
	ERR_clear_error();
}

/* --- the answer ----------------------------------------------------------- */

static void tell_too_big(const struct exchange *x, struct aovpn_fetched *out)
{
	fetch_fail(out, AOVPN_FETCH_TOO_BIG, "it is larger than %s",
		   x->wanted->limit_text);
}

/* Why is there no body? */
static void tell_failure(const struct exchange *x, struct aovpn_fetched *out)
{
	unsigned long error = ERR_peek_error(); /* the first: others follow */
	unsigned int status = watch_status(&x->watch);
	int reason = ERR_GET_REASON(error);

	if (ERR_GET_LIB(error) == ERR_LIB_HTTP &&
	    reason == HTTP_R_MAX_RESP_LEN_EXCEEDED)
		tell_too_big(x, out);
	else if (status != 0 && status != 200)
		fetch_fail(out, AOVPN_FETCH_HTTP, "the server answers %u",
			   status);
	else if (x->watch.too_long)
		fetch_fail(out, AOVPN_FETCH_HTTP,
			   "the header of its answer has no end");
	else if (x->watch.length > 0 && status == 0)
		fetch_fail(out, AOVPN_FETCH_HTTP,
			   "what the server sends is not HTTP");
	else if (status != 0 && !x->watch.broken)
		fetch_fail(out, AOVPN_FETCH_HTTP,
			   "the header of its answer is damaged");
	else {
		fetch_fail(out, AOVPN_FETCH_CONNECT,
			   "the connection broke before an answer");
		out->error = ECONNRESET;
	}
}

static bool is_redirect(unsigned int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

/* OpenSSL stops at the first line of a status that it does not take. */
static void read_rest_of_header(struct exchange *x)
{
	char line[1024];

	while (!x->watch.complete &&
	       BIO_get_line(x->bio, line, sizeof(line)) > 0)
		;
}

/* More room, at most one byte more than may be used: so too much is seen. */
static bool grow(struct body *body, size_t *room, size_t limit)
{
	size_t wanted = *room ? 2 * *room : FIRST_PIECE;
	unsigned char *data;

	if (wanted > limit + 1)
		wanted = limit + 1;
	data = realloc(body->data, wanted);
	if (!data)
		return false;
	body->data = data;
	*room = wanted;
	return true;
}

static bool read_to_end(struct exchange *x, struct body *body, size_t expected)
{
	const size_t limit = x->wanted->limit;
	size_t room = expected < limit ? expected : 0, piece;
	int got = 1;

	body->data = malloc(room + 1);
	room = body->data ? room + 1 : 0;
	while (body->size <= limit && got > 0) {
		if (body->size == room && !grow(body, &room, limit))
			return false;
		piece = room - body->size;
		got = BIO_read(x->bio, body->data + body->size,
			       piece > FIRST_PIECE ? FIRST_PIECE : (int)piece);
		if (got > 0)
			body->size += (size_t)got;
		late_size(body->size);
		if (expected && body->size >= expected)
			break;
	}
	return true;
}

static int read_body(struct exchange *x, struct body *body,
		     struct aovpn_fetched *out)
{
	size_t expected = OSSL_HTTP_REQ_CTX_get_resp_len(x->http);
	bool read;

	late_stage(LATE_BODY);
	read = read_to_end(x, body, expected);
	out->size = body->size;
	if (!read) {
		fetch_fail(out, AOVPN_FETCH_LOCAL, "out of memory");
	} else if (body->size > x->wanted->limit) {
		tell_too_big(x, out);
	} else if (body->size < expected) {
		fetch_fail(out, AOVPN_FETCH_CONNECT,
			   "the connection broke after %zu of %zu bytes",
			   body->size, expected);
		out->error = ECONNRESET;
	} else {
		if (expected)
			body->size = expected;
		return 0;
	}
	return -EIO;
}

/* --- redirects ------------------------------------------------------------ */

static int follow(const struct exchange *x, struct trail *trail,
		  struct aovpn_fetched *out)
{
	const char *base = trail->url[trail->count - 1];
	char location[URL_MAX], next[URL_MAX];

	if (!watch_location(&x->watch, location) ||
	    url_resolve(base, location, next) < 0) {
		fetch_fail(out, AOVPN_FETCH_REDIRECTS,
			   "it is redirected, but not told whereto");
		return -EIO;
	}
	for (unsigned int i = 0; i < trail->count; i++) {
		if (strcmp(trail->url[i], next) != 0)
			continue;
		fetch_fail(out, AOVPN_FETCH_REDIRECTS,
			   "it is redirected in a circle, to \"%s\"", next);
		return -EIO;
	}
	if (trail->count > REDIRECTS_MAX) {
		fetch_fail(out, AOVPN_FETCH_REDIRECTS,
			   "it is redirected more than %d times",
			   REDIRECTS_MAX);
		return -EIO;
	}
	memcpy(trail->url[trail->count++], next, sizeof(next));
	return 0;
}

/* Returns 0 with a body, 1 with a redirect on trail, or -EIO. */
static int exchange(struct exchange *x, struct trail *trail, struct body *body,
		    struct aovpn_fetched *out)
{
	bool answered;

	if (!open_exchange(x, out))
		return -EIO;
	late_stage(LATE_HEADER);
	ERR_clear_error();
	answered = OSSL_HTTP_exchange(x->http, NULL) != NULL;
	out->http_status = watch_status(&x->watch);
	out->server_time = watch_date(&x->watch);
	if (is_redirect(out->http_status)) {
		read_rest_of_header(x);
		return follow(x, trail, out) < 0 ? -EIO : 1;
	}
	if (answered)
		return read_body(x, body, out);
	tell_failure(x, out);
	return -EIO;
}

/* The last URL of the trail, taken apart. */
static bool parse_last(const struct trail *trail, struct url *ret,
		       struct aovpn_fetched *out)
{
	const char *url = trail->url[trail->count - 1];
	int code = url_parse(url, ret);

	if (code == 0)
		return true;
	fetch_fail(out, AOVPN_FETCH_SCHEME, "%s%s: \"%s\"",
		   trail->count > 1 ? "redirected to " : "",
		   code == -EPROTONOSUPPORT ? "what is not http or https"
					    : "what is no URL",
		   url);
	return false;
}

static int walk(struct trail *trail, const struct download *wanted,
		struct body *ret, struct aovpn_fetched *out)
{
	struct exchange *x;
	int code = 1;

	while (code > 0) {
		x = calloc(1, sizeof(*x));
		if (!x)
			return -ENOMEM;
		x->wanted = wanted;
		code = parse_last(trail, &x->url, out)
			       ? exchange(x, trail, ret, out)
			       : -EIO;
		close_exchange(x);
		free(x);
	}
	return code;
}

int download(const struct download *wanted, struct body *ret,
	     struct aovpn_fetched *out)
{
	struct trail *trail = calloc(1, sizeof(*trail));
	int code;

	*ret = (struct body){0};
	if (!trail) {
		fetch_fail(out, AOVPN_FETCH_LOCAL, "out of memory");
		return -EIO;
	}
	snprintf(trail->url[0], URL_MAX, "%s", wanted->url);
	trail->count = 1;
	code = walk(trail, wanted, ret, out);
	free(trail);
	if (code == 0)
		return 0;
	free(ret->data);
	*ret = (struct body){0};
	return -EIO;
}
