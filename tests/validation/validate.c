/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate - one case of a suite of certification paths, judged by the
 * functions with which the plugin judges the EAP server (RFC 5280 6, RFC
 * 6125 6.4): the plugin's own objects are linked, in the order and with the
 * inputs of aovpn_tls.c.
 *
 * Usage: validate [OPTION...] LEAF
 *   --roots PATH            trust anchors
 *   --certs PATH            what the server sends beside its certificate
 *   --crls PATH             CRLs at hand; all three may come several times
 *   --name NAMES            the server's name as in a profile; without, only
 * the path is judged, not what the leaf is for
 *   --time SECONDS          when, since 1970; else now
 *   --hard                  revocation must be known
 *   --depth N               intermediate certificates at the most
 *   --policy OID, --explicit-policy, --inhibit-mapping, --inhibit-any
 *                           initial values of RFC 5280 6.1.1
 *
 * A PATH is a file, PEM or DER, or a folder of such. What no profile can set
 * (time, depth, policies) is set on the store of roots, from which the plugin's
 * functions inherit it.
 * Prints "accept", or "reject ERROR at DEPTH: TEXT"; exit status 0 for both, 2
 * if there is no verdict.
 */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "plugins/aovpn/aovpn_crypto.h"
#include "plugins/aovpn/aovpn_revocation.h"
#include "plugins/aovpn/aovpn_verify.h"

/* The security level of Debian's and Fedora's crypto policy for TLS, which the
 * plugin takes from the system. */
#define SECURITY_LEVEL 2

/* Whatever is given, as OpenSSL has it. */
struct input {
	X509_STORE *roots;
	STACK_OF(X509) *certs;
	STACK_OF(X509_CRL) *crls;
	STACK_OF(ASN1_OBJECT) *policies;
	X509 *leaf;
	const char *name;      /* NULL: only the path */
	const char *malformed; /* a file that cannot be parsed, or NULL */
	bool hard;
};

/* What one file is read into. */
typedef int read_fn(struct input *in, BIO *file, bool pem);

static int die(const char *what, const char *detail)
{
	fprintf(stderr, "validate: %s: %s\n", what, detail);
	exit(2);
}

/* The next certificate of a file into *ret: 1, 0 at its end, or -EBADMSG. */
static int read_cert(BIO *file, bool pem, X509 **ret)
{
	X509 *cert = X509_new_ex(aovpn_crypto_context(), NULL);
	X509 *read = pem ? PEM_read_bio_X509(file, &cert, NULL, NULL)
			 : d2i_X509_bio(file, &cert);

	if (read) {
		*ret = cert;
		return 1;
	}
	X509_free(cert);
	return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
		       ? 0
		       : -EBADMSG;
}

static int read_root(struct input *in, BIO *file, bool pem)
{
	X509 *cert = NULL;
	int ret = read_cert(file, pem, &cert);

	if (ret > 0 && X509_STORE_add_cert(in->roots, cert) != 1)
		die("root", "cannot be added");
	X509_free(cert);
	return ret;
}

static int read_intermediate(struct input *in, BIO *file, bool pem)
{
	X509 *cert;
	int ret = read_cert(file, pem, &cert);

	if (ret > 0 && !sk_X509_push(in->certs, cert))
		die("certificate", "out of memory");
	return ret;
}

static int read_leaf(struct input *in, BIO *file, bool pem)
{
	return in->leaf ? 0 : read_cert(file, pem, &in->leaf);
}

static int read_crl(struct input *in, BIO *file, bool pem)
{
	X509_CRL *crl = pem ? PEM_read_bio_X509_CRL(file, NULL, NULL, NULL)
			    : d2i_X509_CRL_bio(file, NULL);

	if (crl && !sk_X509_CRL_push(in->crls, crl))
		die("CRL", "out of memory");
	if (crl)
		return 1;
	return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
		       ? 0
		       : -EBADMSG;
}

/* Read all that a file holds; what it holds beside that is malformed. */
static void read_file(struct input *in, const char *path, read_fn *read)
{
	BIO *file = BIO_new_file(path, "rb");
	char first[11] = "";
	int ret, count = 0;
	bool pem;

	if (!file || BIO_read(file, first, sizeof(first) - 1) <= 0)
		die(path, "cannot be read");
	pem = strncmp(first, "-----BEGIN", sizeof(first)) == 0;
	(void)BIO_seek(file, 0);
	do {
		ret = read(in, file, pem);
		count += ret > 0;
	} while (ret > 0 && pem);
	if (ret < 0 || !count)
		in->malformed = path;
	ERR_clear_error();
	BIO_free(file);
}

/* Read a file, or each file of a folder. */
static void read_path(struct input *in, const char *path, read_fn *read)
{
	char inside[PATH_MAX];
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (stat(path, &st) < 0)
		die(path, strerror(errno));
	if (!S_ISDIR(st.st_mode)) {
		read_file(in, path, read);
		return;
	}
	dir = opendir(path);
	if (!dir)
		die(path, strerror(errno));
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inside, sizeof(inside), "%s/%s", path, entry->d_name);
		read_file(in, inside, read);
	}
	closedir(dir);
}

/* A number of an option. */
static long long number(const char *text)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end)
		die(text, "is no number");
	return value;
}

static void add_policy(struct input *in, const char *oid)
{
	ASN1_OBJECT *policy = OBJ_txt2obj(oid, 1);

	if (!policy || !sk_ASN1_OBJECT_push(in->policies, policy))
		die(oid, "is no policy");
}

enum option_id {
	ROOTS,
	CERTS,
	CRLS,
	NAME,
	TIME,
	HARD,
	DEPTH,
	POLICY,
	EXPLICIT_POLICY,
	INHIBIT_MAPPING,
	INHIBIT_ANY
};

static const struct option options[] = {
	{"roots", required_argument, NULL, ROOTS},
	{"certs", required_argument, NULL, CERTS},
	{"crls", required_argument, NULL, CRLS},
	{"name", required_argument, NULL, NAME},
	{"time", required_argument, NULL, TIME},
	{"hard", no_argument, NULL, HARD},
	{"depth", required_argument, NULL, DEPTH},
	{"policy", required_argument, NULL, POLICY},
	{"explicit-policy", no_argument, NULL, EXPLICIT_POLICY},
	{"inhibit-mapping", no_argument, NULL, INHIBIT_MAPPING},
	{"inhibit-any", no_argument, NULL, INHIBIT_ANY},
	{},
};

/* An option that the store's parameters take. */
static void set_param(X509_VERIFY_PARAM *param, int option)
{
	if (option == TIME)
		X509_VERIFY_PARAM_set_time(param, number(optarg));
	else if (option == DEPTH)
		X509_VERIFY_PARAM_set_depth(param, number(optarg));
	else if (option == EXPLICIT_POLICY)
		X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_EXPLICIT_POLICY);
	else if (option == INHIBIT_MAPPING)
		X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_INHIBIT_MAP);
	else if (option == INHIBIT_ANY)
		X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_INHIBIT_ANY);
	else
		die("usage", "validate [OPTION...] LEAF");
}

static void parse(struct input *in, int argc, char *argv[])
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(in->roots);
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == ROOTS)
			read_path(in, optarg, read_root);
		else if (option == CERTS)
			read_path(in, optarg, read_intermediate);
		else if (option == CRLS)
			read_path(in, optarg, read_crl);
		else if (option == NAME)
			in->name = optarg;
		else if (option == HARD)
			in->hard = true;
		else if (option == POLICY)
			add_policy(in, optarg);
		else
			set_param(param, option);
	}
	if (optind != argc - 1)
		die("usage", "validate [OPTION...] LEAF");
	/* in place of the set that the plugin has given to the store */
	if (sk_ASN1_OBJECT_num(in->policies) > 0)
		X509_VERIFY_PARAM_set1_policies(param, in->policies);
	read_path(in, argv[optind], read_leaf);
}

/* Judge as the plugin does: the path or the server, then revocation. */
static int judge(struct input *in, X509_STORE_CTX *ctx, int *depth)
{
	int error;

	error = in->name ? aovpn_verify_server(ctx, in->name)
			 : aovpn_verify_path(ctx);
	if (error != X509_V_OK) {
		*depth = X509_STORE_CTX_get_error_depth(ctx);
		return error;
	}
	return aovpn_revocation_judge(X509_STORE_CTX_get0_chain(ctx), in->certs,
				      in->roots, in->crls, AOVPN_OCSP_UNKNOWN,
				      in->hard, depth);
}

static void print_verdict(struct input *in)
{
	X509_STORE_CTX *ctx =
		X509_STORE_CTX_new_ex(aovpn_crypto_context(), NULL);
	int error, depth = 0;

	if (!ctx ||
	    X509_STORE_CTX_init(ctx, in->roots, in->leaf, in->certs) != 1)
		die("context", "out of memory");
	error = judge(in, ctx, &depth);
	if (error == X509_V_OK)
		puts("accept");
	else
		printf("reject %d at %d: %s\n", error, depth,
		       X509_verify_cert_error_string(error));
	X509_STORE_CTX_free(ctx);
}

int main(int argc, char *argv[])
{
	struct input in = {};

	if (!aovpn_crypto_init())
		die("OpenSSL", "no context");
	in.roots = aovpn_verify_roots_create(SECURITY_LEVEL);
	in.certs = sk_X509_new_null();
	in.crls = sk_X509_CRL_new_null();
	in.policies = sk_ASN1_OBJECT_new_null();
	if (!in.roots || !in.certs || !in.crls || !in.policies)
		die("OpenSSL", "out of memory");
	parse(&in, argc, argv);
	/* TLS ends where a certificate cannot be parsed */
	if (in.malformed)
		printf("reject malformed at 0: %s\n", in.malformed);
	else
		print_verdict(&in);
	X509_free(in.leaf);
	X509_STORE_free(in.roots);
	sk_X509_pop_free(in.certs, X509_free);
	sk_X509_CRL_pop_free(in.crls, X509_CRL_free);
	sk_ASN1_OBJECT_pop_free(in.policies, ASN1_OBJECT_free);
	aovpn_crypto_deinit();
	return 0;
}
