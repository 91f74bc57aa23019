/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vici.c - see vici.h. The only file that includes libvici; the protocol's
 * keys are those of strongSwan's swanctl.conf(5).
 */
#include "vici.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unix_socket.h"
#include "vici_list.h"

#define TERMINATE_TIMEOUT_MS 5000
/* charon forces nothing before that is over: the peer may still answer. */
#define FORCE_AFTER_MS 200

void vici_start(void)
{
	vici_init();
}

void vici_end(void)
{
	vici_deinit();
}

int vici_probe(const char *uri, struct aovpn_error *error)
{
	/* paths.c has checked the prefix. */
	int fd = aovpn_unix_connect(uri + strlen("unix://"), SOCK_STREAM);

	if (fd < 0)
		return aovpn_error_set(error, fd,
				       "cannot reach charon at %s: %s", uri,
				       strerror(-fd));
	close(fd);
	return 0;
}

static void add(vici_req_t *request, const char *key, const char *value)
{
	vici_add_key_value(request, vici_text(key), vici_text(value),
			   (int)strlen(value));
}

/* A list out of items that commas separate. */
static void add_list(vici_req_t *request, const char *key, const char *items)
{
	const char *end;
	size_t length;

	vici_begin_list(request, vici_text(key));
	for (;; items = end + 1) {
		while (*items == ' ')
			items++;
		end = strchrnul(items, ',');
		length = (size_t)(end - items);
		while (length > 0 && items[length - 1] == ' ')
			length--;
		if (length > 0)
			vici_add_list_item(request, vici_text(items),
					   (int)length);
		if (*end == '\0')
			break;
	}
	vici_end_list(request);
}

static void add_seconds(vici_req_t *request, const char *key, uint32_t seconds)
{
	char text[16];

	snprintf(text, sizeof(text), "%us", seconds);
	add(request, key, text);
}

static void section(vici_req_t *request, const char *name)
{
	vici_begin_section(request, vici_text(name));
}

/* Send request on a connection of its own. absent_is_fine: charon's "not
 * found" counts as success. Frees the request. */
static int submit(const char *uri, vici_req_t *request, bool absent_is_fine,
		  struct aovpn_error *error)
{
	vici_conn_t *connection = vici_connect(vici_text(uri));
	vici_res_t *answer;
	const char *text;
	int r = 0;

	if (!connection) {
		r = -errno;
		vici_free_req(request);
		return aovpn_error_set(error, r ? r : -ECONNREFUSED,
				       "cannot reach charon at %s: %s", uri,
				       strerror(-r));
	}
	answer = vici_submit(request, connection);
	if (!answer) {
		r = aovpn_error_set(error, -ECONNRESET,
				    "charon at %s closed the connection", uri);
	} else if (strcmp(vici_find_str(answer, vici_text("no"),
					vici_text("success")),
			  "yes") != 0) {
		text = vici_find_str(answer, vici_text(""),
				     vici_text("errmsg"));
		if (!absent_is_fine)
			r = aovpn_error_set(error,
					    strstr(text, "not established")
						    ? -ETIMEDOUT
						    : -ECONNREFUSED,
					    "charon: %s", text);
	}
	if (answer)
		vici_free_res(answer);
	vici_disconnect(connection);
	return r;
}

static void add_interface(vici_req_t *request, uint32_t interface_id)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", interface_id);
	add(request, "if_id_in", text);
	add(request, "if_id_out", text);
}

static void add_child(vici_req_t *request, const char *name,
		      const struct aovpn_profile *profile,
		      uint32_t interface_id)
{
	section(request, "children");
	section(request, name);
	add_list(request, "remote_ts", profile->routes);
	add_list(request, "esp_proposals", profile->esp_proposals);
	add_seconds(request, "rekey_time", profile->esp_rekey_time_s);
	if (interface_id != 0)
		add_interface(request, interface_id);
	/* Redialling is the daemon's. */
	add(request, "start_action", "none");
	add(request, "close_action", "none");
	add(request, "dpd_action", "clear");
	vici_end_section(request);
	vici_end_section(request);
}

/* aaa_id: the plugin holds NPS to the profile's own names, so this is free to
 * carry the connection's name. It must differ: charon would otherwise take two
 * connections that differ in their certificate only for one, and build the
 * second's CHILD_SA in the first's IKE_SA (charon.reuse_ikesa). */
static void add_authentication(vici_req_t *request, const char *charon_name,
			       const char *eap_identity,
			       const struct aovpn_profile *profile)
{
	section(request, "local");
	add(request, "auth", "eap-tls");
	add(request, "eap_id", eap_identity);
	add(request, "aaa_id", charon_name);
	vici_end_section(request);
	section(request, "remote");
	add(request, "auth", "pubkey");
	add(request, "id", "%any");
	add(request, "revocation",
	    profile->gateway_revocation == AOVPN_REVOCATION_HARD ? "strict"
								 : "relaxed");
	vici_end_section(request);
}

static const char *fragmentation(const struct aovpn_profile *profile)
{
	switch ((enum aovpn_fragmentation)profile->fragmentation) {
	case AOVPN_FRAGMENTATION_NO:
		return "no";
	case AOVPN_FRAGMENTATION_YES:
		return "yes";
	case AOVPN_FRAGMENTATION_FORCE:
		return "force";
	}
	return "yes";
}

int vici_load(const char *uri, const char *charon_name, const char *addresses,
	      const char *eap_identity, const struct aovpn_profile *profile,
	      uint32_t interface_id, struct aovpn_error *error)
{
	vici_req_t *request = vici_begin(vici_text("load-conn"));

	section(request, charon_name);
	add(request, "version", "2");
	add(request, "keyingtries", "1");
	add(request, "unique", "never");
	add(request, "mobike", profile->mobike ? "yes" : "no");
	add(request, "fragmentation", fragmentation(profile));
	add_seconds(request, "dpd_delay", profile->dpd_delay_s);
	add_seconds(request, "rekey_time", profile->rekey_time_s);
	add_list(request, "remote_addrs", addresses);
	add_list(request, "vips", "0.0.0.0,::");
	add_list(request, "proposals", profile->ike_proposals);
	add_authentication(request, charon_name, eap_identity, profile);
	add_child(request, charon_name, profile, interface_id);
	vici_end_section(request);
	return submit(uri, request, false, error);
}

int vici_initiate(const char *uri, const char *charon_name,
		  unsigned int timeout_ms, struct aovpn_error *error)
{
	vici_req_t *request = vici_begin(vici_text("initiate"));
	char timeout[16];

	snprintf(timeout, sizeof(timeout), "%u", timeout_ms);
	add(request, "child", charon_name);
	add(request, "ike", charon_name);
	add(request, "timeout", timeout);
	add(request, "loglevel", "-1");
	return submit(uri, request, false, error);
}

static int terminate(const char *uri, const char *key, const char *value,
		     bool forced, struct aovpn_error *error)
{
	vici_req_t *request = vici_begin(vici_text("terminate"));
	char timeout[16];

	snprintf(timeout, sizeof(timeout), "%d",
		 forced ? FORCE_AFTER_MS : TERMINATE_TIMEOUT_MS);
	add(request, key, value);
	add(request, "force", forced ? "yes" : "no");
	add(request, "timeout", timeout);
	add(request, "loglevel", "-1");
	return submit(uri, request, true, error);
}

int vici_terminate(const char *uri, const char *charon_name, int forced,
		   struct aovpn_error *error)
{
	return terminate(uri, "ike", charon_name, forced, error);
}

int vici_terminate_id(const char *uri, uint32_t id, struct aovpn_error *error)
{
	char number[16];

	snprintf(number, sizeof(number), "%" PRIu32, id);
	return terminate(uri, "ike-id", number, true, error);
}

int vici_unload(const char *uri, const char *charon_name,
		struct aovpn_error *error)
{
	vici_req_t *request = vici_begin(vici_text("unload-conn"));

	add(request, "name", charon_name);
	return submit(uri, request, true, error);
}
