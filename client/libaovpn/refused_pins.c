/* SPDX-License-Identifier: GPL-2.0-or-later */
/* refused_pins.c - see refused_pins.h. */
#include "refused_pins.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

struct aovpn_refused_pins *aovpn_refused_pins_new(void)
{
	struct aovpn_refused_pins *pins = calloc(1, sizeof(*pins));

	if (!pins)
		return NULL;
	if (RAND_bytes(pins->key, sizeof(pins->key)) != 1 ||
	    pthread_mutex_init(&pins->mutex, NULL) != 0) {
		free(pins);
		return NULL;
	}
	return pins;
}

struct aovpn_refused_pins *
aovpn_refused_pins_free(struct aovpn_refused_pins *pins)
{
	if (!pins)
		return NULL;
	pthread_mutex_destroy(&pins->mutex);
	OPENSSL_cleanse(pins, sizeof(*pins));
	free(pins);
	return NULL;
}

/* The NUL between place and PIN keeps "a" + "bc" from being "ab" + "c". */
static bool digest(const struct aovpn_refused_pins *pins, const char *place,
		   uint64_t stamp, const char *pin, unsigned char *ret)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done;

	done = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) > 0 &&
	       EVP_DigestUpdate(context, pins->key, sizeof(pins->key)) > 0 &&
	       EVP_DigestUpdate(context, &stamp, sizeof(stamp)) > 0 &&
	       EVP_DigestUpdate(context, place, strlen(place) + 1) > 0 &&
	       EVP_DigestUpdate(context, pin, strlen(pin)) > 0 &&
	       EVP_DigestFinal_ex(context, ret, NULL) > 0;
	EVP_MD_CTX_free(context);
	return done;
}

bool aovpn_refused_pins_has(struct aovpn_refused_pins *pins, const char *place,
			    uint64_t stamp, const char *pin)
{
	unsigned char wanted[32];
	unsigned int i;
	bool found = false;

	if (!pins || !digest(pins, place, stamp, pin, wanted))
		return false;
	pthread_mutex_lock(&pins->mutex);
	for (i = 0; !found && i < pins->count && i < AOVPN_REFUSED_PINS_MAX;
	     i++)
		found = memcmp(pins->digest[i], wanted, sizeof(wanted)) == 0;
	pthread_mutex_unlock(&pins->mutex);
	return found;
}

void aovpn_refused_pins_add(struct aovpn_refused_pins *pins, const char *place,
			    uint64_t stamp, const char *pin)
{
	unsigned char made[32];

	if (!pins || !digest(pins, place, stamp, pin, made))
		return;
	pthread_mutex_lock(&pins->mutex);
	memcpy(pins->digest[pins->count++ % AOVPN_REFUSED_PINS_MAX], made,
	       sizeof(made));
	pthread_mutex_unlock(&pins->mutex);
}
