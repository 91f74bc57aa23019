/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_check.c - aovpn cert check: would NPS accept this certificate? The work
 * is certificate_check.c's; here its input is gathered and its result shown.
 */
#include <string.h>

#include "cert.h"
#include "cert_json.h"
#include "cert_text.h"
#include "certificate_check.h"

static int exit_status(enum aovpn_check_verdict verdict)
{
	switch (verdict) {
	case AOVPN_CHECK_ACCEPTED:
		return EXIT_ACCEPTED;
	case AOVPN_CHECK_REFUSED:
		return EXIT_REFUSED;
	case AOVPN_CHECK_UNKNOWN:
		break;
	}
	return EXIT_UNKNOWN;
}

static void show(const struct cli *cli, const struct cert_subject *subject,
		 const struct aovpn_check *check, time_t now)
{
	json_t *object;

	if (!cli->json) {
		cert_text_check(cli, subject, check, now);
		return;
	}
	object = cert_json_check(subject, check, now);
	cli_print_json(object);
	json_decref(object);
}

static int run(const struct cli *cli, const struct cert_subject *subject,
	       const struct aovpn_fetcher *fetcher)
{
	const struct aovpn_check_input input = {
		.leaf = subject->look.leaf,
		.chain = subject->look.chain,
		.roots = subject->roots,
		.system_store = true,
		.now = time(NULL),
		.fetcher = fetcher,
	};
	struct aovpn_check *check = NULL;
	int r = aovpn_check_run(&input, &check);

	if (r < 0)
		return cli_fail(cli, EXIT_UNKNOWN, "%s", strerror(-r));
	show(cli, subject, check, input.now);
	r = exit_status(check->verdict);
	aovpn_check_free(check);
	return r;
}

int cert_check(const struct cli *cli, int argc, char **argv)
{
	struct aovpn_fetcher *fetcher = NULL;
	struct cert_subject subject;
	int status;

	(void)argc;
	if (cli->offline && cli->refresh)
		return cli_fail(cli, EXIT_USAGE,
				"--offline and --refresh exclude each other");
	status = cert_subject_open(cli, argv[0], &subject);
	if (status != 0)
		return status;
	status = cert_fetcher_open(cli, false, &fetcher);
	if (status == 0)
		status = run(cli, &subject, fetcher);
	aovpn_fetcher_close(fetcher);
	cert_subject_clear(&subject);
	return status;
}
