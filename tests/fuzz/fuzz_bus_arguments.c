/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_bus_arguments.c - what callers of aovpnd's D-Bus methods give, as far as
 * we read it ourselves: lines with the name of a connection, a peer, kinds, the
 * id of an attempt; all of it is also the password's memfd. What is refused is
 * quoted in clean text; what is taken is what it was.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "client/aovpnd/attempts.h"
#include "fuzz_files.h"
#include "material.h"
#include "profile.h"
#include "trace_filter.h"

static const char kept[] = "6f0c0f5e-0000-4000-8000-000000000001";

static void check_error(const struct aovpn_error *error)
{
	PROMISE(error->text[0] != '\0');
	PROMISE(fuzz_is_clean(error->text, sizeof(error->text)));
}

static void read_filter(const char *connection, const char *peer,
			const char *kinds)
{
	struct aovpn_observation o = {.kind = AOVPN_OBS_PACKET};
	struct aovpn_trace_filter filter;
	struct aovpn_error error = {""};

	memset(&filter, 0xff, sizeof(filter));
	if (aovpn_trace_filter_parse(connection, peer, kinds, &filter, &error) <
	    0) {
		check_error(&error);
		return;
	}
	PROMISE(strcmp(filter.connection, connection) == 0);
	PROMISE((filter.peer_family == 0) == (peer[0] == '\0'));
	PROMISE((filter.kinds == 0) == (kinds[0] == '\0'));
	PROMISE(filter.kinds >> AOVPN_OBS_KIND_END == 0);
	PROMISE(filter.kinds == 0 || filter.kinds & 1ull << o.kind ||
		!aovpn_trace_filter_takes(&filter, &o));
}

/* One of our files, and no other one. */
static void open_attempt(const char *id)
{
	struct aovpn_error error = {""};
	struct stat st, file;
	char path[4096];
	int fd = attempts_open(fuzz_directory(), id, &error);

	if (fd < 0) {
		PROMISE(fd == -EINVAL || fd == -ENOENT);
		check_error(&error);
		return;
	}
	snprintf(path, sizeof(path), "%s/%s.json", fuzz_directory(), kept);
	PROMISE(stat(path, &file) == 0 && fstat(fd, &st) == 0);
	PROMISE(st.st_ino == file.st_ino);
	PROMISE(id[0] != '\0' && strncmp(kept, id, strlen(id)) == 0);
	close(fd);
}

static void check_name(const char *name)
{
	struct aovpn_error error = {""};

	if (aovpn_profile_name_check(name, &error) < 0)
		check_error(&error);
	else
		PROMISE(name[0] != '.' && name[0] != '\0' &&
			strlen(name) < AOVPN_NAME_MAX && !strchr(name, '/') &&
			fuzz_is_clean(name, AOVPN_NAME_MAX));
}

static void read_password(const uint8_t *data, size_t size)
{
	struct aovpn_password password;
	struct aovpn_error error = {""};
	int fd = memfd_create("password", MFD_CLOEXEC), r;

	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	memset(&password, 0xff, sizeof(password));
	r = aovpn_password_read_fd(fd, &password, &error);
	close(fd);
	PROMISE(r == 0 || r == -EFBIG || r == -EBADMSG);
	if (r < 0) {
		check_error(&error);
		return;
	}
	PROMISE(password.given);
	PROMISE(strnlen(password.text, sizeof(password.text)) <=
		AOVPN_PASSWORD_MAX);
	PROMISE(!strchr(password.text, '\n'));
	PROMISE(memcmp(password.text, data, strlen(password.text)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = fuzz_string(data, size), *rest = copy, path[4096];
	const char *word[4] = {"", "", "", ""};
	static bool prepared;
	size_t i;

	if (!prepared) {
		snprintf(path, sizeof(path), "%s/%s.json", fuzz_directory(),
			 kept);
		fuzz_write_file(path, (const uint8_t *)"{}", 2);
		snprintf(path, sizeof(path), "%s/other", fuzz_directory());
		fuzz_write_file(path, (const uint8_t *)"{}", 2);
		prepared = true;
	}
	read_password(data, size);
	for (i = 0; i < 4 && rest; i++)
		word[i] = strsep(&rest, "\n");
	check_name(word[0]);
	read_filter(word[0], word[1], word[2]);
	open_attempt(word[3]);
	free(copy);
	return 0;
}
