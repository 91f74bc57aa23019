/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_charon_log.c - charon's messages of one IKE_SA, one a line, each with
 * its group of three letters before it, as in charon's own log.
 */
#include <errno.h>

#include "client/aovpnd/charon_log.h"
#include "fuzz.h"

static void check_texts(const struct charon_log *log)
{
	PROMISE(memchr(log->user, 0, sizeof(log->user)));
	PROMISE(memchr(log->server, 0, sizeof(log->server)));
	PROMISE(memchr(log->required, 0, sizeof(log->required)));
	PROMISE(memchr(log->certificate, 0, sizeof(log->certificate)));
}

static void feed(struct charon_log *log, const char *line, size_t length)
{
	struct charon_event event = {.type = CHARON_LOG, .ike_sa_id = 1};
	struct aovpn_observation o;
	int r;

	strcpy(event.name, "lab");
	if (length < 3)
		return;
	memcpy(event.group, line, 3);
	line += 3;
	length -= 3;
	event.cut = length >= sizeof(event.text);
	if (event.cut)
		length = sizeof(event.text) - 1;
	memcpy(event.text, line, length);
	r = charon_log_read(log, &event, &o);
	PROMISE(r == 0 || r == -ENOENT);
	PROMISE(r < 0 || (o.kind > 0 && o.kind < AOVPN_OBS_KIND_END));
	/* What is passed over unread must have been nothing. */
	PROMISE(r < 0 || charon_log_is_of_interest(&event));
	if (charon_log_begins(&event))
		PROMISE(r == 0);
	check_texts(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct charon_log log = {0};
	char *copy = fuzz_string(data, size);
	const char *line = copy, *end = copy + size, *next;

	while (line < end) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		feed(&log, line, (size_t)(next - line));
		line = next + 1;
	}
	free(copy);
	return 0;
}
