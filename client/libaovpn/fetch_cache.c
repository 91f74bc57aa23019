/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fetch_cache.c - see fetch_cache.h. */
#include "fetch_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#define MAGIC          "aovpnf1"
#define DAY            ((time_t)24 * 3600)
#define LONGEST        (7 * DAY)
#define WITHOUT_UPDATE ((time_t)3600) /* a CRL that names no next one */
#define NAME_SIZE      (2 * SHA256_DIGEST_LENGTH + 1)

/* What a file begins with; then reply's beginning and the certificates. */
struct file_head {
	char magic[8];
	uint8_t key[SHA256_DIGEST_LENGTH]; /* of the request: the file's name */
	int64_t made_at;
	uint32_t reply_size;
	uint32_t found_size; /* of all of them */
};

#define REPLY_SIZE offsetof(struct fetch_reply_message, found)

/* --- the directory -------------------------------------------------------- */

static void make_parent(const char *path)
{
	char parent[PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash && slash != parent) {
		*slash = '\0';
		(void)mkdir(parent, 0700); /* what is missing shows below */
	}
}

static int check_directory(int fd, const char *path, struct aovpn_error *error)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno));
	if (st.st_uid != geteuid())
		return aovpn_error_set(error, -EPERM,
				       "%s: belongs to another user (uid %u)",
				       path, (unsigned int)st.st_uid);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return aovpn_error_set(error, -EPERM,
				       "%s: others may write into it (mode "
				       "%04o)",
				       path, st.st_mode & 07777);
	return 0;
}

int fetch_cache_open(const char *path, struct aovpn_error *error)
{
	int fd, code;

	if (mkdir(path, 0700) < 0 && errno == ENOENT) {
		make_parent(path);
		(void)mkdir(path, 0700);
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "%s: %s", path,
				       strerror(errno));
	code = check_directory(fd, path, error);
	if (code == 0)
		return fd;
	close(fd);
	return code;
}

/* --- names and times ------------------------------------------------------ */

static bool add_certificate(EVP_MD_CTX *context, const X509 *certificate)
{
	unsigned char digest[SHA256_DIGEST_LENGTH] = {0};

	if (certificate &&
	    !X509_digest(certificate, EVP_sha256(), digest, NULL))
		return false;
	return EVP_DigestUpdate(context, digest, sizeof(digest));
}

static int make_key(const struct aovpn_fetch_request *request,
		    uint8_t key[SHA256_DIGEST_LENGTH], char name[NAME_SIZE])
{
	const X509 *issuer =
		request->kind == AOVPN_FETCH_AIA ? NULL : request->issuer;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok;

	ok = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) &&
	     EVP_DigestUpdate(context, &request->kind, sizeof(request->kind)) &&
	     add_certificate(context, request->certificate) &&
	     add_certificate(context, issuer) &&
	     EVP_DigestUpdate(context, request->url, strlen(request->url)) &&
	     EVP_DigestFinal_ex(context, key, NULL);
	EVP_MD_CTX_free(context);
	if (!ok)
		return -ENOMEM;
	for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++)
		snprintf(name + 2 * i, 3, "%02x", key[i]);
	return 0;
}

/* Until when may it be used that was fetched at made_at? */
static time_t good_until(const struct aovpn_fetched *fetched, uint32_t kind,
			 time_t made_at)
{
	if (kind == AOVPN_FETCH_AIA)
		return made_at + DAY;
	if (fetched->next_update == 0)
		return made_at + WITHOUT_UPDATE;
	if (fetched->next_update > made_at + LONGEST)
		return made_at + LONGEST;
	return fetched->next_update;
}

/* A clock that was set back makes it one of the future: of no use. */
static bool is_good(const struct aovpn_fetched *fetched, uint32_t kind,
		    time_t made_at, time_t now)
{
	return made_at <= now && now < good_until(fetched, kind, made_at);
}

static bool is_answer(const struct aovpn_fetched *fetched)
{
	return fetched->state == AOVPN_FETCH_OK &&
	       fetched->status != AOVPN_STATUS_UNKNOWN;
}

static uint32_t found_size(const struct fetch_reply_message *reply)
{
	uint32_t size = 0;

	for (uint32_t i = 0; i < reply->found_count; i++)
		size += reply->found_size[i];
	return size;
}

/* --- reading -------------------------------------------------------------- */

static int check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)))
		return -EPERM;
	return 0;
}

static int read_whole(int fd, void *data, size_t size)
{
	char *at = data;
	ssize_t n;

	while (size > 0) {
		n = read(fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int read_file(int fd, struct file_head *head,
		     struct fetch_reply_message *ret)
{
	int code = check_file(fd);

	if (code == 0)
		code = read_whole(fd, head, sizeof(*head));
	if (code < 0)
		return code;
	if (memcmp(head->magic, MAGIC, sizeof(head->magic)) != 0 ||
	    head->reply_size != REPLY_SIZE ||
	    head->found_size > sizeof(ret->found))
		return -EBADMSG;
	code = read_whole(fd, ret, REPLY_SIZE);
	if (code == 0)
		code = read_whole(fd, ret->found, head->found_size);
	return code;
}

static int check_content(const struct file_head *head,
			 const uint8_t key[SHA256_DIGEST_LENGTH],
			 struct fetch_reply_message *reply, uint32_t kind)
{
	int code = fetch_reply_check(reply, kind);

	if (code < 0)
		return code;
	if (memcmp(head->key, key, SHA256_DIGEST_LENGTH) != 0 ||
	    head->found_size != found_size(reply) ||
	    !is_answer(&reply->fetched))
		return -EBADMSG;
	return 0;
}

int fetch_cache_read(int directory, const struct aovpn_fetch_request *request,
		     time_t now, struct fetch_reply_message *ret,
		     time_t *ret_made_at)
{
	uint8_t key[SHA256_DIGEST_LENGTH];
	struct file_head head = {0};
	char name[NAME_SIZE];
	int fd, code = make_key(request, key, name);

	if (code < 0)
		return code;
	fd = openat(directory, name,
		    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	code = read_file(fd, &head, ret);
	close(fd);
	if (code == 0)
		code = check_content(&head, key, ret, request->kind);
	if (code < 0)
		return code;
	if (!is_good(&ret->fetched, request->kind, head.made_at, now))
		return -ESTALE;
	*ret_made_at = head.made_at;
	return 0;
}

/* --- writing -------------------------------------------------------------- */

/* Names and times of the files of a directory, as far as there is room. */
struct listing {
	struct {
		char name[NAME_MAX + 1];
		time_t changed_at;
	} file[2 * FETCH_CACHE_FILES_MAX];
	size_t count;
};

static void list_files(int directory, struct listing *list)
{
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	struct stat st;

	if (!stream && copy >= 0)
		close(copy);
	while (stream && (entry = readdir(stream)) &&
	       list->count < sizeof(list->file) / sizeof(list->file[0])) {
		if (fstatat(directory, entry->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) < 0 ||
		    S_ISDIR(st.st_mode))
			continue;
		snprintf(list->file[list->count].name,
			 sizeof(list->file[0].name), "%s", entry->d_name);
		list->file[list->count++].changed_at = st.st_mtime;
	}
	if (stream)
		closedir(stream);
}

static size_t oldest(const struct listing *list)
{
	size_t found = 0;

	for (size_t i = 1; i < list->count; i++)
		if (list->file[i].changed_at < list->file[found].changed_at)
			found = i;
	return found;
}

/* Remove the oldest until one more fits. */
static void make_room(int directory)
{
	struct listing *list = calloc(1, sizeof(*list));
	size_t i;

	if (!list)
		return;
	list_files(directory, list);
	while (list->count >= FETCH_CACHE_FILES_MAX) {
		i = oldest(list);
		unlinkat(directory, list->file[i].name, 0);
		list->file[i] = list->file[--list->count];
	}
	free(list);
}

static int write_whole(int fd, const void *data, size_t size)
{
	const char *at = data;
	ssize_t n;

	while (size > 0) {
		n = write(fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int write_file(int fd, const struct file_head *head,
		      const struct fetch_reply_message *reply)
{
	int code = write_whole(fd, head, sizeof(*head));

	if (code == 0)
		code = write_whole(fd, reply, REPLY_SIZE);
	if (code == 0)
		code = write_whole(fd, reply->found, head->found_size);
	return code;
}

/* Write beside and rename: a reader sees all of it or nothing. */
static int replace(int directory, const char *name,
		   const struct file_head *head,
		   const struct fetch_reply_message *reply)
{
	char temporary[NAME_SIZE + 32];
	int fd, code;

	snprintf(temporary, sizeof(temporary), "%s.%d", name, (int)gettid());
	unlinkat(directory, temporary, 0);
	fd = openat(directory, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	code = write_file(fd, head, reply);
	if (close(fd) < 0 && code == 0)
		code = -errno;
	if (code == 0 && renameat(directory, temporary, directory, name) < 0)
		code = -errno;
	if (code < 0)
		unlinkat(directory, temporary, 0);
	return code;
}

int fetch_cache_write(int directory, const struct aovpn_fetch_request *request,
		      time_t now, const struct fetch_reply_message *reply)
{
	struct file_head head = {.magic = MAGIC,
				 .made_at = now,
				 .reply_size = REPLY_SIZE,
				 .found_size = found_size(reply)};
	char name[NAME_SIZE];
	int code;

	if (!is_answer(&reply->fetched) ||
	    !is_good(&reply->fetched, request->kind, now, now))
		return 0;
	code = make_key(request, head.key, name);
	if (code < 0)
		return code;
	make_room(directory);
	return replace(directory, name, &head, reply);
}
