/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_certs.c - see vici_certs.h; list-certs of strongSwan's vici/README.md.
 */
#include "vici_certs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vici_list.h"

/* Far more than a client has; charon may know a whole store. */
#define CERTIFICATES_MAX 256

struct search {
	vici_conn_t *connection;
	struct aovpn_credential *credential;
	bool for_leaf;
};

static void keep(struct search *search, X509 *certificate)
{
	struct aovpn_credential *credential = search->credential;

	if (search->for_leaf && !credential->certificate)
		credential->certificate = certificate;
	else if (search->for_leaf ||
		 sk_X509_num(credential->chain) >= CERTIFICATES_MAX ||
		 sk_X509_push(credential->chain, certificate) <= 0)
		X509_free(certificate);
}

static void on_certificate(void *user, char *name, vici_res_t *message)
{
	struct search *search = user;
	const unsigned char *data;
	X509 *certificate;
	int length = 0;

	(void)name;
	if (search->for_leaf && strcmp(vici_find_str(message, vici_text("no"),
						     vici_text("has_privkey")),
				       "yes") != 0)
		return;
	data = vici_find(message, &length, vici_text("data"));
	certificate = data ? d2i_X509(NULL, &data, length) : NULL;
	if (certificate)
		keep(search, certificate);
}

/* List what has this value of that key. */
static int list(vici_conn_t *connection, const char *key, const char *value)
{
	vici_req_t *request = vici_begin(vici_text("list-certs"));
	vici_res_t *answer;

	vici_add_key_value(request, vici_text("type"), vici_text("X509"), 4);
	vici_add_key_value(request, vici_text(key), vici_text(value),
			   (int)strlen(value));
	answer = vici_submit(request, connection);
	if (!answer)
		return -ECONNRESET;
	vici_free_res(answer);
	return 0;
}

static int search_all(struct search *search, const char *subject)
{
	int r;

	if (vici_register(search->connection, vici_text("list-cert"),
			  on_certificate, search) != 0)
		return -ECONNRESET;
	search->for_leaf = true;
	r = list(search->connection, "subject", subject);
	if (r < 0)
		return r;
	if (!search->credential->certificate)
		return -ENOENT;
	search->for_leaf = false;
	return list(search->connection, "flag", "CA");
}

int vici_certs_find(const char *uri, const char *subject,
		    struct aovpn_credential **ret, struct aovpn_error *error)
{
	struct search search = {0};
	int r = -ENOMEM;

	search.credential = calloc(1, sizeof(*search.credential));
	if (search.credential)
		search.credential->chain = sk_X509_new_null();
	search.connection = vici_connect(vici_text(uri));
	if (!search.connection)
		r = errno ? -errno : -ECONNREFUSED;
	else if (search.credential && search.credential->chain)
		r = search_all(&search, subject);
	if (search.connection)
		vici_disconnect(search.connection);
	if (r == 0) {
		*ret = search.credential;
		return 0;
	}
	aovpn_credential_free(search.credential);
	return aovpn_error_set(error, r,
			       "charon's certificate is not known: %s",
			       strerror(-r));
}

static void on_any(void *user, char *name, vici_res_t *message)
{
	const unsigned char *data;
	X509 **certificate = user;
	int length = 0;

	(void)name;
	data = vici_find(message, &length, vici_text("data"));
	if (data && !*certificate)
		*certificate = d2i_X509(NULL, &data, length);
}

X509 *vici_certs_find_any(const char *uri, const char *subject)
{
	vici_conn_t *connection = vici_connect(vici_text(uri));
	X509 *certificate = NULL;

	if (!connection)
		return NULL;
	if (vici_register(connection, vici_text("list-cert"), on_any,
			  &certificate) == 0)
		list(connection, "subject", subject);
	vici_disconnect(connection);
	return certificate;
}
