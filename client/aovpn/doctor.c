/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.c - aovpn doctor: the table of checks, and how they run: beside each
 * other, under one limit of time.
 */
#include "doctor.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

/* A check that comes too late is not waited for any longer than this. */
#define GRACE_MS 500

struct check {
	const char *name;
	const char *group;
	void (*run)(struct doctor_part *part);
	enum {
		ALWAYS,
		WITHOUT_NAME,
		WITH_NAME,
		WITH_PROFILE, /* and it can be used */
	} when;
};

/* In the order of output. */
static const struct check checks[] = {
	{"programs", "machine", doctor_programs, ALWAYS},
	{"units", "machine", doctor_units, ALWAYS},
	{"aovpnd", "machine", doctor_daemon, ALWAYS},
	{"charon", "machine", doctor_charon, ALWAYS},
	{"kernel", "machine", doctor_kernel, ALWAYS},
	{"clock", "machine", doctor_clock, ALWAYS},
	{"profiles", "profiles", doctor_profiles, WITHOUT_NAME},
	{"profile", "profile", doctor_profile, WITH_NAME},
	{"roots", "profile", doctor_roots, WITH_PROFILE},
	{"credential", "certificate", doctor_credential, WITH_PROFILE},
	{"chain", "certificate", doctor_chain, WITH_PROFILE},
	{"servers", "server", doctor_servers, WITH_PROFILE},
};

#define CHECKS (sizeof(checks) / sizeof(checks[0]))

/* One that runs. A thread that is late goes on with it: so it is never freed
 * then. */
struct running {
	const struct check *check;
	struct doctor_part part;
	pthread_t thread;
	bool started;
};

static const char schema[] =
#include "doctor.schema.inc.c"
	;

int doctor_usage(FILE *out, int status)
{
	fputs("usage: aovpn doctor [NAME] [--json] [-v]\n"
	      "       aovpn doctor --schema\n\n"
	      "Looks at everything that a connection needs, without dialling: "
	      "this machine and\n"
	      "each profile, or with NAME all of that connection: its names in "
	      "DNS, the way to\n"
	      "each server, UDP 500 and 4500 by requests of IKE, what the "
	      "gateway is and which\n"
	      "proposals it takes, the size of packets that pass, the clock, "
	      "the certificate and\n"
	      "its key, chain and revocation. Nothing is changed, here or "
	      "there: the gateway sees\n"
	      "some IKE_SA_INIT requests that nobody goes on with. It takes "
	      "less than 10 s.\n\n"
	      "  --json     one JSON object; --schema prints what it looks "
	      "like\n"
	      "  -v         what programs are told, too\n"
	      "  --offline  fetch no CRL and ask no OCSP responder\n\n"
	      "Each line is ok, warning, fault or skipped (and why), with what "
	      "to do. Without\n"
	      "root some are skipped.\n\n"
	      "exit status: 0 nothing worse than a warning, 1 a fault, 2 "
	      "usage\n\n"
	      "example: sudo aovpn doctor corp\n",
	      out);
	return status;
}

static bool is_wanted(const struct check *check, const struct doctor *doctor)
{
	const bool named = doctor->connection[0] != '\0';

	switch (check->when) {
	case ALWAYS:
		return true;
	case WITHOUT_NAME:
		return !named;
	case WITH_NAME:
		return named;
	case WITH_PROFILE:
		break;
	}
	return named && doctor->broken == 0;
}

static void *run_check(void *userdata)
{
	struct running *running = userdata;

	running->check->run(&running->part);
	return NULL;
}

static struct running *start_check(const struct check *check,
				   const struct doctor *doctor)
{
	struct running *running = calloc(1, sizeof(*running));

	if (!running)
		return NULL;
	running->check = check;
	running->part = (struct doctor_part){
		.doctor = doctor,
		.group = check->group,
		.lines = json_array(),
	};
	running->started =
		pthread_create(&running->thread, NULL, run_check, running) == 0;
	return running;
}

/* Until the end of all checks. Did it end? */
static bool wait_for(const struct running *running, const struct doctor *doctor)
{
	const uint64_t left_ms =
		doctor_time_left(doctor, DOCTOR_TOTAL_MS) + GRACE_MS;
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(left_ms / 1000);
	until.tv_nsec += (long)(left_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return pthread_clockjoin_np(running->thread, NULL, CLOCK_MONOTONIC,
				    &until) == 0;
}

/* The lines of a check that did not end, or not even begin. */
static json_t *failed_lines(const struct check *check,
			    const struct doctor *doctor, const char *why)
{
	struct doctor_part part = {
		.doctor = doctor,
		.group = check->group,
		.lines = json_array(),
	};

	doctor_tell(&part, DOCTOR_WARNING, check->name, "%s", why);
	return part.lines;
}

/* What running has told, or why it did not; ends it. Sets *late. */
static json_t *take_lines(struct running *running, const struct check *check,
			  const struct doctor *doctor, bool *late)
{
	json_t *lines;

	if (!running || !running->started) {
		if (running)
			json_decref(running->part.lines);
		free(running);
		return failed_lines(check, doctor, "no thread for it");
	}
	if (!wait_for(running, doctor)) {
		*late = true;
		return failed_lines(check, doctor,
				    "did not end in time and was left alone");
	}
	lines = running->part.lines;
	free(running);
	return lines;
}

/* Run all and show what they tell as it comes. Returns all lines. */
static json_t *run_all(const struct doctor *doctor, bool *late)
{
	struct running *running[CHECKS] = {NULL};
	json_t *all = json_array(), *lines;
	const char *group = NULL;
	size_t i;

	for (i = 0; i < CHECKS; i++)
		if (is_wanted(&checks[i], doctor))
			running[i] = start_check(&checks[i], doctor);
	for (i = 0; i < CHECKS; i++) {
		if (!is_wanted(&checks[i], doctor))
			continue;
		lines = take_lines(running[i], &checks[i], doctor, late);
		if (!doctor->cli->json)
			doctor_text_lines(doctor->cli, lines, &group);
		json_array_extend(all, lines);
		json_decref(lines);
	}
	return all;
}

static json_t *make_report(const struct doctor *doctor, json_t *lines)
{
	const uint64_t taken = aovpn_boottime_ns() - doctor->started_ns;

	return json_pack("{s:i, s:o, s:s, s:o, s:s, s:b, s:I, s:o}", "schema",
			 DOCTOR_SCHEMA, "time", record_date(time(NULL)),
			 "version", AOVPN_VERSION, "connection",
			 doctor->connection[0] != '\0'
				 ? json_string(doctor->connection)
				 : json_null(),
			 "verdict", doctor_state_name(doctor_worst(lines)),
			 "root", doctor->root, "duration_ms",
			 (json_int_t)(taken / 1000000), "checks", lines);
}

static int examine(const struct doctor *doctor, bool *late)
{
	json_t *lines = run_all(doctor, late);
	const bool fault = doctor_worst(lines) == DOCTOR_FAULT;
	json_t *report = make_report(doctor, lines);

	if (doctor->cli->json)
		cli_print_json(report);
	else
		doctor_text_end(doctor->cli, report);
	json_decref(report);
	return fault ? EXIT_NOT_CONNECTED : EXIT_OK;
}

/* One that is broken is a finding; one that is not there, a typing error. */
static int load_profile(struct doctor *doctor, const char *name)
{
	const struct cli *cli = doctor->cli;
	int r = aovpn_profile_name_check(name, &doctor->error);

	if (r == 0)
		r = aovpn_profile_load(cli->paths.profiles, name,
				       &doctor->profile, &doctor->error);
	if (r == -ENOENT || aovpn_profile_name_check(name, NULL) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", doctor->error.text);
	snprintf(doctor->connection, sizeof(doctor->connection), "%s", name);
	doctor->broken = r;
	return 0;
}

int cmd_doctor(const struct cli *cli, int argc, char **argv)
{
	static struct doctor doctor; /* outlives threads that are late */
	bool late = false;
	int status = 0;

	if (cli->schema) {
		fputs(schema, stdout);
		return EXIT_OK;
	}
	doctor.cli = cli;
	doctor.root = geteuid() == 0;
	doctor.started_ns = aovpn_boottime_ns();
	doctor.ends_ns = doctor.started_ns + DOCTOR_TOTAL_MS * 1000000ull;
	if (argc > 0)
		status = load_profile(&doctor, argv[0]);
	if (status == 0)
		status = examine(&doctor, &late);
	fflush(stdout);
	if (late)
		_exit(status); /* threads still use what exit() would tear down
				*/
	return status;
}
