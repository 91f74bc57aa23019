/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_material.c - files of certificates and keys in all their forms (PEM,
 * DER, PKCS#7, PKCS#8, PKCS#12), behind a byte that says which password is
 * given and whether the key is wanted. What is refused says why, in clean text
 * and without the password; what is taken can be used and encoded again.
 */
#include "material.h"

#include <errno.h>
#include <limits.h>

#include <openssl/err.h>

#include "fuzz_files.h"

/* Bits of the first byte. */
#define WITH_KEY       1
#define WITH_PASSWORD  2
#define EMPTY_PASSWORD 4

static void check_error(int r, const struct aovpn_error *error)
{
	PROMISE(r == -ENODATA || r == -EBADMSG || r == -EKEYREJECTED);
	PROMISE(error->text[0] == '/');
	PROMISE(fuzz_is_clean(error->text, sizeof(error->text)));
	PROMISE(!strstr(error->text, "secret"));
}

static void check_taken(const struct aovpn_material *material, bool want_key)
{
	unsigned char *der = NULL;
	int i, size;

	PROMISE(material->certificates);
	PROMISE(want_key || (!material->key && !material->tpm_key));
	for (i = 0; i < sk_X509_num(material->certificates); i++)
		PROMISE(sk_X509_value(material->certificates, i));
	if (!material->key)
		return;
	PROMISE(EVP_PKEY_get_base_id(material->key) != EVP_PKEY_NONE);
	size = i2d_PrivateKey(material->key, &der);
	PROMISE((size > 0) == (der != NULL));
	OPENSSL_clear_free(der, size > 0 ? (size_t)size : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aovpn_password password = {.text = "secret"};
	struct aovpn_material material;
	static char path[PATH_MAX];
	struct aovpn_error error = {""};
	int r;

	if (size == 0)
		return 0;
	snprintf(path, sizeof(path), "%s/file", fuzz_directory());
	fuzz_write_file(path, data + 1, size - 1);
	password.given = data[0] & WITH_PASSWORD;
	if (data[0] & EMPTY_PASSWORD)
		password.text[0] = '\0';
	r = aovpn_material_read(path, &password, data[0] & WITH_KEY, &material,
				&error);
	PROMISE(ERR_peek_error() == 0);
	if (r < 0) {
		check_error(r, &error);
		return 0;
	}
	check_taken(&material, data[0] & WITH_KEY);
	ERR_clear_error();
	aovpn_material_clear(&material);
	return 0;
}
