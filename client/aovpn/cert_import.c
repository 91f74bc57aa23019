/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_import.c - aovpn cert import: a certificate with its key, as PKCS#12
 * (RFC 7292, also with the weak ciphers of old exports) or PEM, into the place
 * where a connection looks for it.
 *
 * The key is proved before anything is written; it goes from a sealed memfd to
 * the file within the kernel, into a file that nobody else may ever open; and
 * nothing that is there is overwritten.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include "cert.h"
#include "cert_json.h"
#include "cert_text.h"
#include "cert_verdict.h"
#include "credential.h"
#include "pki.h"

struct import {
	const struct cli *cli;
	const char *file;
	struct aovpn_profile profile;
	struct aovpn_credential *credential;
	char thumbprint[AOVPN_THUMBPRINT_SIZE];
	char target[2 * PATH_MAX];
	bool is_there; /* already, as target */
};

/* --- what is imported --- */

static int load_with(const char *file, const struct aovpn_password *password,
		     struct aovpn_credential **ret, struct aovpn_error *error)
{
	const struct aovpn_credential_source source = {
		.certificate = file,
		.key = "",
		.chain = "",
		.password_file = "",
		.password = password,
	};

	return aovpn_credential_load(&source, ret, error);
}

/* Load it and prove its key; ask for a password where one is wanted. */
static int load(struct import *import)
{
	struct aovpn_password password = {0};
	struct aovpn_error error;
	char prompt[PATH_MAX + 32];
	int r;

	password_keep_memory();
	r = load_with(import->file, &password, &import->credential, &error);
	if (r == -EKEYREJECTED) {
		snprintf(prompt, sizeof(prompt),
			 "Password of %s: ", import->file);
		r = password_take(import->cli, prompt, &password);
		if (r != 0)
			return r;
		r = load_with(import->file, &password, &import->credential,
			      &error);
		OPENSSL_cleanse(&password, sizeof(password));
	}
	return r < 0 ? cli_fail(import->cli, EXIT_USAGE, "%s", error.text) : 0;
}

static int check(struct import *import)
{
	const struct aovpn_credential *credential = import->credential;

	if (aovpn_credential_external(credential))
		return cli_fail(import->cli, EXIT_REFUSED,
				"%s: its key stays in a TPM or on a token: "
				"there is nothing to import; name it in the "
				"profile by PrivateKey=",
				import->file);
	if (X509_check_ca(credential->certificate) != 0)
		return cli_fail(import->cli, EXIT_REFUSED,
				"%s: the certificate that the key belongs to "
				"is a CA's, not a client's",
				import->file);
	aovpn_x509_thumbprint(credential->certificate, import->thumbprint);
	if (import->thumbprint[0] == '\0')
		return cli_fail(import->cli, EXIT_REFUSED,
				"%s: this machine has no SHA-1 to make a "
				"thumbprint",
				import->file);
	return 0;
}

/* --- where it goes --- */

static struct aovpn_candidates_choice *choose(const struct import *import,
					      struct aovpn_error *error)
{
	const struct aovpn_candidates_secrets secrets = {.look = true};
	struct aovpn_candidates_choice *choice = calloc(1, sizeof(*choice));

	if (!choice)
		aovpn_error_set(error, -ENOMEM, "out of memory");
	else if (aovpn_candidates_choose(&import->profile, &secrets, time(NULL),
					 choice, error) < 0) {
		free(choice);
		choice = NULL;
	}
	return choice;
}

static void choice_free(struct aovpn_candidates_choice *choice)
{
	aovpn_candidates_clear(choice);
	free(choice);
}

static const struct aovpn_verdict *
find(const struct aovpn_candidates_choice *choice, const char *thumbprint)
{
	size_t i;

	for (i = 0; i < choice->count; i++)
		if (strcmp(choice->verdicts[i].thumbprint, thumbprint) == 0)
			return &choice->verdicts[i];
	return NULL;
}

/* A directory: under the certificate's name, unless it is there as any. */
static int find_place_in_directory(struct import *import)
{
	struct aovpn_candidates_choice *choice;
	const struct aovpn_verdict *there;
	struct aovpn_error error;
	size_t count;

	choice = choose(import, &error);
	if (!choice)
		return cli_fail(import->cli, EXIT_REFUSED, "%s", error.text);
	there = find(choice, import->thumbprint);
	import->is_there = there != NULL;
	if (there)
		snprintf(import->target, sizeof(import->target), "%s",
			 there->file);
	else
		snprintf(import->target, sizeof(import->target), "%s/%s.pem",
			 import->profile.certificate_directory,
			 import->thumbprint);
	count = choice->count;
	choice_free(choice);
	/* With one more a dial would refuse to look at any. */
	if (!import->is_there && count >= AOVPN_CANDIDATES_MAX)
		return cli_fail(import->cli, EXIT_REFUSED,
				"%s: holds %zu files already, and no more are "
				"looked at: remove what has expired",
				import->profile.certificate_directory, count);
	return 0;
}

/* One file, which must not be there yet, or be the same. */
static int find_place_of_file(struct import *import)
{
	const struct aovpn_profile *profile = &import->profile;
	struct aovpn_candidates_choice *choice;
	struct aovpn_error error;

	if (aovpn_token_is_uri(profile->certificate) || profile->key[0] != '\0')
		return cli_fail(import->cli, EXIT_REFUSED,
				"profile \"%s\" has its key elsewhere "
				"(PrivateKey= or a token), so there is no "
				"place to import to; CertificateDirectory= is "
				"one",
				profile->name);
	snprintf(import->target, sizeof(import->target), "%s",
		 profile->certificate);
	if (access(profile->certificate, F_OK) < 0)
		return 0;
	choice = choose(import, &error);
	if (!choice)
		return cli_fail(import->cli, EXIT_REFUSED, "%s", error.text);
	import->is_there = find(choice, import->thumbprint) != NULL;
	choice_free(choice);
	if (import->is_there)
		return 0;
	return cli_fail(import->cli, EXIT_REFUSED,
			"%s: is there already, with something else in it; it "
			"is not overwritten",
			profile->certificate);
}

static int find_place(struct import *import)
{
	return import->profile.certificate_directory[0] != '\0'
		       ? find_place_in_directory(import)
		       : find_place_of_file(import);
}

/* --- writing it --- */

/* From the memfd to the file without passing through this process. */
static int copy(int from, int to)
{
	struct stat status;
	off_t offset = 0;
	ssize_t n;

	if (fstat(from, &status) < 0)
		return -errno;
	while (offset < status.st_size) {
		n = sendfile(to, from, &offset,
			     (size_t)(status.st_size - offset));
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return -EIO;
	}
	return fsync(to) < 0 ? -errno : 0;
}

/* Who owns the directory owns what is in it, as after cp -p of its owner. */
static int give_to_owner(int directory, int fd)
{
	struct stat status;

	if (fstat(directory, &status) < 0)
		return -errno;
	if (fchown(fd, status.st_uid, status.st_gid) < 0 && geteuid() == 0)
		return -errno;
	return 0;
}

static int fill(int directory, int fd,
		const struct aovpn_credential *credential)
{
	int memfd = aovpn_credential_memfd(credential), r;

	if (memfd < 0)
		return memfd;
	r = copy(memfd, fd);
	if (r == 0)
		r = give_to_owner(directory, fd);
	close(memfd);
	return r;
}

/*
 * Under a name that no candidate has, readable for its owner only from the
 * first; then linked to its own name, which fails where that is taken.
 */
static int write_in(int directory, const char *name,
		    const struct aovpn_credential *credential)
{
	char temporary[64];
	int fd, r;

	snprintf(temporary, sizeof(temporary), ".import-%d", (int)getpid());
	fd = openat(directory, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = fill(directory, fd, credential);
	close(fd);
	if (r == 0 && linkat(directory, temporary, directory, name, 0) < 0)
		r = -errno;
	/* A key that nobody knows of must not stay behind unsaid. */
	if (unlinkat(directory, temporary, 0) < 0 && r == 0)
		r = -errno;
	if (r == 0 && fsync(directory) < 0)
		r = -errno;
	return r;
}

static int write_target(const struct import *import)
{
	char *copies[2] = {strdup(import->target), strdup(import->target)};
	int directory = -1, r = -ENOMEM;

	if (copies[0] && copies[1]) {
		directory = open(dirname(copies[0]),
				 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = directory < 0 ? -errno
				  : write_in(directory, basename(copies[1]),
					     import->credential);
	}
	if (directory >= 0)
		close(directory);
	free(copies[0]);
	free(copies[1]);
	if (r < 0)
		return cli_fail(import->cli, EXIT_REFUSED,
				"cannot write \"%s\": %s", import->target,
				strerror(-r));
	return 0;
}

/* --- what came of it --- */

static void show_json(const struct import *import,
		      const struct aovpn_verdict *verdict)
{
	json_t *object;

	object = json_pack(
		"{s:s, s:o, s:s, s:b, s:o}", "connection", import->profile.name,
		"file", cert_json_text(import->target), "thumbprint",
		import->thumbprint, "imported", !import->is_there, "candidate",
		verdict ? cert_json_verdict(verdict) : json_null());
	cli_print_json(object);
	json_decref(object);
}

static void show_text(const struct import *import,
		      const struct aovpn_verdict *verdict, const char *trouble)
{
	cert_print("%s %s", import->is_there ? "there already:" : "imported:",
		   import->target);
	putchar('\n');
	if (verdict)
		cert_print_verdict(import->cli, verdict);
	else
		cert_print("cannot tell whether a dial will choose it: %s\n",
			   trouble[0] != '\0' ? trouble
					      : "it could not be read again");
}

static void show(const struct import *import)
{
	struct aovpn_candidates_choice *choice;
	const struct aovpn_verdict *verdict;
	struct aovpn_error error = {""};

	choice = choose(import, &error);
	verdict = choice ? find(choice, import->thumbprint) : NULL;
	if (import->cli->json)
		show_json(import, verdict);
	else
		show_text(import, verdict, error.text);
	if (choice)
		choice_free(choice);
}

static int run(struct import *import)
{
	int r = load(import);

	if (r == 0)
		r = check(import);
	if (r == 0)
		r = find_place(import);
	if (r == 0 && !import->is_there)
		r = write_target(import);
	if (r == 0)
		show(import);
	import->credential = aovpn_credential_free(import->credential);
	return r;
}

/* The connection that is meant: the one that is named, or the only one. */
static int find_profile(const struct cli *cli, const char *name,
			struct aovpn_profile *ret)
{
	struct aovpn_profile_list list;
	int r = cert_profile_names(cli, name, &list);

	if (r != 0)
		return r;
	if (list.count > 1)
		return cli_fail(cli, EXIT_USAGE,
				"which connection? There are %zu, \"%s\" and "
				"\"%s\" among them: aovpn cert import FILE "
				"CONNECTION",
				list.count, list.name[0], list.name[1]);
	return cert_profile_load(cli, list.name[0], ret);
}

int cert_import(const struct cli *cli, int argc, char **argv)
{
	struct import import = {.cli = cli, .file = argv[0]};
	int r;

	r = find_profile(cli, argc > 1 ? argv[1] : NULL, &import.profile);
	return r == 0 ? run(&import) : r;
}
