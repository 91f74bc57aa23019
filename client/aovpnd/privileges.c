/* SPDX-License-Identifier: GPL-2.0-or-later */
/* privileges.c - see privileges.h and capabilities(7). */
#include "privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const unsigned int unwanted[] = {
	/* The loader's. */
	CAP_BPF,
	CAP_PERFMON,
	CAP_NET_ADMIN,
	CAP_NET_RAW,
	CAP_SYS_ADMIN,
	CAP_SYS_PTRACE,
	/* Nobody's here. */
	CAP_SYS_MODULE,
	CAP_SYS_RAWIO,
	CAP_SYS_BOOT,
	CAP_SYS_TIME,
	CAP_MKNOD,
	CAP_SYS_CHROOT,
	CAP_NET_BIND_SERVICE,
};

/* Passwords and keys pass through here: no core, and nobody without
 * CAP_SYS_PTRACE looks in. (A limit of 0 does not hold where
 * cores go to a pipe.) */
static int keep_memory(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint32_t bit, given_up = 0;
	size_t i;

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	for (i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++) {
		bit = CAP_TO_MASK(unwanted[i]);
		given_up |= bit & data[CAP_TO_INDEX(unwanted[i])].permitted;
		data[CAP_TO_INDEX(unwanted[i])].effective &= ~bit;
		data[CAP_TO_INDEX(unwanted[i])].permitted &= ~bit;
		data[CAP_TO_INDEX(unwanted[i])].inheritable &= ~bit;
	}
	/* A unit that has taken all forbids the call, too. */
	if (given_up == 0)
		return 0;
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int privileges_drop(void)
{
	int kept = keep_memory(), dropped = drop_capabilities();

	return dropped < 0 ? dropped : kept;
}
