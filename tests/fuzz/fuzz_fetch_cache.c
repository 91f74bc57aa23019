/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_fetch_cache.c - an answer in the cache, damaged or somebody else's: the
 * file of one request, in which only the request's key is right. What is read
 * is as good as what comes from the network.
 */
#include "fetch_cache.h"

#include <dirent.h>
#include <limits.h>

#include "fuzz_files.h"

#define NOW 1700000100
/* Where in the file the key stands, and how long it is. */
#define KEY_AT   8
#define KEY_SIZE 32

static int directory = -1;
static char name[NAME_MAX + 1];
static uint8_t key[KEY_SIZE];
static const struct aovpn_fetch_request request = {
	.kind = AOVPN_FETCH_CRL,
	.url = "http://pki.contoso.test/issuing.crl",
};

/* The only file. */
static void find_name(void)
{
	DIR *list = fdopendir(dup(directory));
	const struct dirent *entry;

	PROMISE(list);
	while ((entry = readdir(list)) != NULL)
		if (entry->d_name[0] != '.')
			snprintf(name, sizeof(name), "%s", entry->d_name);
	closedir(list);
	PROMISE(name[0] != '\0');
}

/* An answer that is written is there again; so its name and key are learnt. */
static void prepare(void)
{
	static struct fetch_reply_message reply, again;
	char path[PATH_MAX];
	time_t made_at;
	int fd;

	snprintf(path, sizeof(path), "%s/cache", fuzz_directory());
	directory = fetch_cache_open(path, NULL);
	PROMISE(directory >= 0);
	reply.version = FETCH_VERSION;
	reply.fetched.state = AOVPN_FETCH_OK;
	reply.fetched.status = AOVPN_STATUS_GOOD;
	reply.fetched.this_update = NOW - 100;
	reply.fetched.next_update = NOW + 3600;
	PROMISE(fetch_cache_write(directory, &request, NOW, &reply) == 0);
	PROMISE(fetch_cache_read(directory, &request, NOW, &again, &made_at) ==
		0);
	PROMISE(made_at == NOW);
	find_name();
	fd = openat(directory, name, O_RDONLY);
	PROMISE(pread(fd, key, KEY_SIZE, KEY_AT) == KEY_SIZE);
	close(fd);
}

static void write_cached(const uint8_t *data, size_t size)
{
	int fd = openat(directory, name, O_WRONLY | O_TRUNC);

	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	if (size >= KEY_AT + KEY_SIZE)
		PROMISE(pwrite(fd, key, KEY_SIZE, KEY_AT) == KEY_SIZE);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fetch_reply_message reply;
	struct aovpn_fetched got = {.kind = AOVPN_FETCH_CRL};
	time_t made_at = 0;

	if (directory < 0)
		prepare();
	write_cached(data, size);
	memset(&reply, 0xff, sizeof(reply));
	if (fetch_cache_read(directory, &request, NOW, &reply, &made_at) < 0)
		return 0;
	PROMISE(made_at <= NOW);
	fetch_reply_take(&reply, NULL, &got);
	PROMISE(got.state == AOVPN_FETCH_OK && !got.found);
	PROMISE(got.status == AOVPN_STATUS_GOOD ||
		got.status == AOVPN_STATUS_REVOKED);
	PROMISE(got.next_update == 0 || got.next_update > NOW);
	PROMISE(fuzz_is_clean(got.text, sizeof(got.text)));
	PROMISE(fuzz_is_clean(got.crl_number, sizeof(got.crl_number)));
	PROMISE(fuzz_is_clean(got.responder, sizeof(got.responder)));
	return 0;
}
