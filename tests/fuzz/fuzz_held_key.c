/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_held_key.c - the daemon's answer to a request for a signature, as the
 * plugin's key takes it for OpenSSL in charon: a byte that says which key and
 * how it signs, and the datagram. A signature is exactly what was answered, and
 * never more than OpenSSL has room for; an error comes out escaped.
 */
#include "plugins/aovpn/aovpn_held_key.h"

#include <errno.h>

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "fuzz.h"
#include "plugins/aovpn/aovpn_crypto.h"

/* Bits of the first byte. */
#define KEY_EC  1
#define PSS     2
#define DIGESTS 4 /* and 8 */

static EVP_PKEY *keys[2];
static struct {
	const uint8_t *data;
	size_t size;
	struct aovpn_signed answer;
} daemon_side;

/* In the place of aovpn_crypto.c, which wants charon's settings. */
OSSL_LIB_CTX *aovpn_crypto_context()
{
	static OSSL_LIB_CTX *context;

	if (!context)
		context = OSSL_LIB_CTX_new();
	return context;
}

/* What aovpn_channel.c hands on: decoded, and with the id that was asked for.
 */
static int sign(void *data, struct aovpn_sign *request,
		struct aovpn_signed *answer)
{
	static struct aovpn_message message;

	(void)data;
	PROMISE(request->digest_size <= AOVPN_DIGEST_MAX);
	memset(&daemon_side.answer, 0, sizeof(daemon_side.answer));
	if (aovpn_message_decode(daemon_side.data, daemon_side.size, &message) <
		    0 ||
	    message.type != AOVPN_MESSAGE_SIGNED)
		return -EBADMSG;
	daemon_side.answer = *answer = message.u.signature;
	return answer->error;
}

static EVP_PKEY *hold(EVP_PKEY *whole)
{
	static const aovpn_signer_t signer = {.sign = sign};
	struct aovpn_policy policy = {.connection = "aovpn-corp"};
	EVP_PKEY *held = aovpn_held_key_create(whole, &policy, &signer);

	PROMISE(held);
	EVP_PKEY_free(whole);
	return held;
}

static void prepare(void)
{
	PROMISE(aovpn_crypto_context() && aovpn_held_key_init());
	keys[0] = hold(EVP_RSA_gen(2048));
	keys[1] = hold(EVP_EC_gen("P-256"));
}

static bool begin(EVP_MD_CTX *ctx, unsigned int how)
{
	static const char *const digests[] = {"SHA256", "SHA384", "SHA512",
					      "SHA1"};
	EVP_PKEY_CTX *key_ctx = NULL;

	if (EVP_DigestSignInit_ex(ctx, &key_ctx, digests[how / DIGESTS % 4],
				  aovpn_crypto_context(), NULL,
				  keys[how & KEY_EC], NULL) != 1)
		return false;
	if (how & KEY_EC || !(how & PSS))
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(key_ctx, RSA_PKCS1_PSS_PADDING) ==
		       1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(key_ctx,
						RSA_PSS_SALTLEN_DIGEST) == 1;
}

/* As libssl does: the size first, then as much room. */
static void check_signature(EVP_MD_CTX *ctx)
{
	static const unsigned char text[] = "handshake";
	const struct aovpn_signed *answer = &daemon_side.answer;
	unsigned char *signature;
	size_t room = 0, size;

	PROMISE(EVP_DigestSign(ctx, NULL, &room, text, sizeof(text)) == 1);
	PROMISE(room > 0 && room <= AOVPN_SIGNATURE_MAX);
	signature = malloc(room);
	PROMISE(signature);
	size = room;
	if (EVP_DigestSign(ctx, signature, &size, text, sizeof(text)) == 1) {
		PROMISE(answer->error == 0 && size > 0);
		PROMISE(size == answer->size && size <= room);
		PROMISE(memcmp(signature, answer->signature, size) == 0);
	}
	free(signature);
}

/* Whatever failed is said in clean text. */
static void check_errors(void)
{
	const char *text;
	int flags;

	while (ERR_get_error_all(NULL, NULL, NULL, &text, &flags) != 0)
		if (flags & ERR_TXT_STRING)
			PROMISE(fuzz_is_clean(text, strlen(text) + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	EVP_MD_CTX *ctx;

	if (!keys[0])
		prepare();
	if (size == 0)
		return 0;
	daemon_side.data = data + 1;
	daemon_side.size = size - 1;
	ctx = EVP_MD_CTX_new();
	PROMISE(ctx);
	if (begin(ctx, data[0]))
		check_signature(ctx);
	EVP_MD_CTX_free(ctx);
	check_errors();
	return 0;
}
