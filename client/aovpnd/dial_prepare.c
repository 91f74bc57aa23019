/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial_prepare.c - the first steps of a dial: profile, charon, certificate and
 * key, and their registration with the plugin. dial.c goes on from there.
 */
#include "charon_name.h"
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "clock_facts.h"
#include "events.h"
#include "log.h"
#include "plugin_server.h"
#include "preflight.h"
#include "vici.h"
#include "worker.h"

#define REGISTER_TIMEOUT_US 5000000ull
/* The plugin tries to connect every second: one that is there has said hello
 * by then, also if this daemon was only just started. */
#define HELLO_TIMEOUT_US 2500000ull
/* How long a server is asked for the time before a certificate is called
 * expired: nothing waits for an answer of the gateway then. */
#define CLOCK_TIMEOUT_US 1500000ull

static void new_attempt(struct connection *c, const char *user)
{
	struct aovpn_attempt *a = &c->attempt;
	sd_id128_t id;

	aovpn_attempt_clear(a);
	memset(a, 0, sizeof(*a));
	if (sd_id128_randomize(&id) >= 0)
		sd_id128_to_uuid_string(id, a->id);
	snprintf(a->connection, sizeof(a->connection), "%s", c->name);
	charon_name_make(c->name, a->charon_name);
	snprintf(a->user, sizeof(a->user), "%s", user);
	a->started_at = time(NULL);
	a->started_ns = aovpn_boottime_ns();
	a->live[AOVPN_SOURCE_DAEMON] = true;
	a->live[AOVPN_SOURCE_PLUGIN] =
		plugin_server_hello(c->daemon->plugin) != NULL;
	a->live[AOVPN_SOURCE_KERNEL] = c->daemon->tracer != NULL;
	a->live[AOVPN_SOURCE_ICMP] = c->daemon->icmp != NULL;
	a->live[AOVPN_SOURCE_FRAGMENTS] = c->daemon->fragments != NULL;
	if (xfrm_stat_read(XFRM_STAT_PATH, &c->xfrm_before) < 0)
		c->xfrm_before.count = 0;
	c->lost_before = daemon_losses(c->daemon);
	c->announced = AOVPN_EVENT_DIALLING;
	c->stage = AOVPN_STAGE_CREDENTIAL;
	c->cancelled = false;
	c->connected = false;
}

/* Why something cannot be done, as dial_fail() takes it. */
struct problem {
	const char *cause;
	struct aovpn_error error;
};

static void problem_set(struct problem *problem, const char *cause, int r)
{
	problem->cause = cause;
	aovpn_error_set(&problem->error, r, "%s", strerror(-r));
}

/* A file of roots as a descriptor. One that is not there, or has no certificate
 * in it, is what Windows calls a root that is not found: no certificate of the
 * server could lead to it, so the dial ends before it begins. */
static int open_roots(const char *path, const char *thumbprints,
		      const char *untrusted, struct problem *problem)
{
	int fd = aovpn_roots_memfd(path, thumbprints, &problem->error);

	if (fd < 0)
		problem->cause = fd == -ENOENT || fd == -ENODATA
					 ? untrusted
					 : "profile-invalid";
	return fd;
}

/* Where the profile says no other name, a gateway goes by that of any of its
 * servers: which of them is dialled shows only later. */
static void list_gateway_names(const struct connection *c, char *out,
			       size_t size)
{
	const struct aovpn_profile *profile = &c->profile;
	const char *server;
	unsigned int i;
	size_t used;

	snprintf(out, size, "%s", profile->gateway_name);
	if (strcmp(profile->gateway_name, aovpn_profile_server(profile, 0)) !=
	    0)
		return;
	for (i = 1; (server = aovpn_profile_server(profile, i)) != NULL; i++) {
		used = strlen(out);
		if (used + 1 + strlen(server) < size)
			snprintf(out + used, size - used, ";%s", server);
		else
			log_warning("\"%s\": too many servers: a gateway that "
				    "is called %s is refused",
				    c->name, server);
	}
}

static void make_policy(struct connection *c, struct aovpn_policy *p)
{
	memset(p, 0, sizeof(*p));
	snprintf(p->connection, sizeof(p->connection), "%s",
		 c->attempt.charon_name);
	p->generation = ++c->generation;
	list_gateway_names(c, p->gateway_name, sizeof(p->gateway_name));
	snprintf(p->nps_names, sizeof(p->nps_names), "%s",
		 c->profile.nps_names);
	p->tls_min = c->profile.tls_min;
	p->tls_max = c->profile.tls_max;
	p->key_held = c->key != NULL;
	p->no_pss = c->no_pss;
	/* TLS 1.3 takes no other signature of an RSA key (RFC 8446 4.2.3). */
	if (c->no_pss && p->tls_max > AOVPN_TLS_1_2)
		p->tls_max = AOVPN_TLS_1_2;
	p->fragment_size = c->profile.fragment_size;
	p->nps_revocation_hard =
		c->profile.nps_revocation == AOVPN_REVOCATION_HARD;
}

static int register_fds(struct connection *c, int credential_fd,
			struct problem *problem)
{
	int fds[AOVPN_CHANNEL_FDS] = {credential_fd, -1, -1};
	struct aovpn_policy policy;
	int r;

	make_policy(c, &policy);
	r = fds[1] = open_roots(c->profile.gateway_roots,
				c->profile.gateway_root_thumbprints,
				"gateway-cert-untrusted", problem);
	if (r >= 0)
		r = fds[2] = open_roots(c->profile.nps_roots,
					c->profile.nps_root_thumbprints,
					"nps-cert-untrusted", problem);
	if (r >= 0) {
		r = plugin_server_register(c->daemon->plugin, &policy, fds);
		if (r < 0)
			problem_set(problem, "plugin-missing", r);
	}
	if (fds[1] >= 0)
		close(fds[1]);
	if (fds[2] >= 0)
		close(fds[2]);
	return r;
}

/* A doubtful certificate is better than none; but say so. */
static void warn_of_doubts(const struct connection *c)
{
	const struct aovpn_verdict *verdict = c->attempt.candidates;
	uint32_t i, doubt;

	for (i = 0; i < c->attempt.candidate_count; i++, verdict++)
		for (doubt = 1; verdict->chosen && doubt < AOVPN_DOUBT_END;
		     doubt <<= 1)
			if (verdict->doubts & doubt)
				log_warning("certificate of \"%s\", %s: %s",
					    c->name, verdict->file,
					    aovpn_doubt_text(doubt));
}

/* Keep what the preflight found, for the record and for diagnosis. */
static void keep_facts(struct connection *c,
		       struct aovpn_candidates_choice *choice)
{
	c->attempt.chain = choice->chain;
	history_store_find(c->daemon->history, &c->attempt);
	c->attempt.candidates = choice->verdicts;
	c->attempt.candidate_count = (uint32_t)choice->count;
	choice->verdicts = NULL;
	c->attempt.password_wanted = choice->password_wanted;
	memcpy(c->identity, choice->identity, sizeof(c->identity));
}

/* Facts that are older say little about a CRL. */
#define CHECKED_HOLDS_S 3600

static bool same_chain(const struct aovpn_chain_facts *a,
		       const struct aovpn_chain_facts *b)
{
	uint32_t i;

	for (i = 0; i < a->count && i < b->count; i++)
		if (strcmp(a->certificate[i].thumbprint_sha256,
			   b->certificate[i].thumbprint_sha256) != 0)
			return false;
	return a->count == b->count;
}

/* Take what is known of the certificate's chain, if it is this dial's: the
 * profile may have got another one meanwhile. */
static void use_checked(struct connection *c)
{
	if (same_chain(&c->checked, &c->attempt.chain))
		c->attempt.chain = c->checked;
}

void dial_take_checked(struct connection *c)
{
	const struct aovpn_chain_facts *facts = chain_check_so_far(c->check);

	if (facts && !same_chain(&c->checked, &c->attempt.chain) &&
	    same_chain(facts, &c->attempt.chain))
		c->attempt.chain = *facts;
}

static void on_checked(const struct aovpn_chain_facts *facts, void *userdata)
{
	struct connection *c = userdata;

	c->check = NULL;
	if (facts) {
		c->checked = *facts;
		use_checked(c);
	}
	if (c->state == CONNECTION_CLOSING_DIAL && dial_is_settled(c))
		dial_settle(c);
}

/* Nobody waits for it: what it finds is for a diagnosis that comes later, and
 * until it is there the last one's serves. */
static void start_check(struct connection *c,
			const struct aovpn_credential *credential)
{
	int r = 0;

	if (c->attempt.started_at - c->checked.gathered_at < CHECKED_HOLDS_S)
		use_checked(c);
	if (!c->check)
		r = chain_check_start(c->daemon, credential,
				      c->profile.nps_roots, on_checked, c,
				      &c->check);
	if (r < 0)
		log_warning("cannot check the certificate of \"%s\": %s",
			    c->name, strerror(-r));
}

/* Takes over a credential whose key stays where it is. */
static int hold_key(struct connection *c,
		    struct aovpn_candidates_choice *choice)
{
	c->key = held_key_unref(c->key);
	if (!choice->credential ||
	    !aovpn_credential_external(choice->credential))
		return 0;
	c->key = held_key_new(choice->credential);
	if (!c->key)
		return -ENOMEM;
	choice->credential = NULL;
	return 0;
}

/* To the plugin. */
static int hand_over(struct connection *c,
		     struct aovpn_candidates_choice *choice,
		     struct problem *problem)
{
	int fd = aovpn_credential_memfd(choice->credential), r;

	c->no_pss = choice->credential->rsa_without_pss;
	r = fd < 0 ? fd : hold_key(c, choice);
	if (r < 0)
		problem_set(problem, "client-key-unusable", r);
	else
		r = register_fds(c, fd, problem);
	if (fd >= 0)
		close(fd);
	return r;
}

static int on_clock_asked(sd_event_source *source, uint64_t usec,
			  void *userdata)
{
	(void)source;
	(void)usec;
	dial_finish(userdata);
	return 0;
}

/* None of the certificates may be shown. Where that is a matter of time, a
 * server that is asked for their CRL may know better what time it is. */
static void refuse_choice(struct connection *c,
			  const struct aovpn_candidates_choice *choice)
{
	const bool dated =
		strcmp(choice->cause, "client-cert-expired") == 0 ||
		strcmp(choice->cause, "client-cert-not-yet-valid") == 0;

	connection_note_failure(c, choice->cause, choice->text);
	if (dated && choice->miss)
		start_check(c, choice->miss);
	if (!c->check) {
		dial_finish(c);
		return;
	}
	c->state = CONNECTION_CLOSING_DIAL;
	connection_start_timer(c, CLOCK_TIMEOUT_US, on_clock_asked);
}

/* Hand the chosen certificate and key to the plugin. On any failure the dial is
 * finished already. */
static int use_choice(struct connection *c, struct preflight_job *job)
{
	struct aovpn_candidates_choice *choice = &job->choice;
	struct problem problem;
	int r;

	if (job->result < 0) {
		dial_fail(c,
			  job->result == -E2BIG ? "profile-invalid"
						: "client-cert-missing",
			  job->error.text);
		return job->result;
	}
	keep_facts(c, choice);
	warn_of_doubts(c);
	if (!choice->credential) {
		refuse_choice(c, choice);
		return -ENOKEY;
	}
	start_check(c, choice->credential);
	r = hand_over(c, choice, &problem);
	if (r < 0)
		dial_fail(c, problem.cause, problem.error.text);
	return r;
}

static int on_register_timeout(sd_event_source *source, uint64_t usec,
			       void *userdata)
{
	(void)source;
	(void)usec;
	dial_fail(userdata, "plugin-missing",
		  "the plugin did not answer the registration");
	return 0;
}

static void register_choice(struct connection *c, struct preflight_job *job)
{
	if (c->stopping)
		dial_fail(c, "service-stopped", "aovpnd was stopped");
	else if (c->cancelled)
		dial_fail(c, "dial-cancelled", "hang-up was asked for");
	else if (!plugin_server_hello(c->daemon->plugin))
		dial_fail(c, "charon-absent", "charon went away");
	else if (use_choice(c, job) == 0) {
		c->state = CONNECTION_REGISTERING;
		connection_start_timer(c, REGISTER_TIMEOUT_US,
				       on_register_timeout);
	}
}

static void on_preflight_done(void *argument)
{
	struct preflight_job *job = argument;

	register_choice(job->owner, job);
	preflight_free(job);
}

/* --- again, for a tunnel that is up ------------------------------------------
 */

static void on_proven_again(void *argument)
{
	struct preflight_job *job = argument;
	struct connection *c = job->owner;
	struct problem problem = {.error = job->error};
	int r = job->result;

	if (r == 0 && !job->choice.credential)
		r = aovpn_error_set(&problem.error, -ENOKEY, "%s",
				    job->choice.text);
	if (r == 0 && c->state == CONNECTION_UP)
		r = hand_over(c, &job->choice, &problem);
	if (r < 0)
		log_warning("\"%s\" cannot authenticate itself anew: %s",
			    c->name, problem.error.text);
	preflight_free(job);
}

void dial_register_again(struct connection *c)
{
	struct preflight_job *job =
		preflight_new(c->daemon, &c->profile, NULL, time(NULL));
	int r = -ENOMEM;

	if (job) {
		job->owner = c;
		r = worker_start(c->daemon->event, preflight_run,
				 on_proven_again, job);
	}
	if (r < 0) {
		preflight_free(job);
		log_warning("\"%s\" cannot authenticate itself anew: %s",
			    c->name, strerror(-r));
	}
}

/* A token may take seconds, so a worker asks it. */
static void start_preflight(struct connection *c)
{
	struct preflight_job *job;
	int r = -ENOMEM;

	c->state = CONNECTION_PREPARING;
	c->attempt.live[AOVPN_SOURCE_PLUGIN] = true;
	connection_watch_kernel(c, true);
	job = preflight_new(c->daemon, &c->profile, &c->password,
			    c->attempt.started_at);
	OPENSSL_cleanse(&c->password, sizeof(c->password));
	if (job) {
		job->owner = c;
		r = worker_start(c->daemon->event, preflight_run,
				 on_preflight_done, job);
	}
	if (r < 0) {
		preflight_free(job);
		dial_fail(c, "unknown", strerror(-r));
	}
}

static int on_hello_timeout(sd_event_source *source, uint64_t usec,
			    void *userdata)
{
	(void)source;
	(void)usec;
	dial_fail(userdata, "plugin-missing",
		  "charon runs, and no plugin of ours has connected");
	return 0;
}

/* Go on where charon is there with our plugin; wait for the plugin where only
 * charon is; else finish. */
static void find_charon(struct connection *c)
{
	struct aovpn_error error;

	if (plugin_server_hello(c->daemon->plugin)) {
		start_preflight(c);
	} else if (vici_probe(c->daemon->paths.vici, &error) < 0) {
		dial_fail(c, "charon-absent", error.text);
	} else {
		c->state = CONNECTION_WAITING;
		connection_start_timer(c, HELLO_TIMEOUT_US, on_hello_timeout);
	}
}

static void note_profile(struct connection *c)
{
	snprintf(c->attempt.server, sizeof(c->attempt.server), "%s",
		 aovpn_profile_server(&c->profile, 0));
	c->attempt.gateway_revocation_hard =
		c->profile.gateway_revocation == AOVPN_REVOCATION_HARD;
}

static void look_at_clock(struct connection *c)
{
	struct aovpn_observation clock;

	clock_facts_look(c->daemon->paths.clock, &clock);
	aovpn_attempt_add(&c->attempt, &clock);
}

void dial_start(struct connection *c, const char *user,
		const struct aovpn_password *password)
{
	struct aovpn_error error;
	int r;

	new_attempt(c, user);
	if (password)
		c->password = *password;
	r = aovpn_profile_load(c->daemon->paths.profiles, c->name, &c->profile,
			       &error);
	if (r == 0)
		note_profile(c);
	events_progress(c->daemon, &c->attempt, AOVPN_EVENT_DIALLING,
			AOVPN_STAGE_CREDENTIAL);
	if (r < 0) {
		dial_fail(c,
			  r == -ENOENT ? "profile-unknown" : "profile-invalid",
			  error.text);
		return;
	}
	look_at_clock(c);
	find_charon(c);
}

void dial_registered(struct connection *c,
		     const struct aovpn_registered *registered)
{
	if (c->state != CONNECTION_REGISTERING ||
	    registered->generation != c->generation)
		return;
	connection_stop_timer(c);
	if (registered->error == -EKEYREJECTED)
		/* The preflight has proven that key and certificate belong
		 * together: what the plugin refuses is their strength. */
		dial_fail(c, "client-cert-weak", registered->text);
	else if (registered->error != 0)
		dial_fail(c, "plugin-missing", registered->text);
	else
		dial_begin(c);
}

void dial_plugin_gone(struct connection *c)
{
	if (c->state == CONNECTION_REGISTERING)
		dial_fail(c, "charon-absent", "charon went away");
}

void dial_plugin_ready(struct connection *c)
{
	if (c->state != CONNECTION_WAITING)
		return;
	connection_stop_timer(c);
	start_preflight(c);
}
