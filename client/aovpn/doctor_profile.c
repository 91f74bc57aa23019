/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_profile.c - aovpn doctor: profiles as they are read. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "profile_list.h"

#define SHOWN_MAX 64 /* profiles of one run */

static bool is_not_ours_to_read(const struct doctor *doctor, int r)
{
	return !doctor->root && r == -EACCES;
}

static void tell_broken(struct doctor_part *part, const char *name,
			const char *text)
{
	json_t *line = doctor_tell(part, DOCTOR_FAULT, "profile", "%s", text);

	doctor_subject(line, name);
	doctor_cause(line, "profile-invalid");
}

static void tell_one(struct doctor_part *part, const char *name)
{
	struct aovpn_profile *profile = calloc(1, sizeof(*profile));
	struct aovpn_error error;
	int r;

	if (!profile)
		return;
	r = aovpn_profile_load(part->doctor->cli->paths.profiles, name, profile,
			       &error);
	if (is_not_ours_to_read(part->doctor, r)) {
		doctor_subject(doctor_needs_root(part, "profile", error.text),
			       name);
	} else if (r < 0) {
		tell_broken(part, name, error.text);
	} else {
		doctor_subject(doctor_tell(part, DOCTOR_OK, "profile",
					   "is sound, for %s",
					   profile->servers),
			       name);
		doctor_certificate(part, profile, false);
	}
	free(profile);
}

void doctor_profiles(struct doctor_part *part)
{
	struct aovpn_profile_list *list = calloc(1, sizeof(*list));
	const char *path = part->doctor->cli->paths.profiles;
	struct aovpn_error error;
	size_t i;
	int r;

	if (!list)
		return;
	r = aovpn_profile_list_read(path, list, &error);
	if (is_not_ours_to_read(part->doctor, r))
		doctor_needs_root(part, "profiles", error.text);
	else if (r < 0)
		doctor_fix(doctor_tell(part, DOCTOR_FAULT, "profiles", "%s",
				       error.text),
			   "Correct the directory that is named.");
	else if (list->count == 0)
		doctor_fix(doctor_tell(part, DOCTOR_WARNING, "profiles",
				       "there is none in %s", path),
			   "Write one: %s/NAME.conf.",
			   part->doctor->cli->paths.own_profiles);
	for (i = 0; r >= 0 && i < list->count && i < SHOWN_MAX; i++)
		tell_one(part, list->name[i]);
	if (r >= 0 && list->count > SHOWN_MAX)
		doctor_tell(part, DOCTOR_SKIPPED, "profiles",
			    "%zu more: aovpn doctor NAME",
			    list->count - SHOWN_MAX);
	free(list);
}

void doctor_profile(struct doctor_part *part)
{
	const struct doctor *doctor = part->doctor;
	json_t *line;

	if (is_not_ours_to_read(doctor, doctor->broken)) {
		line = doctor_needs_root(part, "profile", doctor->error.text);
		doctor_subject(line, doctor->connection);
		return;
	}
	if (doctor->broken < 0) {
		tell_broken(part, doctor->connection, doctor->error.text);
		return;
	}
	line = doctor_tell(part, DOCTOR_OK, "profile", "is sound, for %s",
			   doctor->profile.servers);
	doctor_subject(line, doctor->connection);
	doctor_fact_text(line, "weak_algorithms",
			 doctor->profile.weak_algorithms);
	if (doctor->profile.weak_algorithms[0] == '\0')
		return;
	line = doctor_tell(part, DOCTOR_WARNING, "weak-algorithms",
			   "the profile allows %s",
			   doctor->profile.weak_algorithms);
	doctor_fix(line, "Give the gateway a stronger policy "
			 "(Set-VpnServerConfiguration -CustomPolicy), and take "
			 "WeakAlgorithms= out of the profile.");
}
