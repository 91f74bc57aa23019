/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_verdict.c - see cert_verdict.h. */
#include "cert_verdict.h"

#include <string.h>

#include "cert_text.h"

void cert_print_heading(const struct cli *cli, const char *connection,
			const char *place)
{
	fputs(text_bold(cli), stdout);
	cert_print("%s", connection);
	fputs(text_plain(cli), stdout);
	cert_print(": %s", place);
	putchar('\n');
}

static const char *word(const struct aovpn_verdict *verdict)
{
	return verdict->chosen ? "chosen"
			       : aovpn_refusal_name(verdict->refusal);
}

static const char *base_name(const char *path)
{
	const char *slash = path[0] == '/' ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

void cert_print_verdict(const struct cli *cli,
			const struct aovpn_verdict *verdict)
{
	char expiry[CERT_TIME_MAX];
	uint32_t doubt;

	cert_time_text(verdict->not_after, expiry);
	fputs(verdict->chosen ? text_green(cli) : "", stdout);
	printf("%c %-15s", verdict->chosen ? '*' : ' ', word(verdict));
	fputs(verdict->chosen ? text_plain(cli) : "", stdout);
	cert_print(" %-10.10s  %s  %s", expiry, base_name(verdict->file),
		   verdict->subject);
	putchar('\n');
	cert_field(18, "", verdict->reason);
	if (verdict->thumbprint[0] != '\0')
		cert_field(18, "SHA-1 ", verdict->thumbprint);
	for (doubt = 1; doubt < AOVPN_DOUBT_END; doubt <<= 1)
		if (verdict->doubts & doubt)
			cert_field(18, "doubtful: ", aovpn_doubt_text(doubt));
}
