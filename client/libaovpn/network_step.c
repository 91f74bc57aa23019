/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network_step.c - a step as a line of text: see network_plan.h. */
#include "network_plan.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a step of each kind is told by. */
enum part {
	PART_DEVICE = 1,
	PART_NUMBER = 2,
	PART_PREFIX = 4,
	PART_SOURCE = 8, /* may be missing */
	PART_TABLE = 16,
	PART_METRIC = 32,
	PART_MORE_THAN = 64,
	PART_RECORD = 128,
	PART_FAMILY = 256, /* the prefix's */
};

#define ROUTE (PART_PREFIX | PART_TABLE | PART_METRIC)

static const struct {
	const char *word;
	unsigned int parts;
} kinds[NETWORK_STEP_END] = {
	[NETWORK_STEP_LINK] = {"link", PART_DEVICE | PART_NUMBER},
	[NETWORK_STEP_ADDRESS] = {"address", PART_DEVICE | PART_PREFIX},
	[NETWORK_STEP_UP] = {"up", PART_DEVICE},
	[NETWORK_STEP_ROUTE] = {"route", ROUTE | PART_DEVICE | PART_SOURCE},
	[NETWORK_STEP_THROW] = {"throw", ROUTE},
	[NETWORK_STEP_NOWHERE] = {"unreachable", ROUTE},
	[NETWORK_STEP_RULE] = {"rule", PART_FAMILY | PART_TABLE | PART_METRIC |
					       PART_MORE_THAN},
	[NETWORK_STEP_RESOLVED] = {"resolved", PART_DEVICE | PART_NUMBER},
	[NETWORK_STEP_RESOLVCONF] = {"resolvconf", PART_RECORD},
};

/* --- write ------------------------------------------------------------------
 */

static void put(char *line, const char *key, const char *value)
{
	const size_t used = strlen(line);

	snprintf(line + used, NETWORK_STEP_LINE_MAX - used, " %s=%s", key,
		 value);
}

static void put_number(char *line, const char *key, uint32_t value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	put(line, key, text);
}

void network_step_write(const struct network_step *step, char *line)
{
	const unsigned int parts = kinds[step->kind].parts;
	char text[NETWORK_PREFIX_TEXT];

	snprintf(line, NETWORK_STEP_LINE_MAX, "%s", kinds[step->kind].word);
	if (parts & PART_DEVICE)
		put(line, "device", step->device);
	if (parts & PART_NUMBER)
		put_number(line, "number", step->number);
	if (parts & PART_FAMILY)
		put(line, "family",
		    step->prefix.family == AF_INET ? "ipv4" : "ipv6");
	if (parts & PART_PREFIX)
		put(line, "prefix", network_prefix_text(&step->prefix, text));
	if ((parts & PART_SOURCE) && step->source.family != 0)
		put(line, "source", network_prefix_text(&step->source, text));
	if (parts & PART_TABLE)
		put_number(line, "table", step->table);
	if (parts & PART_METRIC)
		put_number(line, "metric", step->metric);
	if (parts & PART_MORE_THAN)
		put_number(line, "more_than", step->more_than);
	if (parts & PART_RECORD)
		put(line, "record", step->record);
}

/* --- read -------------------------------------------------------------------
 */

static bool get_number(const char *value, uint32_t max, uint32_t *ret)
{
	const size_t digits = strspn(value, "0123456789");
	const unsigned long long number = strtoull(value, NULL, 10);

	if (digits < 1 || digits > 10 || value[digits] != '\0' || number > max)
		return false;
	*ret = (uint32_t)number;
	return true;
}

/* Of letters that neither a path nor a command can be made of. */
static bool get_word(const char *value, char *out, size_t size)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-~";

	if (strlen(value) >= size || value[0] == '.' || value[0] == '-' ||
	    value[0] == '\0' || value[strspn(value, allowed)] != '\0')
		return false;
	memcpy(out, value, strlen(value) + 1);
	return true;
}

static bool get_family(const char *value, uint8_t *family)
{
	if (strcmp(value, "ipv4") == 0)
		*family = AF_INET;
	else if (strcmp(value, "ipv6") == 0)
		*family = AF_INET6;
	else
		return false;
	return true;
}

/* One KEY=VALUE. Returns its part, 0 where it is none or wrong. */
static unsigned int get(const char *key, const char *value,
			struct network_step *step)
{
	if (strcmp(key, "device") == 0)
		return get_word(value, step->device, sizeof(step->device))
			       ? PART_DEVICE
			       : 0;
	if (strcmp(key, "number") == 0)
		return get_number(value, UINT32_MAX, &step->number)
			       ? PART_NUMBER
			       : 0;
	if (strcmp(key, "family") == 0)
		return get_family(value, &step->prefix.family) ? PART_FAMILY
							       : 0;
	if (strcmp(key, "prefix") == 0)
		return network_prefix_read(value, strlen(value), &step->prefix)
			       ? PART_PREFIX
			       : 0;
	if (strcmp(key, "source") == 0)
		return network_prefix_read(value, strlen(value), &step->source)
			       ? PART_SOURCE
			       : 0;
	if (strcmp(key, "table") == 0)
		return get_number(value, UINT32_MAX, &step->table) ? PART_TABLE
								   : 0;
	if (strcmp(key, "metric") == 0)
		return get_number(value, UINT32_MAX, &step->metric)
			       ? PART_METRIC
			       : 0;
	if (strcmp(key, "more_than") == 0)
		return get_number(value, 128, &step->more_than) ? PART_MORE_THAN
								: 0;
	if (strcmp(key, "record") == 0)
		return get_word(value, step->record, sizeof(step->record))
			       ? PART_RECORD
			       : 0;
	return 0;
}

static bool get_kind(const char *word, struct network_step *step)
{
	uint32_t i;

	for (i = 0; i < NETWORK_STEP_END; i++) {
		if (strcmp(kinds[i].word, word) != 0)
			continue;
		step->kind = i;
		return true;
	}
	return false;
}

/* The words behind the first one. False where one is wrong, twice there, of no
 * use, or missing. */
static bool get_parts(char **rest, struct network_step *step)
{
	const unsigned int wanted = kinds[step->kind].parts;
	unsigned int part, seen = 0;
	char *word, *equals;

	while ((word = strtok_r(NULL, " ", rest)) != NULL) {
		equals = strchr(word, '=');
		if (!equals)
			return false;
		*equals = '\0';
		part = get(word, equals + 1, step);
		if (part == 0 || (seen & part) || !(wanted & part))
			return false;
		seen |= part;
	}
	return (seen | PART_SOURCE) == (wanted | PART_SOURCE);
}

int network_step_read(const char *line, struct network_step *ret,
		      struct aovpn_error *error)
{
	struct network_step step = {0};
	char copy[NETWORK_STEP_LINE_MAX];
	char *rest, *word;

	snprintf(copy, sizeof(copy), "%s", line);
	word = strtok_r(copy, " ", &rest);
	if (strlen(line) >= sizeof(copy) || !word || !get_kind(word, &step) ||
	    !get_parts(&rest, &step))
		return aovpn_error_set(error, -EINVAL,
				       "\"%.128s\" is no step of a network",
				       line);
	*ret = step;
	return 0;
}
