/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - runs another program for a moment.
 */
#ifndef AOVPN_NETWORK_COMMAND_H
#define AOVPN_NETWORK_COMMAND_H

#include <stddef.h>

/*
 * Run arguments[0] with an environment that has a PATH and nothing else. It
 * reads input; said (size bytes) gets the beginning of what it writes. Returns
 * 0 where it ends with status 0, -EIO where with another, -ETIMEDOUT where it
 * took more than ten seconds and was killed, -errno where it cannot be started.
 */
int command_run(const char *const *arguments, const char *input, char *said,
		size_t size);

#endif
