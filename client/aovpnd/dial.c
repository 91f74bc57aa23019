/*
 * dial.c - the steps of a dial, in the order in which they happen: prepare
 * (profile, certificate, key), register with the plugin, resolve and initiate
 * in a worker, close, record. Nothing here blocks.
 */
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "bus.h"
#include "clock_facts.h"
#include "dial_job.h"
#include "events.h"
#include "host_facts.h"
#include "kernel_watch.h"
#include "log.h"
#include "plugin_server.h"
#include "preflight.h"
#include "trace.h"
#include "tunnel_look.h"
#include "vici.h"
#include "worker.h"

#define REGISTER_TIMEOUT_US 5000000ull
/* The plugin tries to connect every second: one that is there has said hello
 * by then, also if this daemon was only just started. */
#define HELLO_TIMEOUT_US 2500000ull
/* How long after the end of a failed dial facts may still come in: an ICMP
 * message or a drop of the last packet. */
#define LATE_FACTS_US 150000ull
/* How long a server is asked for the time before a certificate is called
 * expired: nothing waits for an answer of the gateway then. */
#define CLOCK_TIMEOUT_US 1500000ull
/* A cancelled dial may be at a point where charon has no IKE_SA to terminate
 * yet: charon is asked again until the dial is over. */
#define CANCEL_AGAIN_US 200000ull
/* A shorter sleep no gateway notices. */
#define SLEEP_MIN_S 2

static void finish(struct connection *c);
static void settle(struct connection *c);
static bool is_settled(const struct connection *c);
static void end_tunnel(struct connection *c, bool by_user);

/* --- helpers ---------------------------------------------------------------
 */

/* A fact that the daemon itself found out about the dial. */
static void observe_own(struct connection *c,
			const struct aovpn_observation *fact)
{
	struct aovpn_observation o = *fact;

	memcpy(o.connection, c->attempt.charon_name, sizeof(o.connection));
	traces_observe(c->daemon->traces, &o);
	aovpn_attempt_add(&c->attempt, &o);
}

static void local_failure(struct connection *c, const char *slug,
			  const char *text)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_LOCAL_FAILURE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	strncpy(o.u.local_failure.cause, slug, AOVPN_NAME_MAX - 1);
	strncpy(o.u.local_failure.text, text, AOVPN_TEXT_MAX - 1);
	observe_own(c, &o);
}

static void fail_now(struct connection *c, const char *slug, const char *text)
{
	local_failure(c, slug, text);
	finish(c);
}

static void stop_timer(struct connection *c)
{
	c->timer = sd_event_source_disable_unref(c->timer);
}

static void start_timer(struct connection *c, uint64_t after_us,
			sd_event_time_handler_t handler)
{
	int r;

	stop_timer(c);
	r = sd_event_add_time_relative(c->daemon->event, &c->timer,
				       CLOCK_MONOTONIC, after_us, 0, handler,
				       c);
	if (r < 0)
		log_error("no timer for \"%s\": %s", c->name, strerror(-r));
}

/* The tracer's hooks of a dial. */
static void watch_kernel(struct connection *c, bool on)
{
	const struct aovpn_hello *hello =
		plugin_server_hello(c->daemon->plugin);

	if (on == c->watching)
		return;
	c->watching = on;
	if (on)
		kernel_watch_begin(c->daemon->watch,
				   hello ? (pid_t)hello->pid : 0);
	else
		kernel_watch_end(c->daemon->watch);
}

static void xfrm_sink(const struct aovpn_observation *o, void *userdata)
{
	struct connection *c = userdata;

	aovpn_attempt_add(&c->attempt, o);
}

/* Keep what the kernel's IPsec has counted since the last time. */
static void note_xfrm(struct connection *c)
{
	struct xfrm_stat now;

	if (xfrm_stat_read(XFRM_STAT_PATH, &now) < 0)
		return;
	xfrm_stat_compare(&c->xfrm_before, &now, xfrm_sink, c);
	c->xfrm_before = now;
}

/* Keep how long the machine has slept since the last time, if it did. */
static void note_sleep(struct connection *c)
{
	const uint64_t asleep_ns = clock_asleep_ns();
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_SUSPENDED,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	/* The two clocks are not read at the same moment: it may seem less. */
	if (asleep_ns > c->asleep_ns)
		o.u.suspended.seconds =
			(asleep_ns - c->asleep_ns) / 1000000000u;
	if (o.u.suspended.seconds >= SLEEP_MIN_S)
		observe_own(c, &o);
	c->asleep_ns = asleep_ns;
}

/* Keep that the tunnel's outer address is not this machine's any more, if it
 * was: charon may live in another network namespace. */
static void note_address(struct connection *c)
{
	struct aovpn_observation o = {
		.kind = AOVPN_OBS_ADDRESS_GONE,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
		.flow = c->up.flow,
	};

	if (c->address_was_here && !host_has_address(&c->up.flow))
		observe_own(c, &o);
}

static void new_attempt(struct connection *c, const char *user)
{
	struct aovpn_attempt *a = &c->attempt;
	sd_id128_t id;

	aovpn_attempt_clear(a);
	memset(a, 0, sizeof(*a));
	if (sd_id128_randomize(&id) >= 0)
		sd_id128_to_uuid_string(id, a->id);
	snprintf(a->connection, sizeof(a->connection), "%s", c->name);
	snprintf(a->charon_name, sizeof(a->charon_name), "aovpn-%.57s",
		 c->name);
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

/* --- prepare ---------------------------------------------------------------
 */

/* A file of roots as a descriptor. One that is not there, or has no certificate
 * in it, is what Windows calls a root that is not found: no certificate of the
 * server could lead to it, so the dial ends before it begins. */
static int open_roots(struct connection *c, const char *path,
		      const char *thumbprints, const char *untrusted)
{
	struct aovpn_error error;
	int fd = aovpn_roots_memfd(path, thumbprints, &error);

	if (fd < 0)
		fail_now(c,
			 fd == -ENOENT || fd == -ENODATA ? untrusted
							 : "profile-invalid",
			 error.text);
	return fd;
}

static int register_fds(struct connection *c, int credential_fd)
{
	struct aovpn_policy p = {0};
	int fds[AOVPN_CHANNEL_FDS] = {credential_fd, -1, -1};
	int r;

	snprintf(p.connection, sizeof(p.connection), "%s",
		 c->attempt.charon_name);
	p.generation = ++c->generation;
	snprintf(p.gateway_name, sizeof(p.gateway_name), "%s",
		 c->profile.gateway_name);
	snprintf(p.nps_names, sizeof(p.nps_names), "%s", c->profile.nps_names);
	p.tls_min = c->profile.tls_min;
	p.tls_max = c->profile.tls_max;
	p.key_held = c->key != NULL;
	p.no_pss = c->no_pss;
	/* TLS 1.3 takes no other signature of an RSA key (RFC 8446 4.2.3). */
	if (c->no_pss && p.tls_max > AOVPN_TLS_1_2)
		p.tls_max = AOVPN_TLS_1_2;
	p.fragment_size = c->profile.fragment_size;
	p.nps_revocation_hard =
		c->profile.nps_revocation == AOVPN_REVOCATION_HARD;

	r = fds[1] = open_roots(c, c->profile.gateway_roots,
				c->profile.gateway_root_thumbprints,
				"gateway-cert-untrusted");
	if (r >= 0)
		r = fds[2] = open_roots(c, c->profile.nps_roots,
					c->profile.nps_root_thumbprints,
					"nps-cert-untrusted");
	if (r >= 0) {
		r = plugin_server_register(c->daemon->plugin, &p, fds);
		if (r < 0)
			fail_now(c, "plugin-missing", strerror(-r));
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

static void on_checked(const struct aovpn_chain_facts *facts, void *userdata)
{
	struct connection *c = userdata;

	c->check = NULL;
	if (facts) {
		c->checked = *facts;
		use_checked(c);
	}
	if (c->state == CONNECTION_CLOSING_DIAL && is_settled(c))
		settle(c);
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

static int hand_over(struct connection *c,
		     struct aovpn_candidates_choice *choice)
{
	int fd = aovpn_credential_memfd(choice->credential), r;

	c->no_pss = choice->credential->rsa_without_pss;
	r = fd < 0 ? fd : hold_key(c, choice);
	if (r < 0)
		fail_now(c, "client-key-unusable", strerror(-r));
	else
		r = register_fds(c, fd);
	if (fd >= 0)
		close(fd);
	return r;
}

static int on_clock_asked(sd_event_source *source, uint64_t usec,
			  void *userdata)
{
	(void)source;
	(void)usec;
	finish(userdata);
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

	local_failure(c, choice->cause, choice->text);
	if (dated && choice->miss)
		start_check(c, choice->miss);
	if (!c->check) {
		finish(c);
		return;
	}
	c->state = CONNECTION_CLOSING_DIAL;
	start_timer(c, CLOCK_TIMEOUT_US, on_clock_asked);
}

/* Hand the chosen certificate and key to the plugin. On any failure the dial is
 * finished already. */
static int use_choice(struct connection *c, struct preflight_job *job)
{
	struct aovpn_candidates_choice *choice = &job->choice;

	if (job->result < 0) {
		fail_now(c,
			 job->result == -E2BIG ? "profile-invalid"
					       : "client-cert-missing",
			 job->error.text);
		return job->result;
	}
	keep_facts(c, choice);
	warn_of_doubts(c);
	if (choice->credential) {
		start_check(c, choice->credential);
		return hand_over(c, choice);
	}
	refuse_choice(c, choice);
	return -ENOKEY;
}

static int on_register_timeout(sd_event_source *source, uint64_t usec,
			       void *userdata)
{
	(void)source;
	(void)usec;
	fail_now(userdata, "plugin-missing",
		 "the plugin did not answer the registration");
	return 0;
}

static void register_choice(struct connection *c, struct preflight_job *job)
{
	if (c->stopping)
		fail_now(c, "service-stopped", "aovpnd was stopped");
	else if (c->cancelled)
		fail_now(c, "dial-cancelled", "hang-up was asked for");
	else if (!plugin_server_hello(c->daemon->plugin))
		fail_now(c, "charon-absent", "charon went away");
	else if (use_choice(c, job) == 0) {
		c->state = CONNECTION_REGISTERING;
		start_timer(c, REGISTER_TIMEOUT_US, on_register_timeout);
	}
}

static void on_preflight_done(void *argument)
{
	struct preflight_job *job = argument;

	register_choice(job->owner, job);
	preflight_free(job);
}

/* A token may take seconds, so a worker asks it. */
static void start_preflight(struct connection *c)
{
	struct preflight_job *job;
	int r = -ENOMEM;

	c->state = CONNECTION_PREPARING;
	c->attempt.live[AOVPN_SOURCE_PLUGIN] = true;
	watch_kernel(c, true);
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
		fail_now(c, "unknown", strerror(-r));
	}
}

static int on_hello_timeout(sd_event_source *source, uint64_t usec,
			    void *userdata)
{
	(void)source;
	(void)usec;
	fail_now(userdata, "plugin-missing",
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
		fail_now(c, "charon-absent", error.text);
	} else {
		c->state = CONNECTION_WAITING;
		start_timer(c, HELLO_TIMEOUT_US, on_hello_timeout);
	}
}

static void note_profile(struct connection *c)
{
	snprintf(c->attempt.server, sizeof(c->attempt.server), "%s",
		 c->profile.server);
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
		fail_now(c,
			 r == -ENOENT ? "profile-unknown" : "profile-invalid",
			 error.text);
		return;
	}
	look_at_clock(c);
	find_charon(c);
}

/* --- dial ------------------------------------------------------------------
 */

static struct dial_job *new_job(struct connection *c)
{
	struct dial_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->profile = c->profile;
	memcpy(job->vici, c->daemon->paths.vici, sizeof(job->vici));
	memcpy(job->charon_name, c->attempt.charon_name,
	       sizeof(job->charon_name));
	memcpy(job->identity, c->identity, sizeof(job->identity));
	job->tracer = c->daemon->tracer;
	job->first = c->record == NULL;
	job->owner = c;
	return job;
}

static void start_dial(struct connection *c);

/* A refusal of a resumed TLS session tells nothing of the certificate that it
 * stands for. The plugin has dropped it: a second try shakes hands in full, and
 * connects or brings out the cause. */
static bool is_worth_another_try(const struct connection *c)
{
	return !c->cancelled && !c->stopping &&
	       !c->attempt.resumption_refused &&
	       aovpn_attempt_resumption_refused(&c->attempt);
}

static void try_again(struct connection *c)
{
	log_info("dial of \"%s\": the server refused the TLS session of an "
		 "earlier dial, trying again without",
		 c->name);
	aovpn_attempt_restart(&c->attempt);
	c->attempt.resumption_refused = true;
	start_dial(c);
}

static bool child_is_up(const struct connection *c)
{
	return aovpn_attempt_stage(&c->attempt) == AOVPN_STAGE_UP;
}

/* charon says that the CHILD_SA is up, and the plugin's word for it was lost:
 * the tunnel's details are unknown, that it is there is not. */
static void note_child_up(struct connection *c)
{
	const struct aovpn_observation o = {
		.kind = AOVPN_OBS_CHILD_UP,
		.source = AOVPN_SOURCE_DAEMON,
		.time_ns = aovpn_boottime_ns(),
	};

	observe_own(c, &o);
}

/* Hang-up may have been asked for in the moment between. */
static void finish_connected(struct connection *c)
{
	finish(c);
	if (c->cancelled)
		dial_hangup(c);
}

/* All that can be known is there, or the time for it is over. */
static void settle(struct connection *c)
{
	if (c->connected && !child_is_up(c))
		note_child_up(c);
	if (c->connected)
		finish_connected(c);
	else if (is_worth_another_try(c))
		try_again(c);
	else
		finish(c);
}

static int on_late_facts_over(sd_event_source *source, uint64_t usec,
			      void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	daemon_drain(c->daemon);
	settle(c);
	return 0;
}

/* Where NPS refuses, the client's own certificate may be why. */
static bool lacks_facts(const struct connection *c)
{
	const enum aovpn_stage stage = aovpn_attempt_stage(&c->attempt);

	return c->check && (stage >= AOVPN_STAGE_EAP_TLS ||
			    stage == AOVPN_STAGE_CREDENTIAL);
}

/* The plugin's last word on an IKE_SA is that it is gone: nothing more comes
 * from there, and no packet matters any more where a message has decided. */
static bool is_settled(const struct connection *c)
{
	return !c->connected && !lacks_facts(c) &&
	       (c->gone || c->attempt.ike_sa_id == 0) &&
	       aovpn_attempt_is_decided(&c->attempt);
}

static void note_failure(struct connection *c, const struct dial_job *job)
{
	if (c->stopping)
		local_failure(c, "service-stopped", "aovpnd was stopped");
	else if (c->cancelled)
		local_failure(c, "dial-cancelled", "hang-up was asked for");
	else if (!plugin_server_hello(c->daemon->plugin))
		local_failure(c, "charon-absent",
			      "charon went away during the dial");
	else if (child_is_up(c))
		local_failure(c, "unknown", job->error.text);
	log_info("dial of \"%s\" failed: %s", c->name,
		 job->result == -EHOSTUNREACH ? "not resolved"
					      : job->error.text);
}

static void wait_for_late_facts(struct connection *c)
{
	c->state = CONNECTION_CLOSING_DIAL;
	start_timer(c, LATE_FACTS_US, on_late_facts_over);
}

static void close_dial(struct connection *c, const struct dial_job *job)
{
	note_failure(c, job);
	if (is_settled(c))
		settle(c);
	else
		wait_for_late_facts(c);
}

static void on_undone(void *argument)
{
	struct dial_job *job = argument;

	close_dial(job->owner, job);
	free(job);
}

/* The dial succeeded although it was cancelled meanwhile: take it down. */
static void undo(struct connection *c, struct dial_job *job)
{
	if (worker_start(c->daemon->event, hangup_job_run, on_undone, job) == 0)
		return;
	close_dial(c, job);
	free(job);
}

static void on_dial_done(void *argument)
{
	struct dial_job *job = argument;
	struct connection *c = job->owner;

	stop_timer(c);
	daemon_drain(c->daemon);
	observe_own(c, &job->resolved);
	if (job->result == 0 && c->cancelled) {
		undo(c, job);
		return;
	}
	c->connected = job->result == 0;
	if (!c->connected)
		close_dial(c, job);
	else if (child_is_up(c))
		finish(c);
	else
		/* vici was faster than the plugin's word for it. */
		wait_for_late_facts(c);
	free(job);
}

static void start_dial(struct connection *c)
{
	struct dial_job *job = new_job(c);
	int r = -ENOMEM;

	c->state = CONNECTION_DIALLING;
	c->gone = false;
	if (job)
		r = worker_start(c->daemon->event, dial_job_run, on_dial_done,
				 job);
	if (r < 0) {
		free(job);
		fail_now(c, "unknown", strerror(-r));
	}
}

void dial_registered(struct connection *c,
		     const struct aovpn_registered *registered)
{
	if (c->state != CONNECTION_REGISTERING ||
	    registered->generation != c->generation)
		return;
	stop_timer(c);
	if (registered->error == -EKEYREJECTED)
		/* The preflight has proven that key and certificate belong
		 * together: what the plugin refuses is their strength. */
		fail_now(c, "client-cert-weak", registered->text);
	else if (registered->error != 0)
		fail_now(c, "plugin-missing", registered->text);
	else
		start_dial(c);
}

/* Announce how far the dial is, each step once. */
static void announce(struct connection *c)
{
	static const struct {
		enum aovpn_stage reached;
		enum aovpn_event_id event_id;
	} steps[] = {
		{AOVPN_STAGE_REACH, AOVPN_EVENT_CONNECTING},
		{AOVPN_STAGE_GATEWAY_AUTH, AOVPN_EVENT_DEVICE_LINK},
		{AOVPN_STAGE_CONFIGURE, AOVPN_EVENT_LINK},
	};
	enum aovpn_stage stage = aovpn_attempt_stage(&c->attempt);
	size_t i;

	if (stage <= c->stage)
		return;
	c->stage = stage;
	bus_broadcast_progress(
		c->daemon->bus, c->attempt.id, aovpn_stage_name(stage),
		(aovpn_boottime_ns() - c->attempt.started_ns) / 1000000);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (stage < steps[i].reached ||
		    c->announced >= steps[i].event_id)
			continue;
		c->announced = steps[i].event_id;
		events_progress(c->daemon, &c->attempt, c->announced, stage);
	}
}

void dial_sign_failed(struct connection *c, const char *why)
{
	log_error("connection \"%s\": no signature: %s", c->name, why);
	if (c->state == CONNECTION_DIALLING)
		local_failure(c, "client-key-unusable", why);
}

static bool is_destroying(const struct aovpn_observation *o)
{
	return o->kind == AOVPN_OBS_IKE_STATE &&
	       o->u.ike_state.state == AOVPN_IKE_DESTROYING;
}

/* The IKE_SA ends, or of its CHILD_SA the keys, which could not be renewed. */
static bool ends_tunnel(const struct connection *c,
			const struct aovpn_observation *o)
{
	return is_destroying(o) || (o->kind == AOVPN_OBS_CHILD_DOWN &&
				    aovpn_attempt_not_renewed(&c->attempt));
}

/* charon sends a message for the second time. */
static bool is_unanswered(const struct aovpn_observation *o)
{
	return o->kind == AOVPN_OBS_RETRANSMIT && !o->u.retransmit.given_up;
}

static void look_at_egress(struct connection *c)
{
	c->attempt.sees_egress =
		c->daemon->tracer && tracer_sees_egress(c->daemon->tracer);
}

static void count_losses(struct connection *c)
{
	const struct daemon_losses now = daemon_losses(c->daemon);
	uint32_t i;

	for (i = 0; i < AOVPN_SOURCE_COUNT; i++)
		c->attempt.lost[i] = now.lost[i] - c->lost_before.lost[i];
	c->attempt.suppressed = now.suppressed - c->lost_before.suppressed;
}

/* Until charon gives up minutes may pass: say once what it looks like. */
static void hint(struct connection *c)
{
	struct aovpn_outcome outcome;

	if (c->hint)
		return;
	look_at_egress(c);
	if (!aovpn_diagnose_running(&c->attempt, &outcome))
		return;
	count_losses(c);
	c->hint = events_emit(c->daemon, &c->attempt, &outcome);
}

void dial_observe(struct connection *c, const struct aovpn_observation *o)
{
	aovpn_attempt_add(&c->attempt, o);
	c->gone |= is_destroying(o);
	if (c->state == CONNECTION_DIALLING && is_unanswered(o))
		hint(c);
	if (c->state == CONNECTION_DIALLING)
		announce(c);
	else if (c->state == CONNECTION_CLOSING_DIAL && is_settled(c))
		settle(c);
	else if (c->state == CONNECTION_CLOSING_DIAL && c->connected &&
		 child_is_up(c))
		finish_connected(c);
	else if (c->state == CONNECTION_UP && ends_tunnel(c, o))
		end_tunnel(c, false);
}

/* --- close and record ------------------------------------------------------
 */

static void emit(struct connection *c, const struct aovpn_outcome *outcome)
{
	count_losses(c);
	json_decref(c->record);
	c->record = events_emit(c->daemon, &c->attempt, outcome);
	log_info("%s", json_string_value(json_object_get(c->record, "message"))
			       ?: "");
}

/* What this success has proven, for the dials after it. */
static void keep_history(struct connection *c,
			 const struct aovpn_outcome *outcome)
{
	struct aovpn_error error;

	if (outcome->event_id != AOVPN_EVENT_CONNECTED)
		return;
	if (history_store_note(c->daemon->history, &c->attempt,
			       outcome->resumed, time(NULL), &error) < 0)
		log_warning("%s", error.text);
	if (clock_facts_remember(c->daemon->paths.state,
				 c->daemon->paths.clock) < 0)
		log_warning("cannot write %s", c->daemon->paths.clock);
}

/* --- a tunnel that is up ---------------------------------------------------
 */

/* What is wrong with a tunnel shows soon or not at all: after that many looks
 * nobody looks any more. */
#define LOOKS_MAX     6
#define LOOK_FIRST_US 1000000ull

static void plan_look(struct connection *c);

static void warn(struct connection *c)
{
	struct aovpn_outcome outcome;

	if (!aovpn_diagnose_up(&c->attempt, &outcome) ||
	    outcome.count <= c->warned)
		return;
	c->warned = outcome.count;
	count_losses(c);
	json_decref(events_emit(c->daemon, &c->attempt, &outcome));
}

static void on_looked(void *argument)
{
	struct tunnel_look *look = argument;
	struct connection *c = look->owner;

	if (c) {
		c->look = NULL;
		if (look->good)
			observe_own(c, &look->seen);
		warn(c);
		plan_look(c);
	}
	free(look);
}

static struct tunnel_look *new_look(struct connection *c)
{
	struct tunnel_look *look = calloc(1, sizeof(*look));

	if (!look)
		return NULL;
	look->owner = c;
	memcpy(look->vici, c->daemon->paths.vici, sizeof(look->vici));
	memcpy(look->charon_name, c->attempt.charon_name,
	       sizeof(look->charon_name));
	memcpy(look->networks, c->up.u.child_up.networks,
	       sizeof(look->networks));
	memcpy(look->addresses, c->up.u.child_up.addresses,
	       sizeof(look->addresses));
	memcpy(look->dns, c->up.u.child_up.dns, sizeof(look->dns));
	return look;
}

static int on_look(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	if (c->state != CONNECTION_UP || c->look)
		return 0;
	c->look = new_look(c);
	if (c->look && worker_start(c->daemon->event, tunnel_look_run,
				    on_looked, c->look) < 0) {
		free(c->look);
		c->look = NULL;
	}
	return 0;
}

/* After 1, 2, 4... seconds. */
static void plan_look(struct connection *c)
{
	if (c->looks < LOOKS_MAX)
		start_timer(c, LOOK_FIRST_US << c->looks++, on_look);
}

static void begin_looks(struct connection *c)
{
	c->looks = 0;
	c->warned = 0;
	plan_look(c);
}

/* A worker may be on its way: it comes to its own end. */
static void end_looks(struct connection *c)
{
	stop_timer(c);
	if (c->look)
		c->look->owner = NULL;
	c->look = NULL;
}

/* --- the end of a dial -----------------------------------------------------
 */

static void finish(struct connection *c)
{
	const struct aovpn_hello *hello =
		plugin_server_hello(c->daemon->plugin);
	struct aovpn_outcome outcome;

	stop_timer(c);
	note_xfrm(c);
	look_at_egress(c);
	json_decref(c->hint);
	c->hint = NULL;
	aovpn_diagnose(&c->attempt, &outcome);
	if (outcome.event_id == AOVPN_EVENT_CONNECTED) {
		kernel_watch_tunnel_up(c->daemon->watch);
		c->state = CONNECTION_UP;
		c->up = *outcome.child_up;
		c->address_was_here = host_has_address(&c->up.flow);
		if (hello)
			memcpy(c->charon, hello->charon, sizeof(c->charon));
	} else {
		c->state = CONNECTION_IDLE;
		plugin_server_unregister(c->daemon->plugin,
					 c->attempt.charon_name);
		c->key = held_key_unref(c->key);
	}
	OPENSSL_cleanse(&c->password, sizeof(c->password));
	watch_kernel(c, false);
	emit(c, &outcome);
	events_keep(c->daemon, &c->attempt, &outcome);
	keep_history(c, &outcome);
	/* What comes now is about the life of the tunnel, not the dial. */
	c->asleep_ns = clock_asleep_ns();
	aovpn_attempt_clear(&c->attempt);
	if (c->state == CONNECTION_UP)
		begin_looks(c);
}

/* --- end -------------------------------------------------------------------
 */

static void on_hangup_done(void *argument)
{
	struct dial_job *job = argument;
	struct connection *c = job->owner;

	if (job->result < 0)
		log_warning("hanging up \"%s\": %s", c->name, job->error.text);
	free(job);
	daemon_drain(c->daemon);
	end_tunnel(c, true);
}

static void on_job_done(void *job)
{
	free(job);
}

/* Run a job whose result nobody waits for. */
static void run_aside(struct connection *c, worker_run_t run)
{
	struct dial_job *job = new_job(c);

	if (!job || worker_start(c->daemon->event, run, on_job_done, job) < 0)
		free(job);
}

static void end_tunnel(struct connection *c, bool by_user)
{
	struct aovpn_outcome outcome;

	if (by_user && c->stopping)
		local_failure(c, "service-stopped", "aovpnd was stopped");
	end_looks(c);
	note_xfrm(c);
	note_sleep(c);
	note_address(c);
	aovpn_diagnose_end(&c->attempt, by_user, &outcome);
	kernel_watch_tunnel_down(c->daemon->watch);
	c->state = CONNECTION_IDLE;
	plugin_server_unregister(c->daemon->plugin, c->attempt.charon_name);
	c->key = held_key_unref(c->key);
	emit(c, &outcome);
	aovpn_attempt_clear(&c->attempt);
	if (!by_user)
		run_aside(c, hangup_job_run);
}

static int on_cancel_again(sd_event_source *source, uint64_t usec,
			   void *userdata);

static void cancel(struct connection *c)
{
	c->cancelled = true;
	run_aside(c, cancel_job_run);
	start_timer(c, CANCEL_AGAIN_US, on_cancel_again);
}

static int on_cancel_again(sd_event_source *source, uint64_t usec,
			   void *userdata)
{
	struct connection *c = userdata;

	(void)source;
	(void)usec;
	if (c->state == CONNECTION_DIALLING)
		cancel(c);
	return 0;
}

void dial_hangup(struct connection *c)
{
	struct dial_job *job;

	switch (c->state) {
	case CONNECTION_IDLE:
	case CONNECTION_HANGING_UP:
		return;
	case CONNECTION_CLOSING_DIAL:
		c->cancelled = c->connected;
		return;
	case CONNECTION_WAITING:
	case CONNECTION_REGISTERING:
		fail_now(c, "dial-cancelled", "hang-up was asked for");
		return;
	case CONNECTION_PREPARING:
		c->cancelled = true;
		return;
	case CONNECTION_DIALLING:
		if (!c->cancelled)
			cancel(c);
		return;
	case CONNECTION_UP:
		break;
	}
	job = new_job(c);
	if (!job || worker_start(c->daemon->event, hangup_job_run,
				 on_hangup_done, job) < 0) {
		log_error("cannot hang up \"%s\": no thread", c->name);
		free(job);
		return;
	}
	c->state = CONNECTION_HANGING_UP;
}

void dial_plugin_gone(struct connection *c)
{
	if (c->state == CONNECTION_REGISTERING)
		fail_now(c, "charon-absent", "charon went away");
}

void dial_plugin_ready(struct connection *c)
{
	const struct aovpn_hello *hello =
		plugin_server_hello(c->daemon->plugin);

	if (c->state == CONNECTION_WAITING) {
		stop_timer(c);
		start_preflight(c);
	}
	if (c->state != CONNECTION_UP)
		return;
	c->attempt.live[AOVPN_SOURCE_PLUGIN] = true;
	if (memcmp(c->charon, hello->charon, sizeof(c->charon)) == 0)
		return;
	local_failure(c, "charon-absent",
		      "charon was restarted and the tunnel went with it");
	end_tunnel(c, false);
}

void dial_clear(struct connection *c)
{
	end_looks(c);
	c->check = chain_check_forget(c->check);
	held_key_unref(c->key);
	OPENSSL_cleanse(&c->password, sizeof(c->password));
	aovpn_attempt_clear(&c->attempt);
	json_decref(c->record);
	json_decref(c->hint);
}

const char *connection_state_name(enum connection_state state)
{
	switch (state) {
	case CONNECTION_IDLE:
		break;
	case CONNECTION_WAITING:
	case CONNECTION_PREPARING:
	case CONNECTION_REGISTERING:
	case CONNECTION_DIALLING:
	case CONNECTION_CLOSING_DIAL:
		return "connecting";
	case CONNECTION_UP:
		return "connected";
	case CONNECTION_HANGING_UP:
		return "disconnecting";
	}
	return "disconnected";
}
