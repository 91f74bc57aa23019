/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_verdict.h - what selection says of one certificate, for people.
 */
#ifndef AOVPN_CERT_VERDICT_H
#define AOVPN_CERT_VERDICT_H

#include "cli.h"
#include "selection.h"

/* "corp: /etc/aovpn/certificates" */
void cert_print_heading(const struct cli *cli, const char *connection,
			const char *place);

/* A few lines: chosen or not, until when, which, why, what is doubtful. */
void cert_print_verdict(const struct cli *cli,
			const struct aovpn_verdict *verdict);

#endif
