/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.h - aovpn doctor: what stands between this machine and a connection,
 * looked at from all sides without dialling.
 *
 * A check is a function that tells what it found, line by line. All run beside
 * each other, each in a thread of its own, and share nothing but what struct
 * doctor holds, which does not change.
 */
#ifndef AOVPN_DOCTOR_H
#define AOVPN_DOCTOR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "profile.h"

#define DOCTOR_SCHEMA   1
#define DOCTOR_TOTAL_MS 9000 /* of all checks */

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_SKIPPED, /* not looked at, and why */
	DOCTOR_WARNING,
	DOCTOR_FAULT,
};

struct doctor {
	const struct cli *cli;
	bool root;
	uint64_t started_ns; /* aovpn_boottime_ns() */
	uint64_t ends_ns;
	/* "" without NAME: then profile is not set. */
	char connection[AOVPN_NAME_MAX];
	int broken; /* -errno: the profile cannot be used, see error */
	struct aovpn_error error;
	struct aovpn_profile profile;
};

/* What one check has told so far. */
struct doctor_part {
	const struct doctor *doctor;
	const char *group; /* "machine", "profile", ... */
	json_t *lines;     /* array */
};

/* Milliseconds until all must have ended, at most max; 0: none are left. */
uint32_t doctor_time_left(const struct doctor *doctor, uint32_t max);

/* --- telling (doctor_line.c) --- */

/*
 * Tell one line: check is its name for programs, such as "udp-500"; the text is
 * escaped here. Returns the line, borrowed, for the functions below, which take
 * NULL, too (no memory).
 */
json_t *doctor_tell(struct doctor_part *part, enum doctor_state state,
		    const char *check, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* About what it is: a server, an address. Escaped here. */
void doctor_subject(json_t *line, const char *subject);

/* What to do: that of a cause of the vocabulary, which is named, too; or words
 * of ours. The first one stays. */
void doctor_cause(json_t *line, const char *slug);
void doctor_fix(json_t *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* For programs: a fact, whose reference is taken; or a text, escaped here. */
void doctor_fact(json_t *line, const char *key, json_t *value);
void doctor_fact_text(json_t *line, const char *key, const char *text);

/* "ok", "skipped", "warning", "fault". */
const char *doctor_state_name(enum doctor_state state);

/* The worst of these lines; one that was skipped is no worse than ok. */
enum doctor_state doctor_worst(const json_t *lines);

/* What the rights of this user do not allow to look at. */
json_t *doctor_needs_root(struct doctor_part *part, const char *check,
			  const char *what);

/* --- certificates (doctor_credential.c) --- */

/*
 * Tell by choosing as a dial would whether profile has a certificate and how
 * long it lasts; whole: the key, too.
 */
void doctor_certificate(struct doctor_part *part,
			const struct aovpn_profile *profile, bool whole);

/* --- checks --- */

void doctor_programs(struct doctor_part *part);   /* doctor_machine.c */
void doctor_clock(struct doctor_part *part);      /* doctor_machine.c */
void doctor_kernel(struct doctor_part *part);     /* doctor_kernel.c */
void doctor_daemon(struct doctor_part *part);     /* doctor_daemon.c */
void doctor_charon(struct doctor_part *part);     /* doctor_charon.c */
void doctor_units(struct doctor_part *part);      /* doctor_units.c */
void doctor_profiles(struct doctor_part *part);   /* doctor_profile.c */
void doctor_profile(struct doctor_part *part);    /* doctor_profile.c */
void doctor_roots(struct doctor_part *part);      /* doctor_roots.c */
void doctor_credential(struct doctor_part *part); /* doctor_credential.c */
void doctor_chain(struct doctor_part *part);      /* doctor_chain.c */
void doctor_servers(struct doctor_part *part);    /* doctor_server.c */

/* --- output (doctor_text.c) --- */

/* The lines of one check, as text; before the first of a group its name. */
void doctor_text_lines(const struct cli *cli, const json_t *lines,
		       const char **last_group);

/* The last line. */
void doctor_text_end(const struct cli *cli, const json_t *report);

#endif
