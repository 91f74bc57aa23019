/* SPDX-License-Identifier: GPL-2.0-or-later */
/* candidates.c - see candidates.h. */
#include "candidates.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_SUFFIX ".password"

/* One candidate with all that its judgement needs. */
struct loaded {
	char file[PATH_MAX];
	struct aovpn_credential *credential; /* NULL: not loaded */
	int load_error;
	struct aovpn_error error;
	struct aovpn_chain_facts chain;
};

struct pool {
	struct loaded *loaded;
	size_t count;
};

static void pool_clear(struct pool *pool)
{
	size_t i;

	for (i = 0; i < pool->count; i++)
		aovpn_credential_free(pool->loaded[i].credential);
	free(pool->loaded);
}

/* Room for count candidates of no file yet. */
static int pool_new(size_t count, struct pool *ret)
{
	struct loaded *loaded = calloc(count, sizeof(*loaded));

	if (!loaded)
		return -ENOMEM;
	*ret = (struct pool){.loaded = loaded, .count = count};
	return 0;
}

static void load(const struct aovpn_profile *profile,
		 const struct aovpn_credential_source *source,
		 struct loaded *loaded)
{
	snprintf(loaded->file, sizeof(loaded->file), "%s", source->certificate);
	loaded->load_error = aovpn_credential_load(source, &loaded->credential,
						   &loaded->error);
	if (loaded->load_error == 0)
		aovpn_chain_facts_read(loaded->credential, profile->nps_roots,
				       &loaded->chain);
}

/* A PIN from a file may be tried again once somebody has touched the file. */
static uint64_t stamp_of(const char *path)
{
	struct stat status;

	if (path[0] == '\0' || stat(path, &status) < 0)
		return 0;
	return (uint64_t)status.st_mtim.tv_sec * 1000000000u +
	       (uint64_t)status.st_mtim.tv_nsec;
}

static bool looks(const struct aovpn_candidates_secrets *secrets)
{
	return secrets && secrets->look;
}

static void use_secrets(const struct aovpn_candidates_secrets *secrets,
			struct aovpn_credential_source *source)
{
	if (!secrets)
		return;
	source->refused = secrets->refused;
	source->password = &secrets->password;
	if (!secrets->password.given)
		source->stamp =
			secrets->stamp ^ stamp_of(source->password_file);
}

/* The file of a systemd credential (systemd.exec(5), "Credentials"). */
static int credential_path(const char *name, char *out, size_t size,
			   struct aovpn_error *error)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");

	if (!directory || directory[0] != '/')
		return aovpn_error_set(error, -EKEYREJECTED,
				       "PasswordCredential=%s: no credentials "
				       "are here: aovpnd gets them by "
				       "LoadCredential= or "
				       "LoadCredentialEncrypted= of its unit",
				       name);
	snprintf(out, size, "%s/%s", directory, name);
	if (access(out, R_OK) == 0)
		return 0;
	return aovpn_error_set(error, -EKEYREJECTED,
			       "PasswordCredential=%s: %s: %s", name, out,
			       strerror(errno));
}

static void load_single(const struct aovpn_profile *profile,
			const struct aovpn_candidates_secrets *secrets,
			struct loaded *loaded)
{
	char password[PATH_MAX] = "";
	struct aovpn_credential_source source = {
		.certificate = profile->certificate,
		.key = profile->key,
		.chain = profile->chain,
		.password_file = profile->password_file,
		.look = looks(secrets),
		.password_later = looks(secrets),
	};
	bool given = secrets && secrets->password.given;

	if (profile->password_credential[0] != '\0' && !given) {
		snprintf(loaded->file, sizeof(loaded->file), "%s",
			 profile->certificate);
		loaded->load_error =
			credential_path(profile->password_credential, password,
					sizeof(password), &loaded->error);
		if (loaded->load_error == 0)
			source.password_file = password;
		else if (!looks(secrets))
			return;
	}
	use_secrets(secrets, &source);
	load(profile, &source, loaded);
}

static int load_one(const struct aovpn_profile *profile,
		    const struct aovpn_candidates_secrets *secrets,
		    struct pool *ret)
{
	int r = pool_new(1, ret);

	if (r == 0)
		load_single(profile, secrets, &ret->loaded[0]);
	return r;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length &&
	       strcmp(text + length - end_length, end) == 0;
}

static bool is_candidate(DIR *directory, const char *name)
{
	struct stat status;

	return name[0] != '.' && !ends_with(name, PASSWORD_SUFFIX) &&
	       fstatat(dirfd(directory), name, &status, 0) == 0 &&
	       S_ISREG(status.st_mode);
}

struct names {
	char name[AOVPN_CANDIDATES_MAX][NAME_MAX + 1];
	size_t count;
};

static int read_names(DIR *directory, const char *path, struct names *names,
		      struct aovpn_error *error)
{
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(directory);
		if (!entry)
			break;
		if (!is_candidate(directory, entry->d_name))
			continue;
		if (names->count == AOVPN_CANDIDATES_MAX)
			return aovpn_error_set(error, -E2BIG,
					       "%s: holds more than %d files",
					       path, AOVPN_CANDIDATES_MAX);
		snprintf(names->name[names->count++], NAME_MAX + 1, "%s",
			 entry->d_name);
	}
	return errno ? aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno))
		     : 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int list_names(const char *path, struct names *names,
		      struct aovpn_error *error)
{
	DIR *directory = opendir(path);
	int r;

	if (!directory)
		return aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno));
	r = read_names(directory, path, names, error);
	closedir(directory);
	qsort(names->name, names->count, sizeof(names->name[0]), compare_names);
	return r;
}

/* Load DIRECTORY/name, with the password in DIRECTORY/name.password if that is
 * there. */
static void load_name(const struct aovpn_profile *profile,
		      const struct aovpn_candidates_secrets *secrets,
		      const char *name, struct loaded *loaded)
{
	char file[PATH_MAX + NAME_MAX + 2];
	char password[sizeof(file) + sizeof(PASSWORD_SUFFIX)];
	struct aovpn_credential_source source = {
		.certificate = file,
		.chain = profile->chain,
		.password_file = "",
		.look = looks(secrets),
	};
	struct stat status;

	snprintf(file, sizeof(file), "%s/%s", profile->certificate_directory,
		 name);
	snprintf(password, sizeof(password), "%s" PASSWORD_SUFFIX, file);
	if (stat(password, &status) == 0)
		source.password_file = password;
	load(profile, &source, loaded);
}

static int load_names(const struct aovpn_profile *profile,
		      const struct aovpn_candidates_secrets *secrets,
		      const struct names *names, struct pool *ret)
{
	size_t i;
	int r;

	if (names->count == 0)
		return 0;
	r = pool_new(names->count, ret);
	for (i = 0; r == 0 && i < names->count; i++)
		load_name(profile, secrets, names->name[i], &ret->loaded[i]);
	return r;
}

static int load_directory(const struct aovpn_profile *profile,
			  const struct aovpn_candidates_secrets *secrets,
			  struct pool *ret, struct aovpn_error *error)
{
	struct names *names = calloc(1, sizeof(*names));
	int r;

	if (!names)
		return -ENOMEM;
	r = list_names(profile->certificate_directory, names, error);
	if (r == 0)
		r = load_names(profile, secrets, names, ret);
	free(names);
	return r;
}

static void judge(const struct aovpn_profile *profile, const struct pool *pool,
		  time_t now, struct aovpn_verdict *verdicts,
		  struct aovpn_selection *ret)
{
	const struct aovpn_filter filter = {
		.issuers = profile->issuers,
		.client_auth_ekus = profile->client_auth_ekus,
		.any_purpose_ekus = profile->any_purpose_ekus,
		.all_purpose = profile->all_purpose,
		.identity = profile->identity,
		.wants_pss = profile->tls_min >= AOVPN_TLS_1_3,
	};
	struct aovpn_candidate candidates[AOVPN_CANDIDATES_MAX];
	const struct loaded *l;
	size_t i;

	for (i = 0; i < pool->count; i++) {
		l = &pool->loaded[i];
		candidates[i] = (struct aovpn_candidate){
			.file = l->file,
			.load_error = l->load_error,
			.load_text = l->error.text,
			.rsa_without_pss =
				l->credential && l->credential->rsa_without_pss,
			.key_untried =
				l->credential && l->credential->key_untried,
			.chain = &l->chain,
		};
	}
	aovpn_select(candidates, pool->count, &filter, now, verdicts, ret);
}

/* The last part of a path: a directory's own is in the profile. */
static const char *file_name(const char *path)
{
	const char *slash = path[0] == '/' ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

/* Say why there is none, by the one that came nearest. */
static void say_why_none(const struct aovpn_profile *profile,
			 const struct aovpn_verdict *nearest,
			 struct aovpn_candidates_choice *ret)
{
	if (!nearest) {
		ret->cause = "client-cert-missing";
		snprintf(ret->text, sizeof(ret->text), "%.200s: holds no file",
			 profile->certificate_directory);
		return;
	}
	ret->cause = aovpn_refusal_cause(nearest->refusal);
	if (nearest->thumbprint[0] == '\0')
		/* What could not be loaded has a text that names the file. */
		snprintf(ret->text, sizeof(ret->text), "%s", nearest->reason);
	else
		snprintf(ret->text, sizeof(ret->text),
			 "\"%.50s\" in %.55s: %.140s", nearest->subject,
			 file_name(nearest->file), nearest->reason);
}

static void take(const struct aovpn_profile *profile, struct loaded *best,
		 bool found, struct aovpn_candidates_choice *ret)
{
	ret->chain = best->chain;
	*(found ? &ret->credential : &ret->miss) = best->credential;
	best->credential = NULL;
	if (!found)
		return;
	aovpn_eap_identity(&ret->chain.certificate[0], profile->identity,
			   ret->identity, sizeof(ret->identity));
}

static bool names_password(const struct aovpn_profile *profile)
{
	return profile->password_file[0] != '\0' ||
	       profile->password_credential[0] != '\0' ||
	       profile->certificate_directory[0] != '\0';
}

static int choose(const struct aovpn_profile *profile, struct pool *pool,
		  time_t now, struct aovpn_candidates_choice *ret)
{
	struct aovpn_selection selection;

	if (pool->count == 0) {
		say_why_none(profile, NULL, ret);
		return 0;
	}
	ret->verdicts = calloc(pool->count, sizeof(*ret->verdicts));
	if (!ret->verdicts)
		return -ENOMEM;
	ret->count = pool->count;
	judge(profile, pool, now, ret->verdicts, &selection);
	take(profile, &pool->loaded[selection.best], selection.found, ret);
	if (selection.found)
		return 0;
	say_why_none(profile, &ret->verdicts[selection.best], ret);
	ret->password_wanted = ret->verdicts[selection.best].refusal ==
				       AOVPN_REFUSED_PASSWORD &&
			       !names_password(profile);
	return 0;
}

int aovpn_candidates_choose(const struct aovpn_profile *profile,
			    const struct aovpn_candidates_secrets *secrets,
			    time_t now, struct aovpn_candidates_choice *ret,
			    struct aovpn_error *error)
{
	struct pool pool = {0};
	int r;

	memset(ret, 0, sizeof(*ret));
	aovpn_error_set(error, -ENOMEM, "out of memory");
	if (profile->certificate_directory[0] != '\0')
		r = load_directory(profile, secrets, &pool, error);
	else
		r = load_one(profile, secrets, &pool);
	if (r == 0)
		r = choose(profile, &pool, now, ret);
	/* One try: who has given one is not asked again. */
	if (secrets && secrets->password.given)
		ret->password_wanted = false;
	pool_clear(&pool);
	return r;
}

void aovpn_candidates_clear(struct aovpn_candidates_choice *choice)
{
	aovpn_credential_free(choice->credential);
	aovpn_credential_free(choice->miss);
	free(choice->verdicts);
	memset(choice, 0, sizeof(*choice));
}
