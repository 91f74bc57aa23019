/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look.c - see look.h. */
#include "look.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "candidates.h"
#include "pki.h"

int aovpn_look_new(const char *file, struct aovpn_look *ret)
{
	memset(ret, 0, sizeof(*ret));
	snprintf(ret->file, sizeof(ret->file), "%s", file);
	ret->chain = sk_X509_new_null();
	return ret->chain ? 0 : -ENOMEM;
}

void aovpn_look_clear(struct aovpn_look *look)
{
	X509_free(look->leaf);
	sk_X509_pop_free(look->chain, X509_free);
	memset(look, 0, sizeof(*look));
}

int aovpn_look_add(STACK_OF(X509) *to, STACK_OF(X509) *from, const X509 *skip)
{
	X509 *certificate;
	int i;

	for (i = 0; i < sk_X509_num(from); i++) {
		certificate = sk_X509_value(from, i);
		if (certificate == skip)
			continue;
		if (!sk_X509_push(to, certificate))
			return -ENOMEM;
		X509_up_ref(certificate);
	}
	return 0;
}

/* Roots that cannot be read are another matter than the certificate. */
static int add_roots(const struct aovpn_profile *profile, STACK_OF(X509) *chain)
{
	STACK_OF(X509) *roots = NULL;
	int r;

	if (aovpn_roots_load(profile->nps_roots, &roots, NULL) < 0) {
		ERR_clear_error();
		return 0;
	}
	r = aovpn_look_add(chain, roots, NULL);
	sk_X509_pop_free(roots, X509_free);
	return r;
}

/* The file of the one that was chosen, else of the one that came nearest. */
static const char *file_of(const struct aovpn_candidates_choice *choice)
{
	const char *thumbprint = choice->chain.certificate[0].thumbprint;
	size_t i;

	for (i = 0; i < choice->count; i++)
		if (choice->verdicts[i].chosen)
			return choice->verdicts[i].file;
	for (i = 0; i < choice->count; i++)
		if (strcmp(choice->verdicts[i].thumbprint, thumbprint) == 0)
			return choice->verdicts[i].file;
	return "";
}

static int take(const struct aovpn_profile *profile,
		const struct aovpn_candidates_choice *choice,
		struct aovpn_look *ret)
{
	const struct aovpn_credential *credential =
		choice->credential ? choice->credential : choice->miss;
	int r = aovpn_look_new(file_of(choice), ret);

	if (r < 0)
		return r;
	ret->leaf = credential->certificate;
	X509_up_ref(ret->leaf);
	if (!choice->credential)
		snprintf(ret->remark, sizeof(ret->remark),
			 "a dial would not use it: %.230s", choice->text);
	r = aovpn_look_add(ret->chain, credential->chain, NULL);
	if (r == 0)
		r = add_roots(profile, ret->chain);
	if (r < 0)
		aovpn_look_clear(ret);
	return r;
}

static int look_at(const struct aovpn_profile *profile,
		   const struct aovpn_candidates_choice *choice,
		   struct aovpn_look *ret, struct aovpn_error *error)
{
	if (!choice->credential && !choice->miss)
		return aovpn_error_set(
			error,
			choice->password_wanted ? -EKEYREJECTED : -ENODATA,
			"connection \"%s\" has no certificate to look at: %s",
			profile->name, choice->text);
	if (take(profile, choice, ret) < 0)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	return 0;
}

int aovpn_look_at_profile(const struct aovpn_profile *profile,
			  const struct aovpn_password *password, time_t now,
			  struct aovpn_look *ret, struct aovpn_error *error)
{
	struct aovpn_candidates_choice *choice = calloc(1, sizeof(*choice));
	struct aovpn_candidates_secrets secrets = {.look = true};
	int r;

	if (!choice)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	if (password)
		secrets.password = *password;
	r = aovpn_candidates_choose(profile, &secrets, now, choice, error);
	OPENSSL_cleanse(&secrets, sizeof(secrets));
	if (r == 0) {
		r = look_at(profile, choice, ret, error);
		aovpn_candidates_clear(choice);
	}
	free(choice);
	return r;
}
