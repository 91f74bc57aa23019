/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_command.h - what the subcommands of aovpn profile share.
 */
#ifndef PROFILE_COMMAND_H
#define PROFILE_COMMAND_H

#include "cli.h"
#include "profile_sources.h"

int profile_add(const struct cli *cli, int argc, char **argv);
int profile_check(const struct cli *cli, int argc, char **argv);
int profile_list(const struct cli *cli, int argc, char **argv);
int profile_remove(const struct cli *cli, int argc, char **argv);
int profile_show(const struct cli *cli, int argc, char **argv);

/*
 * Ask a question on the terminal and read a line of at most size - 1 bytes, cut
 * of white space at both ends. 0, or -errno: -ENOTTY (no terminal), -ENODATA
 * (it ended), -EMSGSIZE (too long).
 */
int profile_ask(const char *question, char *ret, size_t size);

/* Text of any origin as a JSON string, escaped. */
json_t *profile_json_text(const char *text);

#endif
