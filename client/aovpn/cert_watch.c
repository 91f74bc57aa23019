/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_watch.c - aovpn cert watch: what of a connection's certificate ends
 * soon, for monitoring; aovpnd warns of the same in its log.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"
#include "cert_json.h"
#include "cert_text.h"
#include "certificate_watch.h"

static const char *kind_name(enum aovpn_watched_kind kind)
{
	switch (kind) {
	case AOVPN_WATCHED_CERTIFICATE:
		return "certificate";
	case AOVPN_WATCHED_CRL:
		break;
	}
	return "crl";
}

static json_t *watched_object(const struct aovpn_watched *watched, time_t now)
{
	char text[2 * AOVPN_URL_MAX];

	aovpn_watched_text(watched, now, text, sizeof(text));
	return json_pack("{s:s, s:i, s:o, s:o, s:o, s:I, s:o}", "kind",
			 kind_name(watched->kind), "depth", (int)watched->depth,
			 "subject", cert_json_text(watched->subject), "id",
			 cert_json_text(watched->id), "ends",
			 record_date(watched->term.end), "days_left",
			 (json_int_t)aovpn_days_until(watched->term.end, now),
			 "message", cert_json_text(text));
}

static void print_json(const char *connection, const struct aovpn_watch *watch,
		       time_t now)
{
	json_t *due = json_array(), *object;
	size_t i;

	for (i = 0; i < watch->count; i++)
		if (aovpn_urgency_at(&watch->list[i].term, now))
			json_array_append_new(
				due, watched_object(&watch->list[i], now));
	object = json_pack("{s:s, s:o, s:o, s:o}", "connection", connection,
			   "file", cert_json_text(watch->file), "due", due,
			   "unknown", cert_json_text(watch->unknown));
	cli_print_json(object);
	json_decref(object);
}

static size_t count_due(const struct aovpn_watch *watch, time_t now)
{
	size_t due = 0, i;

	for (i = 0; i < watch->count; i++)
		due += aovpn_urgency_at(&watch->list[i].term, now) !=
		       AOVPN_URGENCY_NONE;
	return due;
}

static void print_text(const struct cli *cli, const char *connection,
		       const struct aovpn_watch *watch, time_t now)
{
	char text[2 * AOVPN_URL_MAX], label[AOVPN_NAME_MAX + 4];
	size_t i;

	snprintf(label, sizeof(label), "%s: ", connection);
	for (i = 0; i < watch->count; i++) {
		if (!aovpn_urgency_at(&watch->list[i].term, now))
			continue;
		aovpn_watched_text(&watch->list[i], now, text, sizeof(text));
		cert_field(0, label, text);
	}
	if (watch->unknown[0] != '\0')
		cert_field(0, label, watch->unknown);
	else if (cli->verbose && count_due(watch, now) == 0)
		cert_field(0, label, "nothing is due");
}

static int show(const struct cli *cli, const char *connection,
		const struct aovpn_watch *watch, time_t now)
{
	if (cli->json)
		print_json(connection, watch, now);
	else
		print_text(cli, connection, watch, now);
	if (count_due(watch, now) > 0)
		return EXIT_REFUSED;
	return watch->unknown[0] != '\0' ? EXIT_UNKNOWN : EXIT_ACCEPTED;
}

static int watch_profile(const struct cli *cli, const char *name,
			 const struct aovpn_fetcher *fetcher,
			 struct aovpn_watch *watch)
{
	time_t now = time(NULL);
	struct aovpn_profile profile;
	struct aovpn_error error;
	int r = cert_profile_load(cli, name, &profile);

	if (r != 0)
		return r;
	r = aovpn_watch_profile(&profile, fetcher, now, watch, &error);
	if (r < 0)
		return cli_fail(cli, EXIT_UNKNOWN, "%s", error.text);
	return show(cli, name, watch, now);
}

/* Something that is due counts for more than what could not be found out, and
 * that for more than nothing; what is wrong with the call counts most. */
static int worse(int a, int b)
{
	static const int order[] = {EXIT_ACCEPTED, EXIT_UNKNOWN, EXIT_REFUSED,
				    EXIT_USAGE};
	size_t i, x = 0, y = 0;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		x = order[i] == a ? i : x;
		y = order[i] == b ? i : y;
	}
	return order[x > y ? x : y];
}

int cert_watch(const struct cli *cli, int argc, char **argv)
{
	struct aovpn_watch *watch = calloc(1, sizeof(*watch));
	struct aovpn_fetcher *fetcher = NULL;
	struct aovpn_profile_list list = {.count = 0};
	int status;
	size_t i;

	if (!watch)
		return cli_fail(cli, EXIT_UNKNOWN, "out of memory");
	status = cert_profile_names(cli, argc > 0 ? argv[0] : NULL, &list);
	/* Not what is kept: the CA may have published a new one since. */
	if (status == 0)
		status = cert_fetcher_open(cli, !cli->offline, &fetcher);
	for (i = 0; fetcher && i < list.count; i++)
		status = worse(status, watch_profile(cli, list.name[i], fetcher,
						     watch));
	aovpn_fetcher_close(fetcher);
	free(watch);
	return status;
}
