/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_profile.c - the text of a profile and, behind a line "%%", of its
 * drop-in. An error has a clean text; what is taken is within the limits that
 * profile.h gives.
 */
#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static char directory[] = "/tmp/aovpn-fuzz.XXXXXX";
static char path[sizeof(directory) + 8];
static char drop_ins[sizeof(directory) + 16];
static char drop_in[sizeof(directory) + 24];

static void remove_all(void)
{
	unlink(path);
	unlink(drop_in);
	rmdir(drop_ins);
	rmdir(directory);
}

static void prepare(void)
{
	if (path[0] != '\0')
		return;
	PROMISE(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/f.conf", directory);
	snprintf(drop_ins, sizeof(drop_ins), "%s/f.conf.d", directory);
	snprintf(drop_in, sizeof(drop_in), "%s/1.conf", drop_ins);
	PROMISE(mkdir(drop_ins, 0700) == 0);
	atexit(remove_all);
}

static void write_file(const char *file, const uint8_t *data, size_t size)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	PROMISE(fd >= 0);
	PROMISE(write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void write_profile(const uint8_t *data, size_t size)
{
	static const char between[] = "\n%%\n";
	const size_t length = sizeof(between) - 1;
	const uint8_t *end = memmem(data, size, between, length);
	size_t first = end ? (size_t)(end - data) : size;

	write_file(path, data, first);
	write_file(drop_in, end ? end + length : data,
		   end ? size - first - length : 0);
}

/* Nothing weak is proposed that is not named. */
static void check_proposals(const struct aovpn_profile *profile)
{
	static const char *const weak[] = {"3des", "sha1", "modp1024"};
	size_t i;

	PROMISE(profile->ike_proposals[0] != '\0');
	PROMISE(profile->esp_proposals[0] != '\0');
	for (i = 0; i < 3; i++)
		if (!strstr(profile->weak_algorithms, weak[i])) {
			PROMISE(!strstr(profile->ike_proposals, weak[i]));
			PROMISE(!strstr(profile->esp_proposals, weak[i]));
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aovpn_profile profile;
	struct aovpn_error error = {""};
	int r;

	prepare();
	write_profile(data, size);
	memset(&profile, 0xff, sizeof(profile));
	r = aovpn_profile_load(directory, "f", &profile, &error);
	if (r < 0) {
		PROMISE(error.text[0] != '\0');
		PROMISE(fuzz_is_clean(error.text, sizeof(error.text)));
		return 0;
	}
	PROMISE(fuzz_is_clean(profile.servers, sizeof(profile.servers)));
	PROMISE(aovpn_profile_server(&profile, 0));
	PROMISE(fuzz_is_clean(profile.nps_names, sizeof(profile.nps_names)));
	PROMISE(profile.gateway_roots[0] == '/');
	PROMISE(profile.routes[0] != '\0');
	PROMISE(profile.tunnel <= AOVPN_TUNNEL_FORCE);
	PROMISE(profile.fragmentation <= AOVPN_FRAGMENTATION_FORCE);
	PROMISE(profile.dpd_delay_s <= 3600);
	PROMISE(fuzz_is_clean(profile.allowed_users,
			      sizeof(profile.allowed_users)));
	PROMISE(fuzz_is_clean(profile.dns_domains,
			      sizeof(profile.dns_domains)));
	check_proposals(&profile);
	PROMISE(profile.dial_timeout_s >= 5 && profile.dial_timeout_s <= 600);
	PROMISE(profile.fragment_size >= 100 && profile.fragment_size <= 1400);
	PROMISE(profile.tls_min <= profile.tls_max);
	PROMISE(profile.gateway_revocation <= AOVPN_REVOCATION_HARD);
	PROMISE(profile.nps_revocation <= AOVPN_REVOCATION_HARD);
	return 0;
}
