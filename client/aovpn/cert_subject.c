/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_subject.c - which certificate aovpn cert is asked about, and where the
 * certificates above it come from: see cert.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "cert.h"
#include "pki.h"

void cert_subject_clear(struct cert_subject *subject)
{
	aovpn_look_clear(&subject->look);
	sk_X509_pop_free(subject->roots, X509_free);
	memset(subject, 0, sizeof(*subject));
}

/* Read a file without its key; a password is asked for where it is wanted. */
static int read_file(const struct cli *cli, const char *path,
		     struct aovpn_material *ret)
{
	struct aovpn_password password = {0};
	struct aovpn_error error;
	char prompt[PATH_MAX + 32];
	int r = aovpn_material_read(path, &password, false, ret, &error);

	if (r == -EKEYREJECTED) {
		snprintf(prompt, sizeof(prompt), "Password of %s: ", path);
		r = password_take(cli, prompt, &password);
		if (r != 0)
			return r;
		r = aovpn_material_read(path, &password, false, ret, &error);
		OPENSSL_cleanse(&password, sizeof(password));
	}
	if (r < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	if (sk_X509_num(ret->certificates) > 0)
		return 0;
	aovpn_material_clear(ret);
	return cli_fail(cli, EXIT_USAGE, "%s: holds no certificate", path);
}

static int open_file(const struct cli *cli, const char *path,
		     struct cert_subject *ret)
{
	struct aovpn_material material;
	int r = read_file(cli, path, &material);

	if (r != 0)
		return r;
	ret->look.leaf = aovpn_pki_find_leaf(material.certificates);
	X509_up_ref(ret->look.leaf);
	r = aovpn_look_add(ret->look.chain, material.certificates,
			   ret->look.leaf);
	aovpn_material_clear(&material);
	return r < 0 ? cli_fail(cli, EXIT_USAGE, "out of memory") : 0;
}

static int open_uri(const struct cli *cli, const char *uri,
		    struct cert_subject *ret)
{
	struct aovpn_token_id id;
	struct aovpn_error error;

	if (aovpn_token_read_certificate(uri, &ret->look.leaf, &id, &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	return 0;
}

/* Take the profile that argument names; what it is not is no typing error of a
 * connection only. */
static int load_profile(const struct cli *cli, const char *argument,
			struct aovpn_profile *ret)
{
	struct aovpn_error error;
	int r = aovpn_profile_load(cli->paths.profiles, argument, ret, &error);

	if (r == 0)
		return 0;
	if (r != -ENOENT && aovpn_profile_name_check(argument, NULL) == 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	return cli_fail(cli, EXIT_USAGE,
			"\"%s\" is neither a file here nor a connection: %s",
			argument, error.text);
}

/* A connection's certificate; its password is asked for where the certificate
 * cannot be read without, as in PKCS#12. */
static int open_connection(const struct cli *cli, const char *name,
			   struct cert_subject *ret)
{
	struct aovpn_password password = {0};
	struct aovpn_profile profile;
	struct aovpn_error error;
	char prompt[2 * AOVPN_NAME_MAX];
	int r = load_profile(cli, name, &profile);

	if (r != 0)
		return r;
	snprintf(ret->connection, sizeof(ret->connection), "%s", name);
	r = aovpn_look_at_profile(&profile, NULL, time(NULL), &ret->look,
				  &error);
	if (r == -EKEYREJECTED) {
		snprintf(prompt, sizeof(prompt), "Password for %s: ", name);
		r = password_take(cli, prompt, &password);
		if (r != 0)
			return r;
		r = aovpn_look_at_profile(&profile, &password, time(NULL),
					  &ret->look, &error);
		OPENSSL_cleanse(&password, sizeof(password));
	}
	return r < 0 ? cli_fail(cli, EXIT_USAGE, "%s", error.text) : 0;
}

static int add_chain_file(const struct cli *cli, const char *path,
			  struct cert_subject *ret)
{
	struct aovpn_material material;
	int r = read_file(cli, path, &material);

	if (r != 0)
		return r;
	r = aovpn_look_add(ret->look.chain, material.certificates, NULL);
	aovpn_material_clear(&material);
	return r < 0 ? cli_fail(cli, EXIT_USAGE, "out of memory") : 0;
}

static int add_roots_file(const struct cli *cli, const char *path,
			  struct cert_subject *ret)
{
	STACK_OF(X509) *roots = NULL;
	struct aovpn_error error;
	int r = aovpn_roots_load(path, &roots, &error);

	ERR_clear_error();
	if (r < 0)
		return cli_fail(cli, EXIT_USAGE, "--root %s", error.text);
	if (!ret->roots)
		ret->roots = sk_X509_new_null();
	r = ret->roots ? aovpn_look_add(ret->roots, roots, NULL) : -ENOMEM;
	sk_X509_pop_free(roots, X509_free);
	return r < 0 ? cli_fail(cli, EXIT_USAGE, "out of memory") : 0;
}

static int add_options(const struct cli *cli, struct cert_subject *ret)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < cli->chain.count; i++)
		r = add_chain_file(cli, cli->chain.path[i], ret);
	for (i = 0; r == 0 && i < cli->roots.count; i++)
		r = add_roots_file(cli, cli->roots.path[i], ret);
	return r;
}

/* The rule that the help tells. */
static int open_argument(const struct cli *cli, const char *argument,
			 struct cert_subject *ret)
{
	bool uri = aovpn_token_is_uri(argument);

	if (!uri && !strchr(argument, '/') && access(argument, F_OK) < 0)
		return open_connection(cli, argument, ret);
	if (aovpn_look_new(argument, &ret->look) < 0)
		return cli_fail(cli, EXIT_USAGE, "out of memory");
	return uri ? open_uri(cli, argument, ret)
		   : open_file(cli, argument, ret);
}

int cert_subject_open(const struct cli *cli, const char *argument,
		      struct cert_subject *ret)
{
	int r;

	memset(ret, 0, sizeof(*ret));
	r = open_argument(cli, argument, ret);
	if (r == 0)
		r = add_options(cli, ret);
	if (r != 0)
		cert_subject_clear(ret);
	return r;
}
