/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status_answer.c - see status.h: the status on the bus. */
#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connections.h"
#include "record.h"
#include "status_view.h"
#include "worker.h"

#define CHARON_WAIT_US 1000000ull

struct question {
	struct daemon *daemon;
	sd_bus_message *call; /* NULL: answered */
	bool is_root;         /* and sees all */
	char user[64];
	sd_event_source *timer;
	char vici[PATH_MAX];
	char name[AOVPN_NAME_MAX]; /* of the only tunnel; "": several */
	struct vici_sas sas;
	int result;
};

/* A worker is asking; what charon does not answer must not pile up. */
static bool asking;

static int answer(const struct daemon *daemon, sd_bus_message *call,
		  const char *user, const struct vici_sas *sas)
{
	json_t *status = status_new(daemon, sas);
	int r = -ENOMEM;
	char *line;

	if (status && user)
		status_view(status, daemon->paths.profiles, user);
	line = status ? record_line(status) : NULL;
	if (line)
		r = sd_bus_reply_method_return(call, "s", line);
	free(line);
	json_decref(status);
	return r;
}

static void answer_question(struct question *question,
			    const struct vici_sas *sas)
{
	if (!question->call)
		return;
	answer(question->daemon, question->call,
	       question->is_root ? NULL : question->user, sas);
	question->call = sd_bus_message_unref(question->call);
}

static void run(void *argument)
{
	struct question *question = argument;

	question->result = vici_sas_list(
		question->vici, question->name[0] ? question->name : NULL,
		&question->sas);
}

static void on_asked(void *argument)
{
	struct question *question = argument;

	asking = false;
	answer_question(question,
			question->result == 0 ? &question->sas : NULL);
	sd_event_source_disable_unref(question->timer);
	free(question);
}

static int on_silent(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	answer_question(userdata, NULL);
	return 0;
}

static int ask(struct question *question, struct daemon *daemon,
	       sd_bus_message *call)
{
	int r;

	question->daemon = daemon;
	memcpy(question->vici, daemon->paths.vici, sizeof(question->vici));
	r = sd_event_add_time_relative(daemon->event, &question->timer,
				       CLOCK_MONOTONIC, CHARON_WAIT_US, 0,
				       on_silent, question);
	if (r >= 0)
		r = worker_start(daemon->event, run, on_asked, question);
	if (r < 0) {
		sd_event_source_disable_unref(question->timer);
		return r;
	}
	question->call = sd_bus_message_ref(call);
	asking = true;
	return 0;
}

int status_answer(struct daemon *daemon, sd_bus_message *call, const char *user)
{
	struct question *question = NULL;
	char name[AOVPN_NAME_MAX];
	unsigned int up = connections_up(daemon->connections, name);

	if (!asking && up > 0)
		question = calloc(1, sizeof(*question));
	if (!question)
		return answer(daemon, call, user, NULL);
	question->is_root = !user;
	snprintf(question->user, sizeof(question->user), "%s",
		 user ? user : "");
	if (up == 1)
		memcpy(question->name, name, sizeof(name));
	if (ask(question, daemon, call) == 0)
		return 1;
	free(question);
	return answer(daemon, call, user, NULL);
}
