/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status_text.c - connections for people: a line each, and what is of interest
 * below it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "status_text.h"

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* --- amounts ----------------------------------------------------------------
 */

void status_duration(long long seconds, char *out, size_t size)
{
	if (seconds < 0)
		seconds = 0;
	if (seconds < 60)
		snprintf(out, size, "%lld s", seconds);
	else if (seconds < 3600)
		snprintf(out, size, "%lld min", seconds / 60);
	else if (seconds < 86400)
		snprintf(out, size, "%lld h %lld min", seconds / 3600,
			 seconds / 60 % 60);
	else
		snprintf(out, size, "%lld d %lld h", seconds / 86400,
			 seconds / 3600 % 24);
}

void status_bytes(unsigned long long bytes, char *out, size_t size)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	double amount = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(out, size, "%llu B", bytes);
		return;
	}
	while (amount >= 1024 && i + 1 < sizeof(units) / sizeof(units[0])) {
		amount /= 1024;
		i++;
	}
	snprintf(out, size, "%.1f %s", amount, units[i]);
}

/* Seconds since 1970 of "2026-11-25T08:00:00Z", or with fractions and an
 * offset as records have it; 0: none. */
static time_t parse_date(const char *text)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int hours, minutes;
	time_t when;
	char sign;

	if (!rest)
		return 0;
	when = timegm(&tm);
	rest += strspn(rest, ".0123456789");
	if (sscanf(rest, "%c%2d:%2d", &sign, &hours, &minutes) == 3)
		when -= (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return when;
}

static const char *since(const char *date, char *out, size_t size)
{
	const time_t then = parse_date(date);

	out[0] = '\0';
	if (then != 0)
		status_duration(time(NULL) - then, out, size);
	return out;
}

/* --- one connection
 * ------------------------------------------------------------ */

static void print_traffic(const json_t *connection)
{
	const json_t *traffic = json_object_get(connection, "traffic");
	char in[32], out[32], rekey[32];

	if (!json_is_object(traffic))
		return;
	status_bytes((unsigned long long)number(traffic, "bytes_in"), in,
		     sizeof(in));
	status_bytes((unsigned long long)number(traffic, "bytes_out"), out,
		     sizeof(out));
	printf("  %s received, %s sent since the last renewal of keys", in,
	       out);
	if (number(traffic, "child_rekey_s") > 0) {
		status_duration(number(traffic, "child_rekey_s"), rekey,
				sizeof(rekey));
		printf("; the next is in %s", rekey);
	}
	putchar('\n');
}

/* What is done to have it up. */
static void print_keep(const json_t *connection)
{
	const json_t *keep = json_object_get(connection, "keep");
	const char *next = record_text(keep, "next_dial");
	const char *waits_for = record_text(keep, "waits_for");
	char left[32];

	if (!json_is_true(json_object_get(keep, "always_on")))
		return;
	if (json_is_true(json_object_get(keep, "paused")))
		puts("  always on, but hung up: dial it to have it up again");
	else if (waits_for[0] != '\0')
		printf("  always on: waits for %s\n", waits_for);
	else if (next[0] != '\0') {
		status_duration(parse_date(next) - time(NULL), left,
				sizeof(left));
		printf("  always on: dialled again in %s\n", left);
	}
}

static void print_failure(const struct cli *cli, const json_t *record)
{
	const json_t *cause =
		json_array_get(json_object_get(record, "causes"), 0);
	char ago[32];

	if (number(record, "ras_code") == 0)
		return;
	printf("  last: %s%lld%s %s, %s ago\n", text_red(cli),
	       (long long)number(record, "ras_code"), text_plain(cli),
	       record_text(record, "cause"),
	       since(record_text(record, "time"), ago, sizeof(ago)));
	if (record_text(cause, "summary")[0] != '\0')
		printf("        %s (%s)\n", record_text(cause, "summary"),
		       record_text(cause, "confidence"));
}

/* A list of texts, behind its name; nothing where it is empty. */
static void print_items(const char *name, const json_t *list)
{
	const json_t *item;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	printf("  %-9s", name);
	json_array_foreach(list, i, item) printf(" %s", value_text(item));
	putchar('\n');
}

/* What is set of this machine's network for a tunnel. */
static void print_network(const json_t *network)
{
	const json_t *dns = json_object_get(network, "dns");

	if (!json_is_object(network))
		return;
	printf("  link      %s, routes by %s\n",
	       json_is_string(json_object_get(network, "link"))
		       ? record_text(network, "link")
		       : "none of its own",
	       record_text(network, "routes_by"));
	print_items("addresses", json_object_get(network, "addresses"));
	print_items("routes", json_object_get(network, "routes"));
	print_items("outside", json_object_get(network, "excluded"));
	print_items("dns", json_object_get(dns, "servers"));
	print_items("domains", json_object_get(dns, "domains"));
	print_items("search", json_object_get(dns, "search_domains"));
	printf("  dns by    %s", record_text(dns, "resolver"));
	if (record_text(dns, "note")[0] != '\0')
		printf(": %s", record_text(dns, "note"));
	putchar('\n');
}

static void print_line(const char *label, const char *value)
{
	if (value[0] != '\0')
		printf("  %-12s%s\n", label, value);
}

/* What the tunnel is, and what was set for it on this machine. */
static void print_details(const json_t *connection)
{
	const json_t *tunnel = json_object_get(
		json_object_get(connection, "last_record"), "tunnel");

	print_line("networks", record_text(tunnel, "networks"));
	print_line("DNS", record_text(tunnel, "dns"));
	print_line("gateway", record_text(tunnel, "gateway_certificate"));
	print_line("IKE", record_text(tunnel, "ike_proposal"));
	print_line("ESP", record_text(tunnel, "esp_proposal"));
	print_network(json_object_get(connection, "network"));
}

static void print_up(const struct cli *cli, const json_t *connection)
{
	const json_t *record = json_object_get(connection, "last_record");
	char age[32];

	printf("%-20s %sconnected%s     for %s to %s, address %s\n",
	       record_text(connection, "connection"), text_green(cli),
	       text_plain(cli),
	       since(record_text(connection, "since"), age, sizeof(age)),
	       record_text(record, "server"),
	       record_text(json_object_get(record, "tunnel"), "addresses"));
	print_traffic(connection);
	if (cli->verbose)
		print_details(connection);
}

void status_connection(const struct cli *cli, const json_t *connection)
{
	const char *state = record_text(connection, "state");

	if (strcmp(state, "connected") == 0) {
		print_up(cli, connection);
		return;
	}
	printf("%-20s %-13s %s\n", record_text(connection, "connection"), state,
	       strcmp(state, "connecting") == 0
		       ? record_text(connection, "stage")
		       : "");
	if (strcmp(state, "disconnected") == 0)
		print_failure(cli, json_object_get(connection, "last_record"));
	print_keep(connection);
	if (json_is_object(json_object_get(connection, "hint")))
		text_hint(json_object_get(connection, "hint"));
}
