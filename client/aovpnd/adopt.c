/* SPDX-License-Identifier: GPL-2.0-or-later */
/* adopt.c - see adopt.h. */
#include "adopt.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "connections.h"
#include "log.h"
#include "profile.h"
#include "tunnel_store.h"
#include "vici.h"
#include "vici_sas.h"
#include "worker.h"

/* A tunnel that the store knows. */
struct left {
	struct connection *connection;
	char charon_name[AOVPN_NAME_MAX];
	uint64_t spi_i;
	bool found;
};

struct adoption {
	struct daemon *daemon;
	void (*done)(struct daemon *daemon);
	char vici[PATH_MAX];
	struct left left[VICI_SAS_MAX];
	size_t count;
	int result; /* of listing */
};

/* --- in the worker ---------------------------------------------------------
 */

static struct left *find(struct adoption *adoption, const struct vici_sa *sa)
{
	size_t i;

	for (i = 0; i < adoption->count; i++)
		if (adoption->left[i].spi_i == sa->spi_i &&
		    strcmp(adoption->left[i].charon_name, sa->name) == 0)
			return &adoption->left[i];
	return NULL;
}

static void look_at(struct adoption *adoption, const struct vici_sa *sa)
{
	struct left *left = find(adoption, sa);

	if (left && sa->established && sa->child_installed)
		left->found = true;
	else
		vici_terminate_id(adoption->vici, sa->id, NULL);
}

static void run(void *argument)
{
	struct adoption *adoption = argument;
	struct vici_sas *sas = calloc(1, sizeof(*sas));
	size_t i;

	adoption->result =
		sas ? vici_sas_list(adoption->vici, NULL, sas) : -ENOMEM;
	for (i = 0; adoption->result == 0 && i < sas->count; i++)
		look_at(adoption, &sas->sa[i]);
	free(sas);
}

/* --- in the event loop -----------------------------------------------------
 */

static void on_looked(void *argument)
{
	struct adoption *adoption = argument;
	size_t i;

	for (i = 0; i < adoption->count; i++)
		if (adoption->left[i].found)
			tunnel_adopt(adoption->left[i].connection);
		else
			tunnel_missed(adoption->left[i].connection,
				      adoption->result < 0);
	adoption->done(adoption->daemon);
	free(adoption);
}

static void take(struct adoption *adoption, const char *name)
{
	struct daemon *daemon = adoption->daemon;
	struct left *left = &adoption->left[adoption->count];
	struct connection *c = connections_get(daemon->connections, name);
	struct aovpn_error error;

	if (!c)
		return;
	if (tunnel_restore(c, &error) < 0) {
		log_warning("what was up before is lost: %s", error.text);
		tunnel_store_forget(daemon->paths.tunnels, name);
		return;
	}
	left->connection = c;
	memcpy(left->charon_name, c->attempt.charon_name,
	       sizeof(left->charon_name));
	left->spi_i = c->attempt.spi_i;
	adoption->count++;
}

/* NAME.json; anything else is not ours and stays. */
static bool name_of(const char *file, char ret[AOVPN_NAME_MAX])
{
	const char *end = strrchr(file, '.');

	if (!end || strcmp(end, ".json") != 0 ||
	    (size_t)(end - file) >= AOVPN_NAME_MAX)
		return false;
	memcpy(ret, file, (size_t)(end - file));
	ret[end - file] = '\0';
	return aovpn_profile_name_check(ret, NULL) == 0;
}

static void take_all(struct adoption *adoption)
{
	DIR *directory = opendir(adoption->daemon->paths.tunnels);
	const struct dirent *entry;
	char name[AOVPN_NAME_MAX];

	while (directory && adoption->count < VICI_SAS_MAX &&
	       (entry = readdir(directory)) != NULL)
		if (name_of(entry->d_name, name))
			take(adoption, name);
	if (directory)
		closedir(directory);
}

int adopt_begin(struct daemon *daemon, void (*done)(struct daemon *daemon))
{
	struct adoption *adoption = calloc(1, sizeof(*adoption));
	int r;

	if (!adoption)
		return -ENOMEM;
	adoption->daemon = daemon;
	adoption->done = done;
	memcpy(adoption->vici, daemon->paths.vici, sizeof(adoption->vici));
	take_all(adoption);
	r = worker_start(daemon->event, run, on_looked, adoption);
	if (r < 0) {
		adoption->result = r;
		on_looked(adoption);
	}
	return 0;
}
