/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_schema.c - aovpn cert schema: cert-check.schema.json itself, which is
 * compiled in.
 */
#include <stdio.h>

#include "cert.h"

static const char schema[] =
#include "cert-check.schema.inc.c"
	;

int cert_schema(const struct cli *cli, int argc, char **argv)
{
	(void)cli;
	(void)argc;
	(void)argv;
	fputs(schema, stdout);
	return EXIT_OK;
}
