/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_machine.c - aovpn doctor: the programs that belong together, and the
 * clock.
 */
#include <errno.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "doctor.h"
#include "helper_process.h"

static void look_for(struct doctor_part *part, const char *variable,
		     const char *name, const char *use)
{
	char path[PATH_MAX];
	json_t *line;

	aovpn_helper_find(variable, name, path, sizeof(path));
	if (access(path, X_OK) == 0) {
		line = doctor_tell(part, DOCTOR_OK, name, "is at %s", path);
	} else {
		line = doctor_tell(part, DOCTOR_FAULT, name,
				   "cannot be run at %s (%s): %s", path,
				   strerror(errno), use);
		doctor_fix(line,
			   "Install the package of this client again, or "
			   "set %s to where it is.",
			   variable);
	}
	doctor_fact_text(line, "path", path);
}

void doctor_programs(struct doctor_part *part)
{
	look_for(part, "AOVPN_FETCH", "aovpn-fetch",
		 "without it no name is resolved and no CRL is fetched");
	look_for(part, "AOVPN_LOADER", "aovpn-loader",
		 "without it the kernel is not watched, and a failure is "
		 "explained by less");
	look_for(part, "AOVPN_NETWORK", "aovpn-network",
		 "without it a tunnel gets neither routes nor DNS");
}

/* Its difference to a server's time is told by doctor_chain. */
void doctor_clock(struct doctor_part *part)
{
	struct timex timex = {.modes = 0};
	const int state = adjtimex(&timex);
	char now[32];
	time_t seconds = time(NULL);
	struct tm tm;
	json_t *line;

	if (!gmtime_r(&seconds, &tm) ||
	    strftime(now, sizeof(now), "%Y-%m-%d %H:%M:%SZ", &tm) == 0)
		now[0] = '\0';
	if (state >= 0 && state != TIME_ERROR) {
		line = doctor_tell(part, DOCTOR_OK, "clock",
				   "it is %s, and a time service keeps it",
				   now);
	} else {
		line = doctor_tell(
			part, DOCTOR_WARNING, "clock",
			"it is %s by this machine, and no time "
			"service keeps it: certificates are valid by "
			"this clock",
			now);
		doctor_cause(line, "client-clock-wrong");
	}
	doctor_fact(line, "synchronised",
		    json_boolean(state >= 0 && state != TIME_ERROR));
}
