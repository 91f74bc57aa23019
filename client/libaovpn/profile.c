/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile.c - see profile.h: puts a profile together out of its files, judges
 * what only several keys together show, and fills in the defaults.
 */
#include "profile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile_ini.h"
#include "profile_key.h"
#include "profile_sources.h"
#include "proposal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A profile while it is put together. */
struct loading {
	struct aovpn_profile *profile;
	struct aovpn_profile_sources *sources;
	unsigned int file; /* the one that is read, of sources->files */
	struct {
		unsigned int file,
			line;      /* of the last that counts; line 0: none */
		unsigned int here; /* the line in this file, or 0 */
		bool reset_here;   /* that one was empty */
	} given[KEY_COUNT];
	struct aovpn_error *error;
};

/* --- one key --- */

static enum aovpn_profile_key_index
index_of(const struct aovpn_profile_key *key)
{
	return (enum aovpn_profile_key_index)(key - aovpn_profile_keys);
}

/* What came before counts no more. */
static void forget(struct loading *loading, enum aovpn_profile_key_index key)
{
	struct aovpn_profile_sources *s = loading->sources;
	size_t i, kept = 0;

	for (i = 0; i < s->count; i++)
		if (s->list[i].key != key)
			s->list[kept++] = s->list[i];
	s->count = kept;
	loading->given[key].line = 0;
}

static void note(struct loading *loading, enum aovpn_profile_key_index key,
		 unsigned int line)
{
	struct aovpn_profile_sources *s = loading->sources;

	/* One of each key in each file, so there is room. */
	s->list[s->count++] = (struct aovpn_profile_source){
		.key = key, .file = loading->file, .line = line};
	loading->given[key].file = loading->file;
	loading->given[key].line = line;
}

static int fail_key(const char *section, const char *name,
		    struct aovpn_error *error)
{
	char known[512];

	aovpn_profile_key_names(section, known, sizeof(known));
	return aovpn_error_set(error, -EINVAL,
			       "unknown key \"%.64s\" in [%s]; known keys: %s",
			       name, section, known);
}

/* A second time in one file is once too often; but "Key=" may take back what
 * came before this file, and another line say what holds instead. */
static int mark(struct loading *loading, const struct aovpn_profile_key *key,
		bool empty, unsigned int line, struct aovpn_error *error)
{
	const enum aovpn_profile_key_index i = index_of(key);

	if (loading->given[i].here && (empty || !loading->given[i].reset_here))
		return aovpn_error_set(error, -EINVAL,
				       "%s in [%s] is given twice, first in "
				       "line %u",
				       key->name, key->section,
				       loading->given[i].here);
	loading->given[i].here = line;
	loading->given[i].reset_here = empty;
	return 0;
}

static int take_back(struct loading *loading,
		     const struct aovpn_profile_key *key,
		     struct aovpn_error *error)
{
	if (loading->file == 0)
		return aovpn_error_set(error, -EINVAL,
				       "%s in [%s] is empty; leave the line "
				       "out for the default",
				       key->name, key->section);
	aovpn_profile_key_reset(key, loading->profile);
	forget(loading, index_of(key));
	return 0;
}

/* What aovpn_profile_ini_read calls with each key. */
static int take(void *user, const char *section, const char *name,
		const char *value, unsigned int line, struct aovpn_error *error)
{
	struct loading *loading = user;
	const struct aovpn_profile_key *key =
		aovpn_profile_key_find(section, name);
	struct aovpn_error why;
	int r;

	if (!key)
		return fail_key(section, name, error);
	r = mark(loading, key, value[0] == '\0', line, error);
	if (r < 0)
		return r;
	if (value[0] == '\0')
		return take_back(loading, key, error);
	if (key->kind != AOVPN_KEY_LIST)
		forget(loading, index_of(key));
	r = aovpn_profile_key_set(key, value, loading->profile, &why);
	if (r < 0)
		return aovpn_error_set(error, r, "%s in [%s]: %s", name,
				       section, why.text);
	note(loading, index_of(key), line);
	return 0;
}

/* --- what several keys show together --- */

static bool is_given(const struct loading *loading,
		     enum aovpn_profile_key_index key)
{
	return loading->given[key].line > 0;
}

/* Of two keys the one that came later. */
static enum aovpn_profile_key_index later(const struct loading *loading,
					  enum aovpn_profile_key_index one,
					  enum aovpn_profile_key_index other)
{
	if (loading->given[one].file != loading->given[other].file)
		return loading->given[one].file > loading->given[other].file
			       ? one
			       : other;
	return loading->given[one].line > loading->given[other].line ? one
								     : other;
}

/* Fail where this key was given. */
static int __attribute__((format(printf, 3, 4)))
fail_at(const struct loading *loading, enum aovpn_profile_key_index key,
	const char *format, ...)
{
	char text[AOVPN_ERROR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return aovpn_error_set(
		loading->error, -EINVAL, "%s:%u: %s",
		loading->sources->files.path[loading->given[key].file],
		loading->given[key].line, text);
}

static int check_required(const struct loading *loading)
{
	size_t i;

	for (i = 0; i < KEY_COUNT; i++)
		if (aovpn_profile_keys[i].required && !loading->given[i].line)
			return aovpn_error_set(loading->error, -EINVAL,
					       "%s: %s= in [%s] is missing",
					       loading->sources->files.path[0],
					       aovpn_profile_keys[i].name,
					       aovpn_profile_keys[i].section);
	return 0;
}

static int fail_pair(const struct loading *loading,
		     enum aovpn_profile_key_index one,
		     enum aovpn_profile_key_index other)
{
	return fail_at(loading, later(loading, one, other),
		       "%s and %s in [Credential] exclude each other",
		       aovpn_profile_keys[one].name,
		       aovpn_profile_keys[other].name);
}

/* One certificate, or a directory of candidates that bring all along. */
static int check_credential(const struct loading *loading)
{
	static const enum aovpn_profile_key_index singles[] = {
		KEY_CERTIFICATE, KEY_PRIVATE_KEY, KEY_PASSWORD_FILE,
		KEY_PASSWORD_CREDENTIAL};
	const bool many = is_given(loading, KEY_CERTIFICATE_DIRECTORY);
	size_t i;

	for (i = 0; many && i < COUNT(singles); i++)
		if (is_given(loading, singles[i]))
			return fail_pair(loading, singles[i],
					 KEY_CERTIFICATE_DIRECTORY);
	if (is_given(loading, KEY_PASSWORD_FILE) &&
	    is_given(loading, KEY_PASSWORD_CREDENTIAL))
		return fail_pair(loading, KEY_PASSWORD_FILE,
				 KEY_PASSWORD_CREDENTIAL);
	if (many || is_given(loading, KEY_CERTIFICATE))
		return 0;
	return aovpn_error_set(loading->error, -EINVAL,
			       "%s: Certificate= or CertificateDirectory= in "
			       "[Credential] is missing",
			       loading->sources->files.path[0]);
}

static int check_versions(const struct loading *loading)
{
	if (loading->profile->tls_min <= loading->profile->tls_max)
		return 0;
	/* The defaults are the extremes, so both are given. */
	return fail_at(loading, later(loading, KEY_TLS_MIN, KEY_TLS_MAX),
		       "MinVersion in [TLS], 1.3, is above MaxVersion, 1.2");
}

static int split_servers(struct loading *loading)
{
	struct aovpn_profile *profile = loading->profile;
	const char *rest = profile->servers;
	size_t count = 0, length;

	for (;; rest += length + 1) {
		if (count == AOVPN_PROFILE_SERVERS_MAX)
			return fail_at(loading, KEY_SERVER,
				       "Server in [Connection] has more than "
				       "%d servers",
				       AOVPN_PROFILE_SERVERS_MAX);
		length = strcspn(rest, ",");
		snprintf(profile->server[count++], AOVPN_TEXT_MAX, "%.*s",
			 (int)length, rest);
		if (rest[length] == '\0')
			return 0;
	}
}

static int set_networks(struct loading *loading)
{
	struct aovpn_profile *profile = loading->profile;
	const bool routes = is_given(loading, KEY_ROUTES);

	if (!is_given(loading, KEY_TUNNEL))
		profile->tunnel =
			routes ? AOVPN_TUNNEL_SPLIT : AOVPN_TUNNEL_FORCE;
	if (profile->tunnel == AOVPN_TUNNEL_FORCE && routes)
		return fail_at(loading, later(loading, KEY_TUNNEL, KEY_ROUTES),
			       "Tunnel=force in [Network] takes everything; "
			       "Routes= and it exclude each other");
	if (profile->tunnel == AOVPN_TUNNEL_SPLIT && !routes)
		return fail_at(loading, KEY_TUNNEL,
			       "Tunnel=split in [Network] needs Routes=");
	if (profile->tunnel == AOVPN_TUNNEL_FORCE)
		snprintf(profile->routes, sizeof(profile->routes),
			 "0.0.0.0/0,::/0");
	return 0;
}

static int check_proposals(const struct loading *loading,
			   enum aovpn_profile_key_index key,
			   enum aovpn_proposal_kind kind, const char *list)
{
	const unsigned int weak =
		aovpn_proposal_weak_mask(loading->profile->weak_algorithms);
	char copy[AOVPN_PROFILE_LIST_MAX], *rest = copy, *item;
	struct aovpn_error why;

	snprintf(copy, sizeof(copy), "%s", list);
	while ((item = strsep(&rest, ",")))
		if (aovpn_proposal_check(item, kind, weak, &why) < 0)
			return fail_at(loading, key, "%s in [%s]: %s",
				       aovpn_profile_keys[key].name,
				       aovpn_profile_keys[key].section,
				       why.text);
	return 0;
}

static int set_proposals(struct loading *loading,
			 enum aovpn_profile_key_index key,
			 enum aovpn_proposal_kind kind, char *list)
{
	if (is_given(loading, key))
		return check_proposals(loading, key, kind, list);
	aovpn_proposal_defaults(
		kind,
		aovpn_proposal_weak_mask(loading->profile->weak_algorithms),
		list, AOVPN_PROFILE_LIST_MAX);
	return 0;
}

/* Defaults that are another key's value. */
static void set_defaults(struct loading *loading)
{
	struct aovpn_profile *profile = loading->profile;

	if (!is_given(loading, KEY_GATEWAY_NAME))
		memcpy(profile->gateway_name, profile->server[0],
		       sizeof(profile->gateway_name));
	if (is_given(loading, KEY_NPS_ROOTS))
		return;
	memcpy(profile->nps_roots, profile->gateway_roots,
	       sizeof(profile->nps_roots));
	if (!is_given(loading, KEY_NPS_ROOT_THUMBPRINTS))
		memcpy(profile->nps_root_thumbprints,
		       profile->gateway_root_thumbprints,
		       sizeof(profile->nps_root_thumbprints));
}

static int finish(struct loading *loading)
{
	struct aovpn_profile *profile = loading->profile;
	int r = check_required(loading);

	if (r == 0)
		r = check_credential(loading);
	if (r == 0)
		r = check_versions(loading);
	if (r == 0)
		r = split_servers(loading);
	if (r == 0)
		r = set_networks(loading);
	if (r == 0)
		r = set_proposals(loading, KEY_IKE_PROPOSALS,
				  AOVPN_PROPOSAL_IKE, profile->ike_proposals);
	if (r == 0)
		r = set_proposals(loading, KEY_ESP_PROPOSALS,
				  AOVPN_PROPOSAL_ESP, profile->esp_proposals);
	if (r == 0)
		set_defaults(loading);
	return r;
}

/* --- files --- */

static int read_file(struct loading *loading)
{
	const struct aovpn_profile_ini ini = {
		.path = loading->sources->files.path[loading->file],
		.take = take,
		.user = loading,
	};
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		loading->given[i].here = 0;
		loading->given[i].reset_here = false;
	}
	return aovpn_profile_ini_read(&ini, loading->error);
}

/* Read all files of sources into *profile, which has only the name. */
static int read_all(struct aovpn_profile *profile,
		    struct aovpn_profile_sources *sources,
		    struct aovpn_error *error)
{
	struct loading loading = {
		.profile = profile, .sources = sources, .error = error};
	size_t i;
	int r = 0;

	for (i = 0; i < KEY_COUNT; i++)
		aovpn_profile_key_reset(&aovpn_profile_keys[i], profile);
	for (; r == 0 && loading.file < sources->files.count; loading.file++)
		r = read_file(&loading);
	return r == 0 ? finish(&loading) : r;
}

int aovpn_profile_load_sources(const char *search, const char *name,
			       struct aovpn_profile *ret,
			       struct aovpn_profile_sources **ret_sources,
			       struct aovpn_error *error)
{
	struct aovpn_profile_sources *sources;
	struct aovpn_profile profile = {0};
	int r = aovpn_profile_name_check(name, error);

	*ret_sources = NULL;
	if (r < 0)
		return r;
	sources = calloc(1, sizeof(*sources));
	if (!sources)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	r = aovpn_profile_files_find(search, name, &sources->files, error);
	if (r < 0) {
		free(sources);
		return r;
	}
	snprintf(profile.name, sizeof(profile.name), "%s", name);
	r = read_all(&profile, sources, error);
	if (r == 0)
		*ret = profile;
	*ret_sources = sources;
	return r;
}

int aovpn_profile_load_file(const char *file, struct aovpn_profile *ret,
			    struct aovpn_profile_sources **ret_sources,
			    struct aovpn_error *error)
{
	struct aovpn_profile_sources *sources = calloc(1, sizeof(*sources));
	struct aovpn_profile profile = {0};
	int r;

	*ret_sources = NULL;
	if (sources)
		sources->files.path[0] = strdup(file);
	if (!sources || !sources->files.path[0]) {
		free(sources);
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	}
	sources->files.count = 1;
	r = read_all(&profile, sources, error);
	if (r == 0)
		*ret = profile;
	*ret_sources = sources;
	return r;
}

struct aovpn_profile_sources *
aovpn_profile_sources_free(struct aovpn_profile_sources *sources)
{
	if (!sources)
		return NULL;
	aovpn_profile_files_clear(&sources->files);
	free(sources);
	return NULL;
}

int aovpn_profile_load(const char *path, const char *name,
		       struct aovpn_profile *ret, struct aovpn_error *error)
{
	struct aovpn_profile_sources *sources;
	int r = aovpn_profile_load_sources(path, name, ret, &sources, error);

	aovpn_profile_sources_free(sources);
	return r;
}

const char *aovpn_profile_server(const struct aovpn_profile *profile,
				 size_t index)
{
	if (index >= AOVPN_PROFILE_SERVERS_MAX ||
	    profile->server[index][0] == '\0')
		return NULL;
	return profile->server[index];
}

int aovpn_profile_name_check(const char *name, struct aovpn_error *error)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	size_t length = strlen(name);

	if (length > 0 && length < sizeof(((struct aovpn_profile *)0)->name) &&
	    name[0] != '.' && name[0] != '-' &&
	    name[strspn(name, allowed)] == '\0')
		return 0;
	return aovpn_error_set(
		error, -EINVAL,
		"\"%.64s\" cannot name a profile: 1 to 55 characters out of "
		"A-Z a-z 0-9 . _ -, not beginning with . or -",
		name);
}
