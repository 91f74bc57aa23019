/* SPDX-License-Identifier: GPL-2.0-or-later */
/* always_on.c - see always_on.h. */
#include "always_on.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "connection.h"
#include "connections.h"
#include "file_watch.h"
#include "log.h"
#include "network_watch.h"
#include "profile_list.h"
#include "record.h"
#include "redial.h"
#include "wake_watch.h"

/* sd-event's own is a quarter of a second. */
#define TIMER_SLACK_US 1000
/* A tunnel that lived as long was a good one: the next dial is the first try.
 */
#define GOOD_LIFE_S 30

struct always_on {
	struct daemon *daemon;
	struct network_watch *network; /* NULL: not watched */
	struct wake_watch *wake;       /* the same */
	struct file_watch *profiles;   /* the same */
	sd_event_source *start;
};

/* --- the plan of one connection ---------------------------------------------
 */

static bool is_kept(const struct connection *c)
{
	return c->keep.wanted && !c->keep.paused && !c->stopping;
}

bool always_on_waits(const struct connection *c)
{
	return c->state == CONNECTION_IDLE && is_kept(c);
}

static void forget_plan(struct connection *c)
{
	c->keep.timer = sd_event_source_disable_unref(c->keep.timer);
	c->keep.next_at = 0;
	c->keep.files = file_watch_free(c->keep.files);
}

static void dial(struct connection *c)
{
	forget_plan(c);
	dial_start(c, AOVPN_ALWAYS_ON_USER, NULL);
}

static int on_due(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	if (!always_on_waits(c))
		return 0;
	if (network_watch_online(c->daemon->always_on->network))
		dial(c);
	else
		forget_plan(c);
	return 0;
}

/* By CLOCK_BOOTTIME: what became due while the machine slept is due. */
static void plan(struct connection *c, uint64_t delay_us)
{
	int r;

	forget_plan(c);
	c->keep.next_at = time(NULL) + (time_t)(delay_us / 1000000u);
	r = sd_event_add_time_relative(c->daemon->event, &c->keep.timer,
				       CLOCK_BOOTTIME, delay_us, TIMER_SLACK_US,
				       on_due, c);
	if (r < 0)
		log_error("\"%s\" is not dialled again: no timer: %s", c->name,
			  strerror(-r));
}

/* The first dial of a series that begins now. */
static void plan_now(struct connection *c)
{
	c->keep.failures = 0;
	plan(c, 0);
}

static uint32_t random_number(void)
{
	uint32_t number = 0;

	RAND_bytes((unsigned char *)&number, sizeof(number));
	return number;
}

/* --- what a person may change -----------------------------------------------
 */

static void on_files_changed(void *userdata)
{
	struct connection *c = userdata;

	if (!always_on_waits(c) || c->keep.timer)
		return;
	log_info("\"%s\": a file of it has changed, dialling again", c->name);
	plan_now(c);
}

static void watch_files(struct connection *c)
{
	const struct aovpn_profile *p = &c->profile;
	struct file_watch *files;

	if (file_watch_new(c->daemon->event, on_files_changed, c, &files) < 0)
		return;
	c->keep.files = files;
	/* What is not there is not watched: its profile may name another. */
	if (p->certificate_directory[0] != '\0')
		file_watch_directory(files, p->certificate_directory);
	file_watch_beside(files, p->certificate);
	file_watch_beside(files, p->key);
	file_watch_beside(files, p->password_file);
	file_watch_beside(files, p->chain);
	file_watch_beside(files, p->gateway_roots);
	file_watch_beside(files, p->nps_roots);
}

/* --- what follows a dial or a tunnel ----------------------------------------
 */

void always_on_note(struct always_on *always_on, struct connection *c,
		    const struct aovpn_outcome *outcome)
{
	struct keep *keep = &c->keep;

	(void)always_on;
	if (outcome->event_id == AOVPN_EVENT_CONNECTED) {
		keep->up_ns = aovpn_boottime_ns();
		return;
	}
	if (outcome->event_id == AOVPN_EVENT_TERMINATED &&
	    aovpn_boottime_ns() - keep->up_ns > GOOD_LIFE_S * 1000000000ull)
		keep->failures = 0;
	keep->rule = aovpn_redial_rule(outcome);
	keep->failures++;
	keep->delay_us =
		keep->rule == AOVPN_REDIAL_IMMEDIATELY && keep->failures == 1
			? 0
			: aovpn_redial_delay_us(outcome, keep->failures,
						random_number());
}

void always_on_idle(struct always_on *always_on, struct connection *c)
{
	const char *waits_for = aovpn_redial_waits_for(c->keep.rule);

	if (!always_on || !always_on_waits(c))
		return;
	if (c->keep.rule == AOVPN_REDIAL_ON_CHANGE) {
		forget_plan(c);
		watch_files(c);
		log_warning("\"%s\" is not dialled again before %s", c->name,
			    waits_for);
	} else if (!network_watch_online(always_on->network)) {
		forget_plan(c);
		log_info("\"%s\": no network, waiting for one", c->name);
	} else {
		plan(c, c->keep.delay_us);
		log_info("\"%s\" is dialled again in %" PRIu64 " s%s%s",
			 c->name, c->keep.delay_us / 1000000u,
			 waits_for ? ", or upon " : "",
			 waits_for ? waits_for : "");
	}
}

void always_on_dialled(struct connection *c)
{
	c->keep.paused = false;
	c->keep.failures = 0;
	forget_plan(c);
}

void always_on_hung_up(struct connection *c)
{
	if (c->keep.wanted && !c->keep.paused)
		log_info("\"%s\" stays down until it is dialled", c->name);
	c->keep.paused = c->keep.wanted;
	forget_plan(c);
}

/* --- what happens to this machine -------------------------------------------
 */

struct network_change {
	struct always_on *always_on;
	bool online;
};

static void network_changed(struct connection *c, void *userdata)
{
	const struct network_change *change = userdata;

	if (c->state == CONNECTION_UP)
		tunnel_network_changed(c);
	else if (c->state == CONNECTION_DIALLING && change->online)
		dial_network_changed(c);
	if (!always_on_waits(c) || c->keep.rule == AOVPN_REDIAL_ON_CHANGE)
		return;
	if (change->online)
		plan_now(c);
	else
		forget_plan(c);
}

static void on_network(bool online, void *userdata)
{
	struct always_on *always_on = userdata;
	struct network_change change = {always_on, online};

	log_info("the network has changed%s",
		 online ? "" : ": there is none now");
	connections_each(always_on->daemon->connections, network_changed,
			 &change);
}

static void woken(struct connection *c, void *userdata)
{
	const uint64_t *slept_s = userdata;

	/* A clock that was set may be what a certificate waited for. */
	if (always_on_waits(c) &&
	    (*slept_s == 0 || c->keep.rule != AOVPN_REDIAL_ON_CHANGE))
		plan_now(c);
	else if (c->state == CONNECTION_UP && is_kept(c) && *slept_s > 0)
		tunnel_replace(c, "suspended", "this machine slept");
}

static void on_woken(uint64_t slept_s, void *userdata)
{
	struct always_on *always_on = userdata;

	if (slept_s > 0)
		log_info("this machine slept for %" PRIu64 " s", slept_s);
	else
		log_info("the clock of this machine was set");
	connections_each(always_on->daemon->connections, woken, &slept_s);
}

static void charon_came(struct connection *c, void *userdata)
{
	(void)userdata;
	if (always_on_waits(c) && c->keep.rule == AOVPN_REDIAL_ON_CHARON)
		plan_now(c);
}

void always_on_charon(struct always_on *always_on)
{
	if (always_on)
		connections_each(always_on->daemon->connections, charon_came,
				 NULL);
}

/* --- profiles ---------------------------------------------------------------
 */

/* Of a connection that there is already: the profile may have changed, or be
 * gone. One that cannot be read now stays what it was. */
static void read_again(struct connection *c, void *userdata)
{
	struct always_on *always_on = userdata;
	struct aovpn_profile profile;
	const int r = aovpn_profile_load(always_on->daemon->paths.profiles,
					 c->name, &profile, NULL);

	if (r == 0)
		c->keep.wanted = profile.always_on;
	else if (r == -ENOENT)
		c->keep.wanted = false;
	if (!c->keep.wanted)
		forget_plan(c);
	else if (always_on_waits(c) && !c->keep.timer &&
		 c->keep.rule == AOVPN_REDIAL_ON_CHANGE)
		plan_now(c);
}

static void begin(struct always_on *always_on, const char *name)
{
	struct connection *c;

	c = connections_get(always_on->daemon->connections, name);
	if (!c) {
		log_error("\"%s\" is not kept up: too many connections", name);
		return;
	}
	if (c->keep.wanted)
		return;
	c->keep.wanted = true;
	if (always_on_waits(c))
		plan_now(c);
}

static void begin_if_wanted(struct always_on *always_on, const char *name)
{
	struct aovpn_profile profile;
	struct aovpn_error error;

	if (aovpn_profile_load(always_on->daemon->paths.profiles, name,
			       &profile, &error) < 0)
		log_warning("profile \"%s\" is not kept up if it should be: %s",
			    name, error.text);
	else if (profile.always_on)
		begin(always_on, name);
}

/* NAME.conf.d of every directory, too: what is new there counts. */
static void watch_drop_ins(struct file_watch *files, const char *directory)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *dir = opendir(directory);

	while (dir && (entry = readdir(dir)) != NULL) {
		if (!strstr(entry->d_name, ".conf.d") ||
		    snprintf(path, sizeof(path), "%s/%s", directory,
			     entry->d_name) >= (int)sizeof(path))
			continue;
		file_watch_directory(files, path);
	}
	if (dir)
		closedir(dir);
}

/* Anew at each reload, for directories come and go. */
static void watch_profiles(struct always_on *always_on)
{
	char *rest = strdup(always_on->daemon->paths.profiles);
	char *list = rest, *directory;

	file_watch_clear(always_on->profiles);
	while (list && (directory = strsep(&rest, ":")) != NULL)
		if (file_watch_directory(always_on->profiles, directory) == 0)
			watch_drop_ins(always_on->profiles, directory);
	free(list);
}

void always_on_reload(struct always_on *always_on)
{
	struct aovpn_profile_list *list = calloc(1, sizeof(*list));
	struct aovpn_error error;
	size_t i;

	if (always_on->profiles)
		watch_profiles(always_on);
	connections_each(always_on->daemon->connections, read_again, always_on);
	if (!list || aovpn_profile_list_read(always_on->daemon->paths.profiles,
					     list, &error) < 0)
		log_warning("cannot list the profiles: %s",
			    list ? error.text : strerror(ENOMEM));
	for (i = 0; list && i < list->count; i++)
		begin_if_wanted(always_on, list->name[i]);
	free(list);
}

static int on_start(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	always_on_reload(userdata);
	return 0;
}

static void on_profiles_changed(void *userdata)
{
	always_on_reload(userdata);
}

/* --- begin and end ----------------------------------------------------------
 */

static void complain(const char *what, int r)
{
	if (r < 0)
		log_warning("%s: %s", what, strerror(-r));
}

static void watch(struct always_on *always_on)
{
	struct daemon *daemon = always_on->daemon;

	complain("the network is not watched",
		 network_watch_new(daemon->event, on_network, always_on,
				   &always_on->network));
	complain("sleep is not watched",
		 wake_watch_new(daemon->event, daemon->system_bus, on_woken,
				always_on, &always_on->wake));
	complain("new profiles are seen at the next start only",
		 file_watch_new(daemon->event, on_profiles_changed, always_on,
				&always_on->profiles));
}

int always_on_new(struct daemon *daemon, struct always_on **ret)
{
	struct always_on *always_on = calloc(1, sizeof(*always_on));
	int r;

	if (!always_on)
		return -ENOMEM;
	always_on->daemon = daemon;
	/* At once, but from the event loop: the daemon is whole then. */
	r = sd_event_add_time_relative(daemon->event, &always_on->start,
				       CLOCK_MONOTONIC, 0, 0, on_start,
				       always_on);
	if (r < 0) {
		free(always_on);
		return r;
	}
	watch(always_on);
	*ret = always_on;
	return 0;
}

static void forget_plan_of(struct connection *c, void *userdata)
{
	(void)userdata;
	forget_plan(c);
}

struct always_on *always_on_free(struct always_on *always_on)
{
	if (!always_on)
		return NULL;
	connections_each(always_on->daemon->connections, forget_plan_of, NULL);
	sd_event_source_disable_unref(always_on->start);
	file_watch_free(always_on->profiles);
	wake_watch_free(always_on->wake);
	network_watch_free(always_on->network);
	free(always_on);
	return NULL;
}

json_t *always_on_status(const struct connection *c)
{
	const bool waits = always_on_waits(c);
	const char *waits_for = NULL;

	if (waits && !c->keep.timer)
		waits_for = c->keep.rule == AOVPN_REDIAL_ON_CHANGE
				    ? aovpn_redial_waits_for(c->keep.rule)
				    : "a network";
	return json_pack("{s:b, s:b, s:o, s:s?}", "always_on", c->keep.wanted,
			 "paused", c->keep.paused, "next_dial",
			 waits && c->keep.timer ? record_date(c->keep.next_at)
						: json_null(),
			 "waits_for", waits_for);
}
