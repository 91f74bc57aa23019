/*
 * fuzz_profile.c - the text of a profile. An error has a clean text; what is
 * taken is within the limits that profile.h gives.
 */
#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fuzz.h"

static char directory[] = "/tmp/aovpn-fuzz.XXXXXX";
static char path[sizeof(directory) + 8];

static void remove_all(void)
{
	unlink(path);
	rmdir(directory);
}

static void prepare(void)
{
	if (path[0] != '\0')
		return;
	PROMISE(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/f.conf", directory);
	atexit(remove_all);
}

static void write_profile(const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	PROMISE(fd >= 0);
	PROMISE(write(fd, data, size) == (ssize_t)size);
	close(fd);
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
	PROMISE(profile.dial_timeout_s >= 5 && profile.dial_timeout_s <= 600);
	PROMISE(profile.fragment_size >= 100 && profile.fragment_size <= 1400);
	PROMISE(profile.tls_min <= profile.tls_max);
	PROMISE(profile.gateway_revocation <= AOVPN_REVOCATION_HARD);
	PROMISE(profile.nps_revocation <= AOVPN_REVOCATION_HARD);
	return 0;
}
