/* explain.c - aovpn explain: a code or a cause, from the vocabulary; needs no
 * daemon. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "codes.h"

static json_t *cause_object(const struct aovpn_cause *cause)
{
	json_t *codes = json_array(), *reasons = json_array();
	int i;

	for (i = 0; i < AOVPN_CAUSE_CODES_MAX && cause->codes[i]; i++)
		json_array_append_new(codes, json_integer(cause->codes[i]));
	for (i = 0; i < AOVPN_CAUSE_REASONS_MAX && cause->nps_reasons[i]; i++)
		json_array_append_new(reasons,
				      json_integer(cause->nps_reasons[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}",
			 "cause", cause->slug, "stages", cause->stages,
			 "mend_at", cause->mend_at, "summary", cause->summary,
			 "why", cause->why, "check", cause->check, "fix",
			 cause->fix, "ras_codes", codes, "nps_reasons",
			 reasons);
}

static void print_cause(const struct aovpn_cause *cause)
{
	const struct aovpn_nps_reason *reason;
	int i;

	printf("%s\n", cause->slug);
	text_wrapped(2, "", cause->summary);
	text_wrapped(2, "why:    ", cause->why);
	text_wrapped(2, "check:  ", cause->check);
	text_wrapped(2, "fix:    ", cause->fix);
	text_wrapped(2, "where:  ", cause->mend_at);
	for (i = 0; i < AOVPN_CAUSE_CODES_MAX && cause->codes[i]; i++)
		printf("  %s %d\n", i ? "       " : "shows as",
		       cause->codes[i]);
	for (i = 0; i < AOVPN_CAUSE_REASONS_MAX && cause->nps_reasons[i]; i++) {
		reason = aovpn_nps_reason_find(cause->nps_reasons[i]);
		printf("  NPS event 6273 reason %u: %s\n",
		       cause->nps_reasons[i], reason ? reason->meaning : "");
	}
}

/* Does this code stand among those under which the cause shows? */
static bool shows_as(const struct aovpn_cause *cause, int32_t code)
{
	int i;

	for (i = 0; i < AOVPN_CAUSE_CODES_MAX && cause->codes[i]; i++)
		if (cause->codes[i] == code)
			return true;
	return false;
}

static int explain_code(const struct cli *cli, const struct aovpn_code *code)
{
	json_t *causes = json_array(), *object;
	const struct aovpn_cause *cause;
	size_t i;

	if (!cli->json) {
		printf("%d %s\n", code->code, code->symbol);
		if (code->meaning[0] != '\0')
			text_wrapped(2, "", code->meaning);
		puts("known causes:");
	}
	for (i = 0; (cause = aovpn_cause_at(i)) != NULL; i++) {
		if (!shows_as(cause, code->code))
			continue;
		json_array_append_new(causes, json_string(cause->slug));
		if (!cli->json)
			printf("  %-32s %s\n", cause->slug, cause->summary);
	}
	if (!cli->json && json_array_size(causes) == 0)
		puts("  none in this program's vocabulary");
	if (cli->json) {
		object = json_pack("{s:i, s:s, s:s, s:O}", "ras_code",
				   code->code, "ras_name", code->symbol,
				   "meaning", code->meaning, "causes", causes);
		cli_print_json(object);
		json_decref(object);
	}
	json_decref(causes);
	return EXIT_OK;
}

static int explain_cause(const struct cli *cli, const struct aovpn_cause *cause)
{
	json_t *object;

	if (!cli->json) {
		print_cause(cause);
		return EXIT_OK;
	}
	object = cause_object(cause);
	cli_print_json(object);
	json_decref(object);
	return EXIT_OK;
}

int cmd_explain(const struct cli *cli, int argc, char **argv)
{
	const struct aovpn_cause *cause = aovpn_cause_find(argv[0]);
	const struct aovpn_code *code = NULL;
	int32_t number;

	(void)argc;
	if (cause)
		return explain_cause(cli, cause);
	if (aovpn_code_parse(argv[0], &number) == 0)
		code = aovpn_code_find(number);
	if (code)
		return explain_code(cli, code);
	return cli_fail(cli, EXIT_USAGE,
			"\"%s\" is neither a code (853, 0x800B0109, a symbol) "
			"nor a cause that this program knows",
			argv[0]);
}
