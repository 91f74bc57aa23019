/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notify_text.c - see notify.h. */
#include <stdio.h>
#include <string.h>

#include "codes.h"
#include "escape.h"
#include "notify.h"

/* What a sentence of the network may take up of a notification. */
#define SENTENCE_MAX 640

bool notify_is_trouble(const struct notify_outcome *outcome)
{
	return outcome->cause[0] != '\0' &&
	       strcmp(outcome->cause, "user-disconnected") != 0 &&
	       strcmp(outcome->cause, "dial-cancelled") != 0;
}

void notify_summary(const struct notify_outcome *outcome,
		    char out[NOTIFY_SUMMARY_MAX])
{
	char name[128];

	aovpn_escape_string(outcome->connection, name, sizeof(name));
	if (outcome->code == 0)
		snprintf(out, NOTIFY_SUMMARY_MAX,
			 "VPN %s: connected, but something is wrong", name);
	else
		snprintf(out, NOTIFY_SUMMARY_MAX, "VPN %s: error %d", name,
			 outcome->code);
}

/* RasClient's sentence without the id that it begins with, which helps nobody
 * here; where it is not known, what is known. */
static void sentence(const struct notify_outcome *outcome, char *out,
		     size_t size)
{
	const struct aovpn_cause *cause = aovpn_cause_find(outcome->cause);
	const char *message = outcome->message;
	const char *end = strncmp(message, "CoId={", 6) == 0
				  ? strstr(message, "}: ")
				  : NULL;
	char raw[SENTENCE_MAX];

	if (message[0] != '\0') {
		aovpn_escape_string(end ? end + 3 : message, out, size);
		return;
	}
	snprintf(raw, sizeof(raw),
		 "The connection named %.100s is not connected. The last error "
		 "code is %d. Cause: %.300s",
		 outcome->connection, outcome->code,
		 cause ? cause->summary : outcome->cause);
	aovpn_escape_string(raw, out, size);
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	}
	return NULL;
}

/* Append text; what does not fit is left out, and no entity is cut. */
static void append(char *out, size_t size, bool markup, const char *text)
{
	size_t used = strlen(out), length;
	const char *as;

	for (; *text != '\0'; text++) {
		as = markup ? entity(*text) : NULL;
		length = as ? strlen(as) : 1;
		if (used + length >= size)
			break;
		memcpy(out + used, as ? as : text, length);
		used += length;
	}
	out[used] = '\0';
}

void notify_body(const struct notify_outcome *outcome, bool markup,
		 char out[NOTIFY_BODY_MAX])
{
	const struct aovpn_cause *cause = aovpn_cause_find(outcome->cause);
	char text[SENTENCE_MAX];

	out[0] = '\0';
	sentence(outcome, text, sizeof(text));
	append(out, NOTIFY_BODY_MAX, markup, text);
	if (!cause)
		return;
	append(out, NOTIFY_BODY_MAX, markup, "\nNext: ");
	append(out, NOTIFY_BODY_MAX, markup, cause->fix);
	append(out, NOTIFY_BODY_MAX, markup, "\nMore: aovpn explain ");
	append(out, NOTIFY_BODY_MAX, markup, cause->slug);
}
