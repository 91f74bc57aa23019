/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_charon.c - aovpn doctor: does charon listen on its vici socket? What
 * it says there is aovpnd's business (doctor_daemon.c).
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doctor.h"
#include "unix_socket.h"

void doctor_charon(struct doctor_part *part)
{
	static const char scheme[] = "unix://";
	const char *path = part->doctor->cli->paths.vici;
	json_t *line;
	int fd;

	if (strncmp(path, scheme, sizeof(scheme) - 1) == 0)
		path += sizeof(scheme) - 1;
	fd = aovpn_unix_connect(path, SOCK_STREAM);
	if (fd >= 0) {
		close(fd);
		line = doctor_tell(part, DOCTOR_OK, "charon", "listens at %s",
				   path);
	} else if (fd == -EACCES && !part->doctor->root) {
		line = doctor_needs_root(part, "charon",
					 "charon's control socket is root's");
	} else {
		line = doctor_tell(part, DOCTOR_FAULT, "charon",
				   "cannot be reached at %s: %s", path,
				   strerror(-fd));
		doctor_cause(line, "charon-absent");
	}
	doctor_fact_text(line, "path", path);
}
