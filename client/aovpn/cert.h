/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert.h - what the subcommands of aovpn cert share: which certificate is
 * meant, profiles, how the network is asked.
 */
#ifndef AOVPN_CERT_H
#define AOVPN_CERT_H

#include <openssl/x509.h>

#include "candidates.h"
#include "cli.h"
#include "fetch.h"
#include "look.h"
#include "profile.h"
#include "profile_list.h"

/* Subcommands, as cmd_x of cli.h; argv[0] is the first argument behind the
 * subcommand's name. */
int cert_check(const struct cli *cli, int argc, char **argv);
int cert_list(const struct cli *cli, int argc, char **argv);
int cert_import(const struct cli *cli, int argc, char **argv);
int cert_watch(const struct cli *cli, int argc, char **argv);
int cert_schema(const struct cli *cli, int argc, char **argv);

/* --- which certificate (cert_subject.c) --- */

/* A certificate to look at, and what is at hand to build its chain. */
struct cert_subject {
	struct aovpn_look look;
	char connection[AOVPN_NAME_MAX]; /* "" where it is not one's */
	STACK_OF(X509) *roots;           /* of --root; NULL: none were named */
};

/*
 * Find what argument means: a pkcs11: URI, a file, or a connection, whose
 * chosen certificate it is, else the one that came nearest to being chosen.
 * Asks for a password where the file wants one. The caller ends *ret with
 * cert_subject_clear. Returns 0, or an exit status after having said what is
 * wrong.
 */
int cert_subject_open(const struct cli *cli, const char *argument,
		      struct cert_subject *ret);

void cert_subject_clear(struct cert_subject *subject);

/* --- profiles (cert_profiles.c) --- */

/* Load the profile of that name. Returns 0 or an exit status, as above. */
int cert_profile_load(const struct cli *cli, const char *name,
		      struct aovpn_profile *ret);

/* The names of all profiles; or only name, which is checked, where it is not
 * NULL. Returns 0 or an exit status. */
int cert_profile_names(const struct cli *cli, const char *name,
		       struct aovpn_profile_list *ret);

/* --- the network (cert_fetcher.c) --- */

/* A fetcher as --offline and --refresh want it; refresh: always. Returns 0 or
 * an exit status. The caller closes it. */
int cert_fetcher_open(const struct cli *cli, bool refresh,
		      struct aovpn_fetcher **ret);

#endif
