/*
 * fuzz_tracer_event.c - records of the tracer's ring buffer, by a kernel
 * without names for drop reasons.
 */
#include <bpf/btf.h>
#include <errno.h>

#include "bpf/event.h"
#include "client/aovpnd/tracer_event.h"
#include "fuzz.h"
#include "observation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct drop_reasons *reasons;
	struct aovpn_observation o;
	struct aovpn_event event;
	struct btf *btf;
	int r;

	if (!reasons) {
		btf = btf__new_empty();
		PROMISE(btf && drop_reasons_new(btf, &reasons) == 0);
		btf__free(btf);
	}
	if (size != sizeof(event))
		return 0;
	memcpy(&event, data, size);
	r = tracer_event_observe(&event, reasons, &o);
	PROMISE(r == 0 || r == -ENOENT);
	if (r < 0)
		return 0;
	PROMISE(aovpn_observation_kind_name(o.kind));
	if (o.kind == AOVPN_OBS_PACKET_DROPPED) {
		PROMISE(fuzz_is_clean(o.u.drop.reason,
				      sizeof(o.u.drop.reason)));
		PROMISE(fuzz_is_clean(o.u.drop.location,
				      sizeof(o.u.drop.location)));
	}
	return 0;
}
