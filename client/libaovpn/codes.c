/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * codes.c - look things up in the vocabulary.
 *
 * The tables (codes[], codes_by_symbol[], nps_reasons[], causes[] and what
 * belongs to which) are made by vocabulary/write_c.awk at build time, each in
 * the order that its search needs.
 */
#include "codes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vocabulary.inc.c"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Digits of a 32-bit number in hexadecimal, for people who type "0x". */
#define HEX_DIGITS_MAX 8

static int compare_code(const void *key, const void *entry)
{
	const int32_t *number = key;
	const struct aovpn_code *code = entry;

	return (*number > code->code) - (*number < code->code);
}

static int compare_symbol(const void *key, const void *entry)
{
	const uint16_t *position = entry;

	return strcmp(key, codes[*position].symbol);
}

static int compare_reason(const void *key, const void *entry)
{
	const uint16_t *number = key;
	const struct aovpn_nps_reason *reason = entry;

	return (*number > reason->reason) - (*number < reason->reason);
}

static int compare_slug(const void *key, const void *entry)
{
	const struct aovpn_cause *cause = entry;

	return strcmp(key, cause->slug);
}

const char *aovpn_confidence_name(enum aovpn_confidence confidence)
{
	switch (confidence) {
	case AOVPN_CERTAIN:
		return "certain";
	case AOVPN_LIKELY:
		return "likely";
	case AOVPN_POSSIBLE:
		break;
	}
	return "possible";
}

const struct aovpn_code *aovpn_code_find(int32_t code)
{
	return bsearch(&code, codes, COUNT(codes), sizeof(codes[0]),
		       compare_code);
}

const struct aovpn_code *aovpn_code_find_symbol(const char *symbol)
{
	const uint16_t *position;

	position = bsearch(symbol, codes_by_symbol, COUNT(codes_by_symbol),
			   sizeof(codes_by_symbol[0]), compare_symbol);
	return position ? &codes[*position] : NULL;
}

const struct aovpn_nps_reason *aovpn_nps_reason_find(uint16_t reason)
{
	return bsearch(&reason, nps_reasons, COUNT(nps_reasons),
		       sizeof(nps_reasons[0]), compare_reason);
}

const struct aovpn_cause *aovpn_cause_find(const char *slug)
{
	return bsearch(slug, causes, COUNT(causes), sizeof(causes[0]),
		       compare_slug);
}

const struct aovpn_code *aovpn_code_at(size_t i)
{
	return i < COUNT(codes) ? &codes[i] : NULL;
}

const struct aovpn_cause *aovpn_cause_at(size_t i)
{
	return i < COUNT(causes) ? &causes[i] : NULL;
}

/* The i-th of the causes that stand in causes_of from begin[0] to begin[1]. */
static const struct aovpn_cause *cause_in(const uint16_t *causes_of,
					  const uint16_t *begin, size_t i)
{
	return i < (size_t)(begin[1] - begin[0])
		       ? &causes[causes_of[begin[0] + i]]
		       : NULL;
}

const struct aovpn_cause *aovpn_code_cause(const struct aovpn_code *code,
					   size_t i)
{
	return cause_in(causes_of_code, &begin_of_code[code - codes], i);
}

const struct aovpn_cause *
aovpn_nps_reason_cause(const struct aovpn_nps_reason *reason, size_t i)
{
	return cause_in(causes_of_reason,
			&begin_of_reason[reason - nps_reasons], i);
}

void aovpn_message_id(uint32_t event_id, int32_t code,
		      char ret[AOVPN_MESSAGE_ID_SIZE])
{
	uint32_t number = number_of_event(event_id);
	const struct aovpn_code *known;

	if (number == MESSAGE_OTHER) {
		known = aovpn_code_find(code);
		if (known && known->meaning[0] != '\0')
			number = (uint32_t)code;
	}
	snprintf(ret, AOVPN_MESSAGE_ID_SIZE, MESSAGE_PREFIX "%08x", number);
}

/* Is all of text made of characters in set, and is there at least one? */
static bool consists_of(const char *text, const char *set)
{
	return *text && text[strspn(text, set)] == '\0';
}

/* "800B0109", what follows the "0x": the same 32 bits as a signed number. */
static int parse_hex(const char *digits, int32_t *ret)
{
	if (!consists_of(digits, "0123456789abcdefABCDEF") ||
	    strlen(digits) > HEX_DIGITS_MAX)
		return -EINVAL;
	*ret = (int32_t)(uint32_t)strtoul(digits, NULL, 16);
	return 0;
}

static int parse_decimal(const char *text, int32_t *ret)
{
	long long number;

	if (!consists_of(text + (*text == '-'), "0123456789"))
		return -EINVAL;
	/* Too long a number comes back as LLONG_MAX or LLONG_MIN. */
	number = strtoll(text, NULL, 10);
	if (number < INT32_MIN || number > INT32_MAX)
		return -EINVAL;
	*ret = (int32_t)number;
	return 0;
}

int aovpn_code_parse(const char *text, int32_t *ret)
{
	const struct aovpn_code *code = aovpn_code_find_symbol(text);

	if (code) {
		*ret = code->code;
		return 0;
	}
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return parse_hex(text + 2, ret);
	return parse_decimal(text, ret);
}
