/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_world.h - the world around aovpnd's state machines, for fuzz_daemon.c:
 * charon's answers to vici, the resolver, aovpn-network, changes of network,
 * files and sleep, by the bytes of the input; log, journal and bus, which take
 * what comes; and the recorder, which checks it.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <arpa/inet.h>
#include <netdb.h>

#include "client/aovpnd/attempts.h"
#include "client/aovpnd/bus.h"
#include "client/aovpnd/charon_source.h"
#include "client/aovpnd/dial_job.h"
#include "client/aovpnd/file_watch.h"
#include "client/aovpnd/host_facts.h"
#include "client/aovpnd/kernel_sources.h"
#include "client/aovpnd/log.h"
#include "client/aovpnd/metrics_writer.h"
#include "client/aovpnd/network_client.h"
#include "client/aovpnd/network_watch.h"
#include "client/aovpnd/vici.h"
#include "client/aovpnd/vici_certs.h"
#include "client/aovpnd/vici_conn.h"
#include "client/aovpnd/vici_sas.h"
#include "client/aovpnd/vici_traffic.h"
#include "client/aovpnd/wake_watch.h"
#include "fuzz.h"

/* --- the input --------------------------------------------------------------
 */

static struct {
	const uint8_t *at, *end;
} input;

/* The next byte; behind the end 0. */
static uint8_t take(void)
{
	return input.at < input.end ? *input.at++ : 0;
}

/* The next size bytes, as far as there are any. */
static void take_bytes(void *out, size_t size)
{
	size_t left = (size_t)(input.end - input.at);

	if (size > left)
		size = left;
	if (size)
		memcpy(out, input.at, size);
	input.at += size;
}

/* What may be an IKE_SA's initiator SPI; 0 is none. */
static uint64_t choose_spi(unsigned int number)
{
	return number % 4 * 0x1122334455667788ull;
}

static const char *choose_charon_name(unsigned int number)
{
	static const char *const names[] = {"", "aovpn-corp", "aovpn-lab",
					    "other"};

	return names[number % 4];
}

/* --- charon -----------------------------------------------------------------
 */

struct charon_source {
	int number;
};

static struct charon_source the_charon;

const char *charon_source_uri(const struct charon_source *source)
{
	(void)source;
	return "unix:///nowhere";
}

bool charon_source_live(const struct charon_source *source)
{
	return source != NULL;
}

pid_t charon_source_pid(const struct charon_source *source)
{
	return source ? 1 : 0;
}

uint64_t charon_source_lost(const struct charon_source *source)
{
	(void)source;
	return 0;
}

json_t *charon_source_status(const struct charon_source *source)
{
	(void)source;
	return NULL;
}

int vici_probe(const char *uri, struct aovpn_error *error)
{
	(void)uri;
	return take() & 1 ? 0
			  : aovpn_error_set(error, -ECONNREFUSED,
					    "charon is not there");
}

int vici_terminate_id(const char *uri, uint32_t id, struct aovpn_error *error)
{
	(void)uri;
	(void)id;
	(void)error;
	return 0;
}

int vici_sas_list(const char *uri, const char *name, struct vici_sas *ret)
{
	uint8_t what = take();

	(void)uri;
	(void)name;
	ret->count = what & 3;
	for (size_t i = 0; i < ret->count; i++) {
		struct vici_sa *sa = &ret->sa[i];

		memset(sa, 0, sizeof(*sa));
		what = take();
		strcpy(sa->name, choose_charon_name(1 + (what & 1)));
		sa->spi_i = choose_spi(what >> 1);
		sa->id = what;
		sa->established = what & 8;
		sa->child_installed = what & 16;
	}
	return what & 4 ? -ECONNRESET : 0;
}

const struct vici_sa *vici_sas_find(const struct vici_sas *sas,
				    const char *name)
{
	size_t i;

	for (i = 0; i < sas->count; i++)
		if (sas->sa[i].established &&
		    strcmp(sas->sa[i].name, name) == 0)
			return &sas->sa[i];
	return NULL;
}

int vici_traffic(const char *uri, const char *charon_name, uint64_t *ret_out,
		 uint64_t *ret_in)
{
	uint8_t what = take();

	(void)uri;
	(void)charon_name;
	*ret_out = what & 6;
	*ret_in = what >> 3;
	return what & 1 ? 0 : -ENOENT;
}

int vici_conn_find(const char *uri, const char *name, struct vici_conn *ret)
{
	(void)uri;
	(void)name;
	memset(ret, 0, sizeof(*ret));
	strcpy(ret->server, "198.51.100.10");
	return take() & 1 ? 0 : -ENOENT;
}

int vici_certs_find(const char *uri, const char *subject,
		    struct aovpn_credential **ret, struct aovpn_error *error)
{
	(void)uri;
	(void)subject;
	(void)ret;
	return aovpn_error_set(error, -ENOENT, "none");
}

X509 *vici_certs_find_any(const char *uri, const char *subject)
{
	(void)uri;
	(void)subject;
	return NULL;
}

/* --- what workers do for a dial ---------------------------------------------
 */

static int choose_result(struct aovpn_error *error)
{
	switch (take() & 3) {
	case 0:
		return aovpn_error_set(error, -ECONNREFUSED, "charon: no");
	case 1:
		return aovpn_error_set(error, -ETIMEDOUT, "not established");
	default:
		return 0;
	}
}

static void add_address(struct aovpn_resolved *resolved, int family,
			const char *text)
{
	inet_pton(family, text, resolved->address[resolved->count].address);
	resolved->address[resolved->count++].family = (uint32_t)family;
}

void resolve_job_run(void *argument)
{
	struct dial_job *job = argument;
	uint8_t what = take();

	memset(&job->resolved, 0, sizeof(job->resolved));
	if (what & 1)
		add_address(&job->resolved, AF_INET, "198.51.100.10");
	if (what & 2)
		add_address(&job->resolved, AF_INET, "198.51.100.11");
	if (what & 4)
		add_address(&job->resolved, AF_INET6, "2001:db8::10");
	if (job->resolved.count == 0)
		job->resolved.gai_error = what & 8 ? EAI_AGAIN : EAI_NONAME;
	job->result = what & 16 ? -EIO : 0;
}

void dial_job_run(void *argument)
{
	struct dial_job *job = argument;

	job->result = choose_result(&job->error);
}

void hangup_job_run(void *argument)
{
	dial_job_run(argument);
}

void clean_up_job_run(void *argument)
{
	(void)argument;
}

void cancel_job_run(void *argument)
{
	dial_job_run(argument);
}

/* --- this machine -----------------------------------------------------------
 */

void network_place_find(const char *runtime_directory,
			struct network_place *ret)
{
	(void)runtime_directory;
	memset(ret, 0, sizeof(*ret));
}

/* What is asked for keeps the rules by which aovpn-network would refuse it. */
int network_ask(const struct network_place *place,
		const struct network_request *request,
		struct network_reply *ret, struct aovpn_error *error)
{
	uint8_t what = take();

	(void)place;
	PROMISE(network_request_check(request, NULL) == 0);
	memset(ret, 0, sizeof(*ret));
	if (what & 1)
		return aovpn_error_set(error, -EIO, "the network is not set");
	ret->can_link = what >> 1 & 1;
	ret->own_link = ret->can_link;
	ret->dns_code = what & 4 ? -ENOENT : 0;
	if (what & 4)
		strcpy(ret->dns_text, "no resolver");
	ret->resolver = what >> 3 & 1;
	return 0;
}

bool host_has_address(const struct aovpn_flow *flow)
{
	(void)flow;
	return take() & 1;
}

void kernel_sources_follow(struct daemon *daemon,
			   const struct aovpn_hello *hello)
{
	(void)daemon;
	(void)hello;
}

static struct {
	network_changed_t changed;
	woken_t woken;
	void *userdata;
	bool offline;
} machine;

int network_watch_new(sd_event *event, network_changed_t changed,
		      void *userdata, struct network_watch **ret)
{
	(void)event;
	machine.changed = changed;
	machine.userdata = userdata;
	*ret = NULL;
	return 0;
}

struct network_watch *network_watch_free(struct network_watch *watch)
{
	machine.changed = NULL;
	return watch;
}

bool network_watch_online(const struct network_watch *watch)
{
	(void)watch;
	return !machine.offline;
}

int wake_watch_new(sd_event *event, struct system_bus *bus, woken_t woken,
		   void *userdata, struct wake_watch **ret)
{
	(void)event;
	(void)bus;
	machine.woken = woken;
	machine.userdata = userdata;
	*ret = NULL;
	return 0;
}

struct wake_watch *wake_watch_free(struct wake_watch *watch)
{
	machine.woken = NULL;
	return watch;
}

struct file_watch {
	struct file_watch *next;
	files_changed_t changed;
	void *userdata;
};

static struct file_watch *file_watches;

int file_watch_new(sd_event *event, files_changed_t changed, void *userdata,
		   struct file_watch **ret)
{
	struct file_watch *watch = malloc(sizeof(*watch));

	(void)event;
	PROMISE(watch);
	*watch = (struct file_watch){file_watches, changed, userdata};
	file_watches = *ret = watch;
	return 0;
}

struct file_watch *file_watch_free(struct file_watch *watch)
{
	struct file_watch **link = &file_watches;

	if (!watch)
		return NULL;
	while (*link != watch)
		link = &(*link)->next;
	*link = watch->next;
	free(watch);
	return NULL;
}

int file_watch_directory(struct file_watch *watch, const char *path)
{
	(void)watch;
	(void)path;
	return 0;
}

int file_watch_beside(struct file_watch *watch, const char *path)
{
	return file_watch_directory(watch, path);
}

void file_watch_clear(struct file_watch *watch)
{
	(void)watch;
}

/* --- where records go -------------------------------------------------------
 */

void log_info(const char *format, ...)
{
	(void)format;
}

void log_warning(const char *format, ...)
{
	(void)format;
}

void log_error(const char *format, ...)
{
	(void)format;
}

void bus_broadcast_event(struct bus *bus, const json_t *record)
{
	(void)bus;
	PROMISE(record);
}

void bus_broadcast_progress(struct bus *bus, const char *attempt_id,
			    const char *stage, uint64_t milliseconds)
{
	(void)bus;
	(void)milliseconds;
	PROMISE(aovpn_attempt_id_valid(attempt_id) && stage);
}

void metrics_writer_take(struct metrics_writer *writer, const json_t *record)
{
	(void)writer;
	(void)record;
}

/* What was told of each attempt. */
#define TOLD_MAX 256

static struct told {
	char id[AOVPN_ID_MAX];
	unsigned int dialling, connected, failed, terminated;
} told[TOLD_MAX];
static size_t told_count;

static struct told *told_of(const char *id)
{
	size_t i;

	for (i = 0; i < told_count; i++)
		if (strcmp(told[i].id, id) == 0)
			return &told[i];
	PROMISE(told_count < TOLD_MAX);
	memset(&told[i], 0, sizeof(told[i]));
	memcpy(told[i].id, id, AOVPN_ID_MAX);
	return &told[told_count++];
}

/* A dial has one outcome, and a tunnel one end. */
static void tell(struct told *t, json_int_t event_id)
{
	t->dialling += event_id == AOVPN_EVENT_DIALLING;
	t->connected += event_id == AOVPN_EVENT_CONNECTED;
	t->failed += event_id == AOVPN_EVENT_FAILED;
	t->terminated += event_id == AOVPN_EVENT_TERMINATED;
	PROMISE(t->connected + t->failed <= 1);
	PROMISE(t->terminated <= t->connected);
	PROMISE(t->dialling <= 1);
}

static bool is_clean_json(const json_t *value)
{
	const char *text = json_string_value(value), *key;
	const json_t *part;
	size_t i;

	if (text)
		return fuzz_is_clean(text, strlen(text) + 1);
	json_array_foreach(value, i,
			   part) if (!is_clean_json(part)) return false;
	json_object_foreach((json_t *)value, key,
			    part) if (!is_clean_json(part)) return false;
	return true;
}

/* Of what others dial, a daemon that ends sees no outcome. */
static bool is_watched(const json_t *record)
{
	const char *name =
		json_string_value(json_object_get(record, "connection"));

	return strcmp(name, "other") == 0 || strcmp(name, "third") == 0;
}

unsigned int recorder_take(struct recorder *recorder, const json_t *record)
{
	const char *id =
		json_string_value(json_object_get(record, "attempt_id"));
	struct told *t;

	(void)recorder;
	PROMISE(id && aovpn_attempt_id_valid(id));
	PROMISE(is_clean_json(record));
	t = told_of(id);
	tell(t, json_integer_value(json_object_get(record, "event_id")));
	if (is_watched(record))
		t->dialling = 0;
	return 0;
}

uint64_t recorder_unwritten(const struct recorder *recorder)
{
	(void)recorder;
	return 0;
}

json_t *recorder_status(const struct recorder *recorder)
{
	(void)recorder;
	return NULL;
}

/* What is kept of an attempt gives the same outcome when it is read again: so a
 * failure can be looked at elsewhere. */
int attempts_save(const char *directory, const struct aovpn_attempt *attempt,
		  const struct recorded_outcome *outcome,
		  struct aovpn_error *error)
{
	struct recorded_outcome recorded;
	json_t *object = attempt_json(attempt, outcome);
	char *text = json_dumps(object, JSON_COMPACT);
	struct aovpn_outcome again;
	struct aovpn_attempt copy;

	(void)directory;
	PROMISE(object && text);
	PROMISE(attempt_json_read(text, strlen(text), &copy, &recorded,
				  error) == 0);
	aovpn_diagnose(&copy, &again);
	PROMISE(recorded_outcome_is(&recorded, &again));
	PROMISE(recorded.event_id == outcome->event_id);
	aovpn_attempt_clear(&copy);
	json_decref(object);
	free(text);
	return 0;
}

#endif
