/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_fragment.c - IP fragments as the packet socket hands them over.
 */
#include <errno.h>
#include <netinet/in.h>

#include "client/aovpnd/fragments.h"
#include "fuzz.h"
#include "raw_sockets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aovpn_observation o;
	char *copy;
	int r;

	if (size > RAW_FRAGMENT_BYTES)
		size = RAW_FRAGMENT_BYTES;
	copy = fuzz_string(data, size);
	r = fragment_parse((const uint8_t *)copy, size, &o);
	free(copy);
	PROMISE(r == 0 || r == -ENOENT);
	if (r < 0)
		return 0;
	PROMISE(o.kind == AOVPN_OBS_FRAGMENT);
	PROMISE(o.source == AOVPN_SOURCE_FRAGMENTS);
	PROMISE(o.flow.family == AF_INET || o.flow.family == AF_INET6);
	PROMISE(o.u.fragment.length > 0);
	PROMISE(o.u.fragment.offset + o.u.fragment.length <= 65535);
	PROMISE(o.u.fragment.more || o.u.fragment.offset > 0);
	PROMISE(o.u.fragment.offset == 0 || o.flow.remote_port == 0);
	PROMISE(o.u.fragment.offset == 0 || o.spi_i == 0);
	return 0;
}
