/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server_name.c - see server_name.h. */
#include "server_name.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PATTERN_MAX 256
/* How many copies of its parts a pattern may make regcomp() keep. */
#define COPIES_MAX 64

bool aovpn_server_name_is_pattern(const char *entry)
{
	return strchr(entry, '*') != NULL;
}

/* "*.contoso.test": administrators write it for every name below the domain; as
 * a regular expression it would mean nothing. */
static bool is_wildcard(const char *pattern)
{
	return strncmp(pattern, "*.", 2) == 0;
}

/* The largest number of an interval "{2,30}" that begins here, at least 2. */
static unsigned long interval(const char *brace)
{
	unsigned long most = 2, number;
	const char *c = brace + 1;
	char *end;

	while (isdigit((unsigned char)*c) || *c == ',') {
		number = strtoul(c, &end, 10);
		if (number > most)
			most = number;
		c = end > c ? end : c + 1;
	}
	return most;
}

/* What an interval that begins here costs. The copies of a group that may be
 * empty, "(a|b*|b*){23,}", are looked through in all ways: each doubles that.
 */
static unsigned long cost(const char *pattern, const char *brace)
{
	unsigned long most = interval(brace);

	if (brace == pattern || brace[-1] != ')')
		return most;
	return most < 16 ? 1ul << most : 1ul << 16;
}

/* regcomp() copies what "+" and "{" repeat, nested ones again and again, until
 * memory or time is used up; what is repeated twice ("*+") is a mistake anyway.
 * Back-references take exponential time to match. */
static bool is_modest(const char *pattern)
{
	unsigned long copies = 1;
	bool repeated = false; /* by the character before */
	const char *c;

	for (c = pattern; *c != '\0'; c++) {
		if (repeated && strchr("*+{", *c))
			return false;
		repeated = strchr("*+?}", *c) != NULL;
		if (*c == '\\' && c[1] != '\0' && isdigit((unsigned char)*++c))
			return false;
		if (repeated && *c == '+')
			copies *= 2;
		else if (*c == '{')
			copies *= cost(pattern, c);
		if (copies > COPIES_MAX)
			return false;
	}
	return true;
}

/* The caller frees *ret by regfree. False: not a regular expression. */
static bool compile(const char *pattern, regex_t *ret)
{
	char anchored[PATTERN_MAX + 8];

	if (strlen(pattern) > PATTERN_MAX || !is_modest(pattern))
		return false;
	snprintf(anchored, sizeof(anchored), "^(%s)$", pattern);
	return regcomp(ret, anchored, REG_EXTENDED | REG_ICASE | REG_NOSUB) ==
	       0;
}

bool aovpn_server_name_pattern_valid(const char *pattern)
{
	const char *c;
	regex_t regex;

	for (c = pattern; *c != '\0'; c++)
		if (!isgraph((unsigned char)*c) || *c == ';')
			return false;
	if (is_wildcard(pattern))
		return pattern[2] != '\0' && !strchr(pattern + 1, '*');
	if (!compile(pattern, &regex))
		return false;
	regfree(&regex);
	return true;
}

/* Does name end in the domain behind "*", with at least one label before? */
static bool is_below(const char *domain, const char *name)
{
	size_t suffix = strlen(domain), length = strlen(name);

	return length > suffix &&
	       strcasecmp(name + length - suffix, domain) == 0;
}

bool aovpn_server_name_matches(const char *pattern, const char *name)
{
	regex_t regex;
	bool matches;

	if (!aovpn_server_name_pattern_valid(pattern))
		return false;
	if (is_wildcard(pattern))
		return is_below(pattern + 1, name);
	if (!compile(pattern, &regex))
		return false;
	matches = regexec(&regex, name, 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}
