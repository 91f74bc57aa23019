/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_add.c - aovpn profile add: a profile out of options and answers. It
 * is written beside its place, read by the reader that a dial has, and only
 * then put there, so that a broken or half a profile is never seen.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "escape.h"
#include "profile_command.h"
#include "profile_option.h"

#define ANSWER_MAX 1024

struct adding {
	const struct cli *cli;
	const char *name;
	const char *value[KEY_COUNT]; /* of options and answers, or NULL */
	char answers[KEY_COUNT][ANSWER_MAX];
	char path[PATH_MAX];      /* where it goes */
	char temporary[PATH_MAX]; /* "": not there */
};

/* --- values --- */

/* What the reader would say of it, before there is a line number. */
static int check_value(const struct aovpn_profile_key *key, const char *value,
		       struct aovpn_error *error)
{
	static struct aovpn_profile scratch;
	char escaped[8192];

	aovpn_escape_string(value, escaped, sizeof(escaped));
	if (value[0] == '\0')
		return aovpn_error_set(error, -EINVAL, "is empty");
	if (strcmp(value, escaped) != 0)
		return aovpn_error_set(error, -EINVAL,
				       "\"%.128s\" has characters that cannot "
				       "be printed",
				       value);
	aovpn_profile_key_reset(key, &scratch);
	return aovpn_profile_key_set(key, value, &scratch, error);
}

static int check_options(const struct adding *a)
{
	char option[AOVPN_PROFILE_OPTION_MAX];
	struct aovpn_error error;
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		if (!a->value[i] || check_value(&aovpn_profile_keys[i],
						a->value[i], &error) == 0)
			continue;
		aovpn_profile_option(&aovpn_profile_keys[i], option);
		return cli_fail(a->cli, EXIT_USAGE, "--%s: %s", option,
				error.text);
	}
	return 0;
}

/* What nobody can leave out; and NPS' names, without which any server of the
 * roots will do. */
static bool is_asked_for(const struct adding *a, size_t i)
{
	if (a->value[i])
		return false;
	if (i == KEY_CERTIFICATE)
		return !a->value[KEY_CERTIFICATE_DIRECTORY];
	return aovpn_profile_keys[i].required || i == KEY_NPS_NAMES;
}

static int fail_missing(const struct adding *a, size_t i)
{
	char option[AOVPN_PROFILE_OPTION_MAX];

	aovpn_profile_option(&aovpn_profile_keys[i], option);
	return cli_fail(a->cli, EXIT_USAGE,
			"--%s is missing, and there is no terminal to ask on",
			option);
}

/* Until the answer is one that the reader takes. */
static int ask_for(struct adding *a, size_t i)
{
	const struct aovpn_profile_key *key = &aovpn_profile_keys[i];
	char question[ANSWER_MAX];
	struct aovpn_error error;
	int r;

	text_wrapped(0, "", key->meaning);
	snprintf(question, sizeof(question),
		 "[%s] %s (like %s%s): ", key->section, key->name, key->example,
		 i == KEY_NPS_NAMES ? "; empty: any" : "");
	for (;;) {
		r = profile_ask(question, a->answers[i], ANSWER_MAX);
		if (r < 0)
			return cli_fail(a->cli, EXIT_NOT_CONNECTED,
					"no answer: %s", strerror(-r));
		if (i == KEY_NPS_NAMES && a->answers[i][0] == '\0')
			return 0;
		r = check_value(key, a->answers[i], &error);
		if (r == 0)
			break;
		fprintf(stderr, "%s\n", error.text);
	}
	a->value[i] = a->answers[i];
	return 0;
}

static int ask_for_missing(struct adding *a)
{
	const bool terminal = isatty(STDIN_FILENO) && !a->cli->json;
	size_t i;
	int status;

	for (i = 0; i < KEY_COUNT; i++) {
		if (!is_asked_for(a, i))
			continue;
		if (!terminal && i == KEY_NPS_NAMES)
			continue;
		status = terminal ? ask_for(a, i) : fail_missing(a, i);
		if (status != 0)
			return status;
	}
	return 0;
}

/* --- the file --- */

/* mkdir -p, for whoever has removed /etc/aovpn. */
static int make_directories(const char *path)
{
	char part[PATH_MAX];
	char *slash;

	snprintf(part, sizeof(part), "%s", path);
	for (slash = strchr(part + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(part, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static void write_text(const struct adding *a, FILE *out)
{
	const struct aovpn_profile_key *key;
	const char *section = "";
	size_t i;

	for (i = 0; i < KEY_COUNT; i++) {
		key = &aovpn_profile_keys[i];
		if (!a->value[i])
			continue;
		if (strcmp(section, key->section) != 0)
			fprintf(out, "%s[%s]\n", section[0] ? "\n" : "",
				key->section);
		section = key->section;
		fprintf(out, "%s=%s\n", key->name, a->value[i]);
	}
}

/* Into fd, which it closes. */
static int write_file(const struct adding *a, int fd)
{
	FILE *out = fdopen(fd, "w");
	int r = 0;

	if (!out) {
		r = -errno;
		close(fd);
		return r;
	}
	write_text(a, out);
	if (fflush(out) != 0 || fchmod(fd, 0644) < 0 || fsync(fd) < 0)
		r = -errno;
	if (fclose(out) != 0 && r == 0)
		r = -errno;
	return r;
}

static int write_temporary(struct adding *a)
{
	const char *directory = a->cli->paths.own_profiles;
	int fd, r = make_directories(directory);

	if (r < 0)
		return cli_fail(a->cli, EXIT_NOT_CONNECTED, "%s: %s", directory,
				strerror(-r));
	if (snprintf(a->temporary, PATH_MAX, "%s/.%s.XXXXXX", directory,
		     a->name) >= PATH_MAX) {
		a->temporary[0] = '\0';
		return cli_fail(a->cli, EXIT_USAGE, "path too long");
	}
	fd = mkostemp(a->temporary, O_CLOEXEC);
	r = fd < 0 ? -errno : write_file(a, fd);
	if (fd < 0)
		a->temporary[0] = '\0';
	return r < 0 ? cli_fail(a->cli, EXIT_NOT_CONNECTED, "%s: %s", a->path,
				strerror(-r))
		     : 0;
}

/* What only several settings together show; of a file that nobody knows. */
static int check_file(const struct adding *a)
{
	const size_t length = strlen(a->temporary);
	struct aovpn_profile_sources *sources;
	struct aovpn_profile profile;
	struct aovpn_error error;
	const char *text = error.text;
	int r = aovpn_profile_load_file(a->temporary, &profile, &sources,
					&error);

	aovpn_profile_sources_free(sources);
	if (r == 0)
		return 0;
	if (strncmp(text, a->temporary, length) == 0)
		text += length + strspn(text + length, ":0123456789 ");
	return cli_fail(a->cli, EXIT_USAGE, "%s", text);
}

/* A directory's entry is safe only when the directory is. */
static int sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return r;
}

static int put_in_place(struct adding *a)
{
	const unsigned int flags = a->cli->replace ? 0 : RENAME_NOREPLACE;
	int r = 0;

	if (renameat2(AT_FDCWD, a->temporary, AT_FDCWD, a->path, flags) < 0)
		r = -errno;
	else
		a->temporary[0] = '\0';
	if (r == 0)
		r = sync_directory(a->cli->paths.own_profiles);
	if (r == -EEXIST)
		return cli_fail(a->cli, EXIT_NOT_CONNECTED,
				"%s is there already; --replace writes it anew",
				a->path);
	return r < 0 ? cli_fail(a->cli, EXIT_NOT_CONNECTED, "%s: %s", a->path,
				strerror(-r))
		     : 0;
}

static void tell(const struct adding *a)
{
	json_t *object;

	if (!a->cli->json) {
		printf("%s is written; aovpn dial %s connects\n", a->path,
		       a->name);
		return;
	}
	object = json_pack("{s:s, s:o}", "profile", a->name, "file",
			   profile_json_text(a->path));
	cli_print_json(object);
	json_decref(object);
}

static int add(struct adding *a)
{
	int status = check_options(a);

	/* Before questions; put_in_place sees to it that this holds. */
	if (status == 0 && !a->cli->replace && access(a->path, F_OK) == 0)
		status = cli_fail(a->cli, EXIT_NOT_CONNECTED,
				  "%s is there already; --replace writes it "
				  "anew",
				  a->path);
	if (status == 0)
		status = ask_for_missing(a);
	if (status == 0)
		status = write_temporary(a);
	if (status == 0)
		status = check_file(a);
	if (status == 0)
		status = put_in_place(a);
	if (a->temporary[0] != '\0')
		unlink(a->temporary);
	if (status == 0)
		tell(a);
	return status;
}

int profile_add(const struct cli *cli, int argc, char **argv)
{
	struct aovpn_error error;
	struct adding *a;
	int status;

	(void)argc;
	if (aovpn_profile_name_check(argv[0], &error) < 0)
		return cli_fail(cli, EXIT_USAGE, "%s", error.text);
	a = calloc(1, sizeof(*a));
	if (!a)
		return cli_fail(cli, EXIT_NOT_CONNECTED, "out of memory");
	a->cli = cli;
	a->name = argv[0];
	memcpy(a->value, cli->settings, sizeof(a->value));
	if (snprintf(a->path, PATH_MAX, "%s/%s.conf", cli->paths.own_profiles,
		     a->name) >= PATH_MAX)
		status = cli_fail(cli, EXIT_USAGE, "path too long");
	else
		status = add(a);
	free(a);
	return status;
}
