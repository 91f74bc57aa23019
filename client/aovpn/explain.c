/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain.c - aovpn explain: what a code, a reason of NPS, a cause or one event
 * means, what may be behind it, and how to confirm and fix that. All but events
 * (explain_event.c) come from the vocabulary and need no daemon.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "codes.h"

#define REASON_PREFIX "nps:"

/* --- as JSON, which the text is made from too ------------------------------
 */

static json_t *codes_of(const struct aovpn_cause *cause)
{
	json_t *codes = json_array();
	int i;

	for (i = 0; i < AOVPN_CAUSE_CODES_MAX && cause->codes[i]; i++)
		json_array_append_new(codes, json_integer(cause->codes[i]));
	return codes;
}

static json_t *reasons_of(const struct aovpn_cause *cause)
{
	json_t *reasons = json_array();
	int i;

	for (i = 0; i < AOVPN_CAUSE_REASONS_MAX && cause->nps_reasons[i]; i++)
		json_array_append_new(reasons,
				      json_integer(cause->nps_reasons[i]));
	return reasons;
}

static void set_text(json_t *object, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_object_set_new(object, key, json_string(value));
}

static json_t *cause_object(const struct aovpn_cause *cause)
{
	json_t *object = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "cause",
		cause->slug, "stages", cause->stages, "mend_at", cause->mend_at,
		"summary", cause->summary, "why", cause->why, "check",
		cause->check, "fix", cause->fix, "ras_codes", codes_of(cause),
		"nps_reasons", reasons_of(cause));

	set_text(object, "unseen", cause->unseen);
	set_text(object, "check_windows", cause->check_windows);
	set_text(object, "fix_lowers_security", cause->lowers_security);
	return object;
}

static json_t *code_object(const struct aovpn_code *code)
{
	const struct aovpn_cause *cause;
	json_t *causes = json_array();
	size_t i;

	for (i = 0; (cause = aovpn_code_cause(code, i)) != NULL; i++)
		json_array_append_new(causes, cause_object(cause));
	return json_pack("{s:i, s:s, s:s, s:o}", "ras_code", code->code,
			 "ras_name", code->symbol, "meaning", code->meaning,
			 "causes", causes);
}

static void add_once(json_t *numbers, const json_t *more)
{
	json_t *known, *number;
	size_t i, k;
	bool there;

	json_array_foreach(more, i, number)
	{
		there = false;
		json_array_foreach(numbers, k, known) there |=
			json_equal(known, number);
		if (!there)
			json_array_append(numbers, number);
	}
}

static json_t *reason_object(const struct aovpn_nps_reason *reason)
{
	json_t *causes = json_array(), *codes = json_array(), *object;
	const struct aovpn_cause *cause;
	size_t i;

	for (i = 0; (cause = aovpn_nps_reason_cause(reason, i)) != NULL; i++) {
		object = cause_object(cause);
		add_once(codes, json_object_get(object, "ras_codes"));
		json_array_append_new(causes, object);
	}
	return json_pack("{s:i, s:s, s:o, s:o}", "nps_reason", reason->reason,
			 "meaning", reason->meaning, "ras_codes", codes,
			 "causes", causes);
}

/* --- as text ----------------------------------------------------------------
 */

/* "853 ERROR_EAP_USER_CERT_INVALID" */
static void print_codes(const json_t *codes)
{
	const struct aovpn_code *code;
	const json_t *number;
	size_t i;

	json_array_foreach(codes, i, number)
	{
		code = aovpn_code_find((int32_t)json_integer_value(number));
		if (code)
			printf("  %s %d %s\n", i ? "        " : "shows as",
			       code->code, code->symbol);
	}
}

static void print_reasons(const json_t *reasons)
{
	const struct aovpn_nps_reason *reason;
	const json_t *number;
	char line[256];
	size_t i;

	json_array_foreach(reasons, i, number)
	{
		reason = aovpn_nps_reason_find(
			(uint16_t)json_integer_value(number));
		if (!reason)
			continue;
		snprintf(line, sizeof(line), "%u, %s", reason->reason,
			 reason->meaning);
		text_wrapped(2, i ? "                  " : "NPS event 6273:   ",
			     line);
	}
}

static void print_cause(const json_t *cause)
{
	printf("%s\n", record_text(cause, "cause"));
	text_wrapped(2, "", record_text(cause, "summary"));
	text_wrapped(2, "why:      ", record_text(cause, "why"));
	if (*record_text(cause, "unseen"))
		text_wrapped(2, "unseen:   ", record_text(cause, "unseen"));
	text_advice(2, cause);
	text_wrapped(2, "where:    ", record_text(cause, "mend_at"));
	print_codes(json_object_get(cause, "ras_codes"));
	print_reasons(json_object_get(cause, "nps_reasons"));
}

/* The causes of a code or a reason; why they are is for -v. */
static void print_causes(const struct cli *cli, const json_t *causes)
{
	const json_t *cause;
	size_t i;

	if (json_array_size(causes) == 0)
		puts("\nNo cause that this program knows shows so.");
	else
		puts("\nKnown causes, the usual ones first:");
	json_array_foreach(causes, i, cause)
	{
		printf("\n%2zu. %s (%s)\n", i + 1, record_text(cause, "cause"),
		       record_text(cause, "mend_at"));
		text_wrapped(4, "", record_text(cause, "summary"));
		if (cli->verbose)
			text_wrapped(4,
				     "why:      ", record_text(cause, "why"));
		text_advice(4, cause);
	}
}

static void print_code(const struct cli *cli, const json_t *code)
{
	int32_t number =
		(int32_t)json_integer_value(json_object_get(code, "ras_code"));
	const char *meaning = record_text(code, "meaning");

	printf("%d %s", number, record_text(code, "ras_name"));
	printf(number < 0 ? " (0x%08X)\n" : "\n", (uint32_t)number);
	text_wrapped(2, "",
		     meaning[0] != '\0'
			     ? meaning
			     : "A code of Windows that neither IKEv2 nor "
			       "EAP-TLS is known to yield.");
	print_causes(cli, json_object_get(code, "causes"));
}

static void print_reason(const struct cli *cli, const json_t *reason)
{
	printf("NPS reason %lld (Security event 6273)\n",
	       (long long)json_integer_value(
		       json_object_get(reason, "nps_reason")));
	text_wrapped(2, "", record_text(reason, "meaning"));
	print_codes(json_object_get(reason, "ras_codes"));
	print_causes(cli, json_object_get(reason, "causes"));
}

/* --- what was asked ---------------------------------------------------------
 */

/* "nps:258"; NULL for all else. */
static const struct aovpn_nps_reason *parse_reason(const char *text)
{
	int32_t number;

	if (strncmp(text, REASON_PREFIX, strlen(REASON_PREFIX)) != 0 ||
	    aovpn_code_parse(text + strlen(REASON_PREFIX), &number) < 0 ||
	    number < 0 || number > UINT16_MAX)
		return NULL;
	return aovpn_nps_reason_find((uint16_t)number);
}

static const struct aovpn_code *parse_code(const char *text)
{
	int32_t number;

	return aovpn_code_parse(text, &number) < 0 ? NULL
						   : aovpn_code_find(number);
}

/* Show object, which goes, as JSON or by print. */
static int show(const struct cli *cli, json_t *object,
		void (*print)(const struct cli *, const json_t *))
{
	if (cli->json)
		cli_print_json(object);
	else
		print(cli, object);
	json_decref(object);
	return EXIT_OK;
}

static void print_one_cause(const struct cli *cli, const json_t *cause)
{
	(void)cli;
	print_cause(cause);
}

int cmd_explain(const struct cli *cli, int argc, char **argv)
{
	const struct aovpn_cause *cause = aovpn_cause_find(argv[0]);
	const struct aovpn_nps_reason *reason = parse_reason(argv[0]);
	const struct aovpn_code *code = parse_code(argv[0]);

	(void)argc;
	if (cause)
		return show(cli, cause_object(cause), print_one_cause);
	if (reason)
		return show(cli, reason_object(reason), print_reason);
	if (code)
		return show(cli, code_object(code), print_code);
	if (event_is_id(argv[0]))
		return event_explain(cli, argv[0]);
	return cli_fail(cli, EXIT_USAGE,
			"\"%s\" is nothing that can be explained: a code (853, "
			"-2146762495, 0x800B0101, CERT_E_EXPIRED), a reason of "
			"NPS (nps:258), a cause (client-cert-no-sid) or the id "
			"of an event, of which 8 digits are enough",
			argv[0]);
}
