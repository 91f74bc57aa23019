/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_ike_answer.c - answers to an IKE_SA_INIT request. The input's first byte
 * says whether the marker is wanted; the SPI is the probe's, wherever the input
 * has one, for nobody guesses it.
 */
#include <errno.h>
#include <netinet/in.h>

#include "fuzz.h"
#include "ike_probe.h"
#include "ike_vendor.h"

#define SPI 0x1122334455667788ull

static void set_spi(uint8_t *at)
{
	int i;

	for (i = 0; i < 8; i++)
		at[i] = (uint8_t)(SPI >> (56 - 8 * i));
}

static void check(const struct ike_probe *probe,
		  const struct ike_answer *answer)
{
	char text[256];
	uint32_t i;

	PROMISE(answer->accepted + (answer->error != 0) +
			(answer->cookie_size != 0) ==
		1);
	PROMISE(answer->cookie_size <= IKE_COOKIE_MAX);
	PROMISE(!answer->accepted ||
		ike_offer_allows(&probe->offer, &answer->chosen));
	PROMISE(answer->vendor_count <= IKE_VENDORS_MAX);
	ike_proposal_text(&answer->chosen, text, sizeof(text));
	PROMISE(fuzz_is_clean(text, sizeof(text)));
	for (i = 0; i < answer->vendor_count; i++) {
		size_t size = answer->vendor[i].size;

		ike_vendor_text(answer->vendor[i].data,
				size < IKE_VENDOR_BYTES_MAX
					? size
					: IKE_VENDOR_BYTES_MAX,
				text, sizeof(text));
		PROMISE(fuzz_is_clean(text, sizeof(text)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ike_probe probe = {.spi = SPI, .key_group = 14};
	struct ike_answer answer;
	struct aovpn_error error;
	size_t marker;
	char *copy;
	int r;

	if (size < 1)
		return 0;
	ike_offer_parse("aes256-aes128-3des-sha256-sha1-modp2048-modp1024,"
			"aes256gcm16-prfsha256-modp2048",
			&probe.offer, NULL);
	probe.flow.family = AF_INET;
	probe.flow.remote_port = data[0] & 1 ? 4500 : 500;
	marker = data[0] & 1 ? IKE_MARKER_BYTES : 0;
	copy = fuzz_string(data + 1, size - 1);
	if (size - 1 >= marker + 8)
		set_spi((uint8_t *)copy + marker);
	r = ike_answer_decode(&probe, (const uint8_t *)copy, size - 1, &answer,
			      &error);
	free(copy);
	PROMISE(r == 0 || r == -ENOENT || r == -EBADMSG);
	PROMISE(fuzz_is_clean(error.text, sizeof(error.text)) || r == 0);
	if (r == 0)
		check(&probe, &answer);
	return 0;
}
