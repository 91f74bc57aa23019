/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_text.c - see trace_text.h. */
#include "trace_text.h"

#include <errno.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "escape.h"
#include "notify.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- what stands in an event -----------------------------------------------
 */

static const char *text(const json_t *event, const char *key)
{
	const char *value = json_string_value(json_object_get(event, key));

	return value ? value : "";
}

static long long number(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

static bool flag(const json_t *event, const char *key)
{
	return json_is_true(json_object_get(event, key));
}

static bool has(const json_t *event, const char *key)
{
	return text(event, key)[0] != '\0';
}

/* --- pieces of sentences ---------------------------------------------------
 */

/* The flags of the IKE header, where they are told; 0x20 is a response. */
static const char *role_of(const json_t *event)
{
	if (!json_object_get(event, "flags"))
		return "message";
	return number(event, "flags") & 0x20 ? "response" : "request";
}

/* "IKE_AUTH request 1" where an IKE header was in sight, RFC 7296 3.1. */
static void put_packet(FILE *out, const json_t *event)
{
	if (has(event, "exchange"))
		fprintf(out, "%s %s %lld", text(event, "exchange"),
			role_of(event), number(event, "message_id"));
	else if (strcmp(text(event, "protocol"), "udp") == 0)
		fputs("UDP", out);
	else if (strcmp(text(event, "protocol"), "esp") == 0)
		fputs("ESP", out);
	else
		fprintf(out, "protocol %s", text(event, "protocol"));
}

static void put_notifies(FILE *out, const json_t *event)
{
	const json_t *notify;
	const char *name;
	size_t i;

	json_array_foreach(json_object_get(event, "notify"), i, notify)
	{
		name = aovpn_notify_name(json_integer_value(notify));
		if (name)
			fprintf(out, "%s%s", i == 0 ? ", N(" : ", ", name);
		else
			fprintf(out, "%s%lld", i == 0 ? ", N(" : ", ",
				(long long)json_integer_value(notify));
	}
	if (i > 0)
		putc(')', out);
}

/* "label value" where there is a value. */
static void put_labelled(FILE *out, const json_t *event, const char *label,
			 const char *key)
{
	if (has(event, key))
		fprintf(out, "%s%s", label, text(event, key));
}

/* RFC 792, RFC 1812 5.2.7.1, RFC 4443 3: errors only. */
static const char *icmp_name(bool v6, long long type, long long code)
{
	static const struct {
		bool v6;
		uint8_t type;
		int16_t code; /* -1: any */
		const char *name;
	} names[] = {
		{false, 3, 0, "network unreachable"},
		{false, 3, 1, "host unreachable"},
		{false, 3, 2, "protocol unreachable"},
		{false, 3, 3, "port unreachable"},
		{false, 3, 4, "too big"},
		{false, 3, 9, "network prohibited"},
		{false, 3, 10, "host prohibited"},
		{false, 3, 13, "prohibited by a filter"},
		{false, 3, -1, "unreachable"},
		{false, 11, -1, "time exceeded"},
		{false, 12, -1, "parameter problem"},
		{true, 1, 0, "no route"},
		{true, 1, 1, "prohibited by a filter"},
		{true, 1, 3, "address unreachable"},
		{true, 1, 4, "port unreachable"},
		{true, 1, -1, "unreachable"},
		{true, 2, -1, "too big"},
		{true, 3, -1, "time exceeded"},
		{true, 4, -1, "parameter problem"},
	};
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (names[i].v6 == v6 && names[i].type == type &&
		    (names[i].code == -1 || names[i].code == code))
			return names[i].name;
	return "unknown";
}

static void put_icmp(FILE *out, bool v6, long long type, long long code)
{
	fprintf(out, "ICMP%s %lld/%lld (%s)", v6 ? "v6" : "", type, code,
		icmp_name(v6, type, code));
}

/* --- one function a kind ---------------------------------------------------
 */

static void say_ike_state(FILE *out, const json_t *event)
{
	fprintf(out, "IKE_SA %lld %s", number(event, "ike_sa_id"),
		text(event, "state"));
	put_labelled(out, event, ", initiator SPI ", "spi_i");
}

static void say_ike_message(FILE *out, const json_t *event)
{
	fprintf(out, "%s %s %lld", text(event, "exchange"),
		flag(event, "response") ? "response" : "request",
		number(event, "message_id"));
	put_labelled(out, event, ", EAP ", "eap_code");
	put_labelled(out, event, "/", "eap_type");
	put_notifies(out, event);
	put_labelled(out, event, ", data ", "notify_data");
	if (flag(event, "has_ms_status"))
		fprintf(out, ", Windows code %#llx",
			number(event, "ms_status"));
}

static void say_retransmit(FILE *out, const json_t *event)
{
	if (flag(event, "given_up"))
		fprintf(out,
			"given up: no answer to message %lld after %lld "
			"retransmissions",
			number(event, "message_id"), number(event, "count"));
	else
		fprintf(out, "retransmission %lld of message %lld, %lld bytes",
			number(event, "count"), number(event, "message_id"),
			number(event, "length"));
}

static void say_alert(FILE *out, const json_t *event)
{
	fprintf(out, "charon: %s", text(event, "alert"));
	put_labelled(out, event, ": ", "text");
}

static void say_tls_state(FILE *out, const json_t *event)
{
	long long version = number(event, "version");

	fprintf(out, "TLS %s", text(event, "state"));
	if (version >= 0x0301 && version <= 0x0304)
		fprintf(out, ", TLS 1.%lld", version - 0x0301);
	if (flag(event, "resumed"))
		fputs(strcmp(text(event, "state"), "started") == 0
			      ? ", a session is offered"
			      : ", resumed",
		      out);
	put_labelled(out, event, ": ", "text");
}

static void say_tls_alert(FILE *out, const json_t *event)
{
	const int description = (int)number(event, "description");

	fprintf(out, "TLS alert %s: %s %d (%s)",
		flag(event, "sent") ? "sent" : "received", text(event, "level"),
		description, SSL_alert_desc_string_long(description));
}

static void say_cert_refused(FILE *out, const json_t *event)
{
	const long long error = number(event, "x509_error");

	fprintf(out, "certificate of %s refused: %s (%lld) at depth %lld",
		text(event, "role"), X509_verify_cert_error_string(error),
		error, number(event, "depth"));
	put_labelled(out, event, ", subject ", "subject");
	put_labelled(out, event, ", issuer ", "issuer");
	put_labelled(out, event, ", names ", "names");
	put_labelled(out, event, ", ", "algorithm");
}

static void say_ca_list(FILE *out, const json_t *event)
{
	fprintf(out, "the server asks for a certificate of %lld CAs",
		number(event, "count"));
	if (number(event, "count") > 0)
		fputs(flag(event, "ours") ? ", ours among them"
					  : ", ours not among them",
		      out);
	put_labelled(out, event, ": ", "names");
}

static void say_child_up(FILE *out, const json_t *event)
{
	fputs("CHILD_SA up", out);
	put_labelled(out, event, ", address ", "addresses");
	put_labelled(out, event, ", DNS ", "dns");
	put_labelled(out, event, ", networks ", "networks");
	put_labelled(out, event, ", IKE ", "ike_proposal");
	put_labelled(out, event, ", ESP ", "esp_proposal");
	put_labelled(out, event, ", gateway ", "gateway_id");
}

static void say_child_down(FILE *out, const json_t *event)
{
	(void)event;
	fputs("CHILD_SA down", out);
}

static void say_passed(FILE *out, const json_t *event)
{
	put_packet(out, event);
	fprintf(out, ", %lld bytes, %s", number(event, "length"),
		flag(event, "incoming") ? "arrived" : "left");
}

/* The socket's hook may see the addresses and nothing of the packet. */
static void say_send(FILE *out, const json_t *event)
{
	put_packet(out, event);
	if (number(event, "length") > 0)
		fprintf(out, ", %lld bytes", number(event, "length"));
	fputs(", handed to the socket", out);
}

/* An address of the kernel is all there is where it has no symbol. */
static void put_place(FILE *out, const json_t *event)
{
	if (has(event, "location"))
		fprintf(out, " in %s", text(event, "location"));
	else
		put_labelled(out, event, " at 0x", "address");
}

static void put_esp_spi(FILE *out, const json_t *event)
{
	if (has(event, "esp_spi") &&
	    strcmp(text(event, "esp_spi"), "00000000") != 0)
		put_labelled(out, event, ", ESP SPI ", "esp_spi");
}

static void say_drop(FILE *out, const json_t *event)
{
	const char *protocol = text(event, "protocol");
	const bool v6 = strcmp(protocol, "icmpv6") == 0;

	if (number(event, "elsewhere") != 0)
		fprintf(out, "dropped in another network namespace (%lld)",
			number(event, "elsewhere"));
	else
		fputs("dropped here", out);
	fprintf(out, ": %s",
		has(event, "reason") ? text(event, "reason") : "no reason");
	put_place(out, event);
	fputs(": ", out);
	if (v6 || strcmp(protocol, "icmp") == 0)
		put_icmp(out, v6, number(event, "icmp_type"),
			 number(event, "icmp_code"));
	else
		put_packet(out, event);
	fprintf(out, ", %lld bytes", number(event, "length"));
	put_esp_spi(out, event);
}

static void say_icmp(FILE *out, const json_t *event)
{
	const bool v6 = strchr(text(event, "from"), ':') != NULL;

	put_icmp(out, v6, number(event, "type"), number(event, "code"));
	fprintf(out, " from %s", text(event, "from"));
	if (number(event, "mtu") != 0)
		fprintf(out, ", MTU %lld", number(event, "mtu"));
	put_esp_spi(out, event);
}

static void say_resolved(FILE *out, const json_t *event)
{
	const char *addresses = text(event, "addresses");

	fprintf(out, "name %s: %s", text(event, "name"),
		has(event, "gai_error") ? text(event, "gai_error") : addresses);
	put_labelled(out, event, ", ", "text");
	if (strcmp(text(event, "remote"), addresses) != 0)
		put_labelled(out, event, ", dialling ", "remote");
	if (flag(event, "remembered"))
		fputs(" (of the last success)", out);
}

static void say_local_failure(FILE *out, const json_t *event)
{
	fprintf(out, "the dial ends here: %s", text(event, "cause"));
	put_labelled(out, event, ": ", "text");
}

static void say_send_failed(FILE *out, const json_t *event)
{
	fprintf(out, "charon could not send %lld bytes: %s",
		number(event, "length"), text(event, "error"));
}

static void say_fragment(FILE *out, const json_t *event)
{
	fprintf(out, "IP fragment of %s, id %lld, offset %lld, %lld bytes, %s",
		text(event, "protocol"), number(event, "id"),
		number(event, "offset"), number(event, "length"),
		flag(event, "more") ? "more follow" : "the last");
}

static void say_xfrm_error(FILE *out, const json_t *event)
{
	fprintf(out, "the kernel's IPsec counts %s: %lld", text(event, "name"),
		number(event, "count"));
}

static void put_end_point(FILE *out, const json_t *event, const char *address,
			  const char *port)
{
	const bool v6 = strchr(text(event, address), ':') != NULL;

	fprintf(out, "%s%s%s", v6 ? "[" : "", text(event, address),
		v6 ? "]" : "");
	if (number(event, port) != 0)
		fprintf(out, ":%lld", number(event, port));
}

static void say_tcp(FILE *out, const json_t *event)
{
	const char *what = text(event, "event");

	fputs("tcp connection to ", out);
	put_end_point(out, event, "remote", "remote_port");
	if (strcmp(what, "connect_failed") == 0)
		fputs(" failed", out);
	else if (strcmp(what, "retransmitted") == 0)
		fputs(": retransmitted, no answer in time", out);
	else
		fprintf(out, ": %s", what);
	put_labelled(out, event, ": ", "error");
}

static void say_name_failed(FILE *out, const json_t *event)
{
	fprintf(out, "name %s: %s", text(event, "name"),
		has(event, "gai_error") ? text(event, "gai_error")
					: "not resolved");
}

static void say_suspended(FILE *out, const json_t *event)
{
	fprintf(out, "this machine slept for %lld s",
		(long long)json_integer_value(
			json_object_get(event, "seconds")));
}

static void say_tried(FILE *out, const json_t *event)
{
	fprintf(out, "%s at %s: %lld %s after %lld ms", text(event, "server"),
		text(event, "remote"),
		(long long)json_integer_value(
			json_object_get(event, "ras_code")),
		text(event, "cause"),
		(long long)json_integer_value(
			json_object_get(event, "duration_ms")));
}

static void say_address_gone(FILE *out, const json_t *event)
{
	fprintf(out, "address %s is gone from this machine",
		text(event, "local"));
}

static void say_tunnel(FILE *out, const json_t *event)
{
	fprintf(out, "tunnel: %lld packets out, %lld in",
		(long long)json_integer_value(
			json_object_get(event, "packets_out")),
		(long long)json_integer_value(
			json_object_get(event, "packets_in")));
}

static void say_clock(FILE *out, const json_t *event)
{
	fprintf(out, "clock of this machine %s",
		json_integer_value(json_object_get(event, "synchronised"))
			? "is kept by a time service"
			: "is kept by no time service");
}

static void say_neighbour(FILE *out, const json_t *event)
{
	fprintf(out, "neighbour %s does not answer on interface %lld",
		text(event, "remote"), number(event, "interface"));
}

/* --- lines that are no observations ----------------------------------------
 */

static void put_counts(FILE *out, const json_t *counts)
{
	const char *source, *between = "";
	json_t *count;

	json_object_foreach((json_t *)counts, source, count)
	{
		fprintf(out, "%s%s %lld", between, source,
			(long long)json_integer_value(count));
		between = ", ";
	}
}

static void put_losses(FILE *out, const json_t *event)
{
	const json_t *lost = json_object_get(event, "lost");
	const json_t *unread = json_object_get(event, "unread");
	const char *between = "";

	if (json_object_size(lost) > 0) {
		fputs("lost: ", out);
		put_counts(out, lost);
		between = "; ";
	}
	if (json_object_size(unread) > 0) {
		fprintf(out, "%snot read in time: ", between);
		put_counts(out, unread);
		between = "; ";
	}
	if (number(event, "suppressed") > 0) {
		fprintf(out, "%skept back by limits: %lld", between,
			number(event, "suppressed"));
		between = "; ";
	}
	if (between[0] == '\0')
		fputs("none lost", out);
}

static void say_lost(FILE *out, const json_t *event)
{
	fputs("events are missing here; ", out);
	put_losses(out, event);
}

static void say_begin(FILE *out, const json_t *event)
{
	const json_t *sources = json_object_get(event, "sources");
	const char *name, *between = "";
	json_t *state;

	fputs("tracing; sources: ", out);
	json_object_foreach((json_t *)sources, name, state)
	{
		fprintf(out, "%s%s %s", between, name,
			json_string_value(state) ? json_string_value(state)
						 : "?");
		between = ", ";
	}
}

/* --- the table -------------------------------------------------------------
 */

enum direction {
	NO_FLOW, /* what it says names the address */
	NOWHERE,
	OUT,
	IN,
	BY_INCOMING, /* as its field says */
	BY_SENT,
};

static const struct kind {
	const char *name;
	void (*say)(FILE *out, const json_t *event);
	enum direction direction;
	bool trouble;
} kinds[] = {
	{"begin", say_begin, NOWHERE, false},
	{"lost", say_lost, NOWHERE, true},
	{"ike_state", say_ike_state, NOWHERE, false},
	{"ike_message", say_ike_message, BY_INCOMING, false},
	{"retransmit", say_retransmit, OUT, true},
	{"alert", say_alert, NOWHERE, true},
	{"tls_state", say_tls_state, NOWHERE, false},
	{"tls_alert", say_tls_alert, BY_SENT, true},
	{"cert_refused", say_cert_refused, NOWHERE, true},
	{"ca_list", say_ca_list, NOWHERE, false},
	{"child_up", say_child_up, NOWHERE, false},
	{"child_down", say_child_down, NOWHERE, false},
	{"packet", say_passed, BY_INCOMING, false},
	{"send", say_send, OUT, false},
	{"packet_dropped", say_drop, BY_INCOMING, true},
	{"icmp_error", say_icmp, IN, true},
	{"resolved", say_resolved, NO_FLOW, false},
	{"local_failure", say_local_failure, NOWHERE, true},
	{"send_failed", say_send_failed, OUT, true},
	{"fragment", say_fragment, IN, false},
	{"xfrm_error", say_xfrm_error, NOWHERE, true},
	{"tcp", say_tcp, NO_FLOW, true},
	{"name_failed", say_name_failed, NOWHERE, true},
	{"neighbour_failed", say_neighbour, NO_FLOW, true},
	{"clock", say_clock, NOWHERE, false},
	{"suspended", say_suspended, NOWHERE, false},
	{"address_gone", say_address_gone, NO_FLOW, true},
	{"tried", say_tried, NO_FLOW, false},
	{"tunnel", say_tunnel, NOWHERE, false},
};

static const struct kind *kind_of(const json_t *event)
{
	const char *name = text(event, "kind");
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

bool trace_text_is_trouble(const json_t *event)
{
	const struct kind *kind = kind_of(event);

	return kind && kind->trouble;
}

/* --- the line --------------------------------------------------------------
 */

/* What stands at the head of a line, or in none. */
static bool is_common(const char *key)
{
	static const char *const keys[] = {
		"kind",  "source",     "time",   "time_ns",     "connection",
		"local", "local_port", "remote", "remote_port", "connections",
	};
	size_t i;

	for (i = 0; i < COUNT(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void say_anything(FILE *out, const json_t *event)
{
	const char *key;
	json_t *value;
	char *dump;

	fputs(text(event, "kind"), out);
	json_object_foreach((json_t *)event, key, value)
	{
		if (is_common(key))
			continue;
		dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		fprintf(out, " %s=%s", key, dump ? dump : "?");
		free(dump);
	}
}

static void put_time(FILE *out, const json_t *event)
{
	const char *time = text(event, "time"), *rest;
	struct tm tm = {0};
	char clock[16];
	time_t when;

	rest = strptime(time, "%Y-%m-%dT%H:%M:%S", &tm);
	when = timegm(&tm);
	if (!rest || !localtime_r(&when, &tm)) {
		fputs("--:--:--.---", out);
		return;
	}
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	fprintf(out, "%s%.4s", clock, rest);
}

static bool is_incoming(const struct kind *kind, const json_t *event)
{
	switch (kind ? kind->direction : BY_INCOMING) {
	case IN:
		return true;
	case BY_INCOMING:
		return flag(event, "incoming");
	case BY_SENT:
		return !flag(event, "sent");
	case NO_FLOW:
	case NOWHERE:
	case OUT:
		break;
	}
	return false;
}

/* As tcpdump does: from whom, to whom. */
static void put_flow(FILE *out, const struct kind *kind, const json_t *event)
{
	const enum direction direction = kind ? kind->direction : BY_INCOMING;
	const bool incoming = is_incoming(kind, event);

	if (direction == NO_FLOW || direction == NOWHERE)
		fputs("   ", out);
	else
		fputs(incoming ? "<- " : "-> ", out);
	if (direction == NO_FLOW || !has(event, "remote"))
		return;
	if (incoming)
		put_end_point(out, event, "remote", "remote_port");
	else
		put_end_point(out, event, "local", "local_port");
	fputs(" > ", out);
	if (incoming)
		put_end_point(out, event, "local", "local_port");
	else
		put_end_point(out, event, "remote", "remote_port");
	fputs("  ", out);
}

static void put_connections(FILE *out, const json_t *event)
{
	const char *before = "  [";
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(event, "connections"), i, name)
	{
		fprintf(out, "%s%s", before,
			json_string_value(name) ? json_string_value(name) : "");
		before = " ";
	}
	if (i > 0)
		putc(']', out);
}

static void put_event(FILE *out, const json_t *event)
{
	const struct kind *kind = kind_of(event);

	put_time(out, event);
	fprintf(out, " %-9s ", text(event, "source"));
	put_flow(out, kind, event);
	if (kind)
		kind->say(out, event);
	else
		say_anything(out, event);
	put_connections(out, event);
}

/* Write with say and escape what came out. */
static char *written(void (*say)(FILE *out, const json_t *event),
		     const json_t *event)
{
	char *raw = NULL, *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&raw, &size);

	if (!out)
		return NULL;
	say(out, event);
	if (fclose(out) == 0) {
		line = malloc(4 * size + 1);
		if (line)
			aovpn_escape(raw, size, line, 4 * size + 1);
	}
	free(raw);
	return line;
}

static void say_summary(FILE *out, const json_t *end)
{
	fprintf(out, "%lld events shown; ", number(end, "shown"));
	put_losses(out, end);
}

char *trace_text(const json_t *event)
{
	if (!has(event, "kind"))
		return NULL;
	return written(put_event, event);
}

char *trace_text_summary(const json_t *end)
{
	return written(say_summary, end);
}
