/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vici_list.c - see vici_list.h. */
#include "vici_list.h"

#include <errno.h>
#include <string.h>

char *vici_text(const char *text)
{
	union {
		const char *in;
		char *out;
	} u = {.in = text};

	return u.out;
}

static vici_res_t *ask(vici_conn_t *connection, const char *command,
		       const char *ike)
{
	vici_req_t *request = vici_begin(vici_text(command));

	if (ike)
		vici_add_key_value(request, vici_text("ike"), vici_text(ike),
				   (int)strlen(ike));
	return vici_submit(request, connection);
}

int vici_list(const char *uri, const char *command, const char *event,
	      const char *ike, vici_event_cb_t on_item, void *user)
{
	vici_conn_t *connection = vici_connect(vici_text(uri));
	vici_res_t *answer = NULL;

	if (!connection)
		return errno ? -errno : -ECONNREFUSED;
	if (vici_register(connection, vici_text(event), on_item, user) == 0)
		answer = ask(connection, command, ike);
	if (answer)
		vici_free_res(answer);
	vici_disconnect(connection);
	return answer ? 0 : -ECONNRESET;
}
