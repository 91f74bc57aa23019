/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.h - the parts of aovpn notify: what is shown of each connection
 * (notify_show.c), and in which words (notify_text.c).
 */
#ifndef AOVPN_NOTIFY_H
#define AOVPN_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

/* --- words (notify_text.c) --- */

#define NOTIFY_SUMMARY_MAX 192
/* The longest sentence, were all of it to be escaped, and the next step. */
#define NOTIFY_BODY_MAX 6144

/* What became of a connection. The texts come from a bus: anything may stand in
 * them. */
struct notify_outcome {
	const char *connection;
	int32_t code;
	const char *cause;   /* a slug, "" without one */
	const char *message; /* aovpnd's sentence, "" where it is not known */
};

/* Is it one to be shown: a failure, a loss, or something wrong with a tunnel
 * that is up? What a person asked for is none. */
bool notify_is_trouble(const struct notify_outcome *outcome);

/* One line: which connection, and what of it. Plain text. */
void notify_summary(const struct notify_outcome *outcome,
		    char out[NOTIFY_SUMMARY_MAX]);

/*
 * The sentence with code and first cause, and the next step. markup: with "&",
 * "<" and ">" written as the notification specification (1.2, "Markup") wants
 * them, so that nothing of it is taken for an element.
 */
void notify_body(const struct notify_outcome *outcome, bool markup,
		 char out[NOTIFY_BODY_MAX]);

/* --- notifications (notify_show.c) --- */

/* No machine has more; of more than these nothing is shown. */
#define NOTIFY_CONNECTIONS_MAX 512

struct notify_show;

/* complain gets what the person at the other end should know, once for each
 * change. bus is the session's, and stays as long as the result. */
int notify_show_new(sd_bus *bus,
		    void (*complain)(void *userdata, const char *text),
		    void *userdata, struct notify_show **ret);
/* Closes what is shown; before the bus is closed, and nothing is to be read
 * from that any more. */
struct notify_show *notify_show_free(struct notify_show *show);

/* Does the notification of that connection tell of this code and cause
 * already, be it that it has been dismissed? */
bool notify_show_tells(struct notify_show *show,
		       const struct notify_outcome *outcome);

/* Show it, in the place of what is shown of that connection. */
void notify_show_put(struct notify_show *show,
		     const struct notify_outcome *outcome);

/* It is well: close what is shown of it. */
void notify_show_clear(struct notify_show *show, const char *connection);

#endif
