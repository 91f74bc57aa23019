/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_tracer_event.c - records of the tracer's ring buffer, by a kernel
 * without names for drop reasons.
 */
#include <errno.h>

#include "bpf/event.h"
#include "client/aovpnd/tracer_event.h"
#include "fuzz.h"
#include "observation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct drop_reasons *reasons;
	struct aovpn_name_event record;
	struct aovpn_observation o;
	int r;

	if (!reasons)
		PROMISE(drop_reasons_new(NULL, 0, &reasons) == 0);
	if (size > sizeof(record))
		return 0;
	memcpy(&record, data, size);
	r = tracer_event_observe(&record, size, reasons, &o);
	PROMISE(r == 0 || r == -ENOENT || r == -EBADMSG);
	if (r < 0)
		return 0;
	PROMISE(aovpn_observation_kind_name(o.kind));
	if (o.kind == AOVPN_OBS_PACKET_DROPPED) {
		PROMISE(fuzz_is_clean(o.u.drop.reason,
				      sizeof(o.u.drop.reason)));
		PROMISE(fuzz_is_clean(o.u.drop.location,
				      sizeof(o.u.drop.location)));
	}
	if (o.kind == AOVPN_OBS_NAME_FAILED)
		PROMISE(fuzz_is_clean(o.u.name_failed.name,
				      sizeof(o.u.name_failed.name)));
	return 0;
}
