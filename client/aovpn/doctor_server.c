/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_server.c - aovpn doctor: each server of the profile, its name, and
 * then each of its addresses in a thread of its own.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_server.h"
#include "resolve.h"
#include "special_address.h"

#define RESOLVE_MS    2500
#define ADDRESSES_MAX 4 /* of one server that are examined */

/* Something that runs beside others and tells into lines of its own. */
struct branch {
	struct doctor_part part;
	pthread_t thread;
	bool started;
	const char *server;
	uint8_t family; /* of an address; 0: the server itself */
	uint8_t address[16];
};

static void examine_server(struct branch *branch);
static void examine_address(struct branch *branch);

static void *run_branch(void *userdata)
{
	struct branch *branch = userdata;

	if (branch->family == 0)
		examine_server(branch);
	else
		examine_address(branch);
	return NULL;
}

static void start_branch(struct branch *branch, const struct doctor_part *part,
			 const char *server)
{
	branch->part = *part;
	branch->part.lines = json_array();
	branch->server = server;
	branch->started =
		pthread_create(&branch->thread, NULL, run_branch, branch) == 0;
}

/* Put what it has told behind what part has. All that it does is bounded. */
static void join_branch(struct branch *branch, struct doctor_part *part)
{
	if (branch->started)
		pthread_join(branch->thread, NULL);
	else
		doctor_tell(part, DOCTOR_WARNING, "server", "no thread for %s",
			    branch->server);
	json_array_extend(part->lines, branch->part.lines);
	json_decref(branch->part.lines);
}

/* --- one address ------------------------------------------------------------
 */

static void make_subject(const struct branch *branch,
			 struct doctor_target *target)
{
	char text[INET6_ADDRSTRLEN];

	aovpn_address_text(branch->family, branch->address, text, sizeof(text));
	if (strcmp(text, branch->server) == 0)
		snprintf(target->subject, sizeof(target->subject), "%s", text);
	else
		snprintf(target->subject, sizeof(target->subject), "%.180s %s",
			 branch->server, text);
}

static bool read_offer(struct doctor_target *target)
{
	struct aovpn_error error;

	if (ike_offer_parse(target->part->doctor->profile.ike_proposals,
			    &target->offer, &error) == 0)
		return true;
	target_tell(target, DOCTOR_SKIPPED, "udp-500",
		    "the profile's proposals cannot be asked about: %s",
		    error.text);
	return false;
}

static void examine_target(struct doctor_target *target)
{
	if (!target_route(target) || !read_offer(target) || !target_ike(target))
		return;
	target_offers_add(target);
	target_size_add(target);
	exchanges_run(target->list, target->count,
		      doctor_time_left(target->part->doctor, EXCHANGE_MS));
	target_offers_tell(target);
	target_size_tell(target);
}

static void examine_address(struct branch *branch)
{
	struct doctor_target *target = calloc(1, sizeof(*target));
	struct exchange *list = calloc(EXCHANGES_MAX, sizeof(*list));

	if (target && list) {
		target->part = &branch->part;
		target->family = branch->family;
		memcpy(target->address, branch->address,
		       sizeof(target->address));
		target->list = list;
		make_subject(branch, target);
		examine_target(target);
	}
	free(list);
	free(target);
}

/* --- its name ---------------------------------------------------------------
 */

static void tell_unresolved(struct branch *branch,
			    const struct aovpn_resolved *resolved)
{
	const bool final = aovpn_resolved_is_final(resolved);
	json_t *line = doctor_tell(&branch->part, DOCTOR_FAULT, "name",
				   "does not resolve: %s", resolved->text);

	doctor_subject(line, branch->server);
	doctor_cause(line, final ? "dns-no-such-name" : "dns-no-answer");
}

static json_t *address_list(const struct aovpn_resolved *resolved, char *text,
			    size_t size)
{
	json_t *list = json_array();
	char one[INET6_ADDRSTRLEN];
	size_t used = 0;
	uint32_t i;

	text[0] = '\0';
	for (i = 0; i < resolved->count; i++) {
		aovpn_address_text((uint8_t)resolved->address[i].family,
				   resolved->address[i].address, one,
				   sizeof(one));
		json_array_append_new(list, json_string(one));
		if (used + sizeof(one) + 2 < size)
			used += (size_t)snprintf(text + used, size - used,
						 "%s%s", used > 0 ? ", " : "",
						 one);
	}
	return list;
}

/* Is one of them an address that no gateway on the Internet has? */
static const char *find_special(const struct aovpn_resolved *resolved,
				bool *here)
{
	const char *meaning = NULL;
	uint32_t i;

	for (i = 0; i < resolved->count && !meaning; i++)
		meaning = aovpn_special_address(
			(uint8_t)resolved->address[i].family,
			resolved->address[i].address, here);
	return meaning;
}

/* A server that is named by its address has not asked DNS. */
static bool is_address(const char *server)
{
	uint8_t bytes[16];

	return inet_pton(AF_INET, server, bytes) == 1 ||
	       inet_pton(AF_INET6, server, bytes) == 1;
}

/* False: whoever answers at such an address is not the gateway. */
static bool tell_resolved(struct branch *branch,
			  const struct aovpn_resolved *resolved)
{
	char text[512];
	bool here = false;
	const char *special = find_special(resolved, &here);
	json_t *addresses = address_list(resolved, text, sizeof(text)), *line;

	if (is_address(branch->server)) {
		json_decref(addresses);
		return true;
	}
	if (special) {
		line = doctor_tell(&branch->part,
				   here ? DOCTOR_FAULT : DOCTOR_WARNING, "name",
				   "resolves to %s; that is an address for %s, "
				   "which no gateway on the Internet has",
				   text, special);
		doctor_cause(line, "dns-wrong-answer");
	} else {
		line = doctor_tell(&branch->part, DOCTOR_OK, "name",
				   "resolves to %s", text);
	}
	doctor_subject(line, branch->server);
	doctor_fact(line, "addresses", addresses);
	return !here;
}

static void examine_addresses(struct branch *branch,
			      const struct aovpn_resolved *resolved)
{
	struct branch branches[ADDRESSES_MAX] = {{.started = false}};
	uint32_t count = resolved->count, i;

	if (count > ADDRESSES_MAX) {
		doctor_tell(&branch->part, DOCTOR_SKIPPED, "name",
			    "of %u addresses the first %u are examined", count,
			    ADDRESSES_MAX);
		count = ADDRESSES_MAX;
	}
	for (i = 0; i < count; i++) {
		branches[i].family = (uint8_t)resolved->address[i].family;
		memcpy(branches[i].address, resolved->address[i].address,
		       sizeof(branches[i].address));
		start_branch(&branches[i], &branch->part, branch->server);
	}
	for (i = 0; i < count; i++)
		join_branch(&branches[i], &branch->part);
}

static void examine_server(struct branch *branch)
{
	const struct doctor *doctor = branch->part.doctor;
	struct aovpn_resolved resolved;
	struct aovpn_error error;
	json_t *line;
	int r = aovpn_resolve(doctor->cli->paths.runtime, branch->server,
			      RESOLVE_MS, &resolved, &error);

	if (r < 0) {
		line = doctor_tell(&branch->part, DOCTOR_FAULT, "name",
				   "cannot be resolved: %s", error.text);
		doctor_subject(line, branch->server);
		doctor_cause(line, "dns-no-answer");
		return;
	}
	if (resolved.count == 0) {
		tell_unresolved(branch, &resolved);
		return;
	}
	if (tell_resolved(branch, &resolved))
		examine_addresses(branch, &resolved);
}

/* --- all --------------------------------------------------------------------
 */

void doctor_servers(struct doctor_part *part)
{
	struct branch *branches =
		calloc(AOVPN_PROFILE_SERVERS_MAX, sizeof(*branches));
	const char *server;
	size_t i, count = 0;

	if (!branches)
		return;
	while (count < AOVPN_PROFILE_SERVERS_MAX) {
		server = aovpn_profile_server(&part->doctor->profile, count);
		if (!server)
			break;
		start_branch(&branches[count++], part, server);
	}
	for (i = 0; i < count; i++)
		join_branch(&branches[i], part);
	free(branches);
}
