/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help.h - the help of single commands.
 */
#ifndef AOVPN_HELP_H
#define AOVPN_HELP_H

/* What "aovpn COMMAND --help" says, static; NULL: the command has a help of its
 * own, or none. */
const char *help_of(const char *command);

#endif
