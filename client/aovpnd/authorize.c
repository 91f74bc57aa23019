/* SPDX-License-Identifier: GPL-2.0-or-later */
/* authorize.c - see authorize.h. First the bus is asked for the caller's uid,
 * then polkit, where that is not enough; nobody waits in between. */
#include "authorize.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "profile.h"

#define GROUPS_MAX     256
#define NOT_AUTHORIZED "org.aovpn.Error.NotAuthorized"

struct question {
	struct question *next;
	sd_bus_message *call;
	sd_bus_slot *asked; /* the bus, then polkit */
	sd_bus_slot *left;  /* that the caller has gone */
	uint64_t number;    /* polkit's name for it is made of this */
	enum authorize_action action;
	const char *profiles; /* the caller's, which stays */
	char connection[AOVPN_NAME_MAX];
	char user[64];
	authorize_done_t done;
	void *userdata;
};

static struct question *first;
static unsigned int pending;

static const char *action_id(enum authorize_action action)
{
	return action == AUTHORIZE_DIAL ? "org.aovpn.dial" : "org.aovpn.manage";
}

static void question_free(struct question *question)
{
	struct question **at = &first;

	while (*at != question)
		at = &(*at)->next;
	*at = question->next;
	sd_bus_slot_unref(question->asked);
	sd_bus_slot_unref(question->left);
	sd_bus_message_unref(question->call);
	free(question);
	pending--;
}

static void allow(struct question *question)
{
	question->done(question->call, question->user, question->userdata);
	question_free(question);
}

static void refuse(struct question *question, const char *why)
{
	sd_bus_reply_method_errorf(
		question->call, NOT_AUTHORIZED,
		"%s may not do that: %s (action %s); root may, and whom "
		"AllowedUsers= or AllowedGroups= of the profile names may dial",
		question->user[0] ? question->user : "the caller", why,
		action_id(question->action));
	question_free(question);
}

/* --- the profile -----------------------------------------------------------
 */

/* Is name one of the list, with ","? */
static bool names(const char *list, const char *name)
{
	size_t length = strlen(name), n;

	while (list[0] != '\0') {
		n = strcspn(list, ",");
		if (n == length && memcmp(list, name, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static bool names_group_of(const char *list, const struct passwd *entry)
{
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX, i;
	const struct group *group;

	if (list[0] == '\0' ||
	    getgrouplist(entry->pw_name, entry->pw_gid, groups, &count) < 0)
		return false;
	for (i = 0; i < count; i++) {
		group = getgrgid(groups[i]);
		if (group && names(list, group->gr_name))
			return true;
	}
	return false;
}

/* A profile that cannot be read allows nobody. */
bool authorize_by_profile(const char *profiles, const char *connection,
			  const struct passwd *entry)
{
	struct aovpn_profile *profile = calloc(1, sizeof(*profile));
	struct aovpn_error error;
	bool allowed = false;

	if (profile && entry &&
	    aovpn_profile_name_check(connection, &error) == 0 &&
	    aovpn_profile_load(profiles, connection, profile, &error) == 0)
		allowed = names(profile->allowed_users, entry->pw_name) ||
			  names_group_of(profile->allowed_groups, entry);
	free(profile);
	return allowed;
}

/* --- polkit ----------------------------------------------------------------
 */

static int on_polkit(sd_bus_message *answer, void *userdata,
		     sd_bus_error *ret_error)
{
	const sd_bus_error *error = sd_bus_message_get_error(answer);
	struct question *question = userdata;
	int allowed = 0, challenge = 0;

	(void)ret_error;
	if (error)
		refuse(question, "polkit does not answer");
	else if (sd_bus_message_enter_container(answer, 'r', "bba{ss}") < 0 ||
		 sd_bus_message_read(answer, "bb", &allowed, &challenge) < 0)
		refuse(question, "polkit's answer cannot be read");
	else if (allowed)
		allow(question);
	else
		refuse(question, challenge ? "polkit wants an administrator to "
					     "authenticate"
					   : "polkit refuses it");
	return 0;
}

#define POLKIT                                                                 \
	"org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority", \
		"org.freedesktop.PolicyKit1.Authority"

static void write_id(const struct question *question, char out[32])
{
	snprintf(out, 32, "aovpn-%" PRIu64, question->number);
}

static int polkit_message(const struct question *question, sd_bus_message **ret)
{
	sd_bus_message *call = question->call;
	char name[4 * AOVPN_NAME_MAX], id[32];
	int r;

	aovpn_escape_string(question->connection, name, sizeof(name));
	write_id(question, id);
	r = sd_bus_message_new_method_call(sd_bus_message_get_bus(call), ret,
					   POLKIT, "CheckAuthorization");
	if (r < 0)
		return r;
	return sd_bus_message_append(
		*ret, "(sa{sv})sa{ss}us", "system-bus-name", 1, "name", "s",
		sd_bus_message_get_sender(call), action_id(question->action), 1,
		"connection", name,
		sd_bus_message_get_allow_interactive_authorization(call) > 0,
		id);
}

/* Nobody waits for the answer any more, nor shall a person be asked. */
static int on_left(sd_bus_message *message, void *userdata,
		   sd_bus_error *ret_error)
{
	struct question *question = userdata;
	const char *sender = sd_bus_message_get_sender(message);
	const char *name, *before, *now;
	char id[32];

	(void)ret_error;
	if (!sender || strcmp(sender, "org.freedesktop.DBus") != 0 ||
	    sd_bus_message_read(message, "sss", &name, &before, &now) < 0 ||
	    now[0] != '\0')
		return 0;
	write_id(question, id);
	sd_bus_call_method_async(sd_bus_message_get_bus(question->call), NULL,
				 POLKIT, "CancelCheckAuthorization", NULL, NULL,
				 "s", id);
	question_free(question);
	return 0;
}

/* Without it the answer is waited for, which is all. */
static int on_match(sd_bus_message *message, void *userdata,
		    sd_bus_error *ret_error)
{
	(void)message;
	(void)userdata;
	(void)ret_error;
	return 0;
}

static int watch_caller(struct question *question)
{
	char match[160];

	snprintf(match, sizeof(match),
		 "type='signal',sender='org.freedesktop.DBus',"
		 "member='NameOwnerChanged',arg0='%.60s'",
		 sd_bus_message_get_sender(question->call));
	return sd_bus_add_match_async(sd_bus_message_get_bus(question->call),
				      &question->left, match, on_left, on_match,
				      question);
}

static void ask_polkit(struct question *question)
{
	sd_bus_message *message = NULL;
	int r = polkit_message(question, &message);

	if (r >= 0)
		r = watch_caller(question);
	question->asked = sd_bus_slot_unref(question->asked);
	if (r >= 0)
		r = sd_bus_call_async(sd_bus_message_get_bus(question->call),
				      &question->asked, message, on_polkit,
				      question, AUTHORIZE_POLKIT_US);
	sd_bus_message_unref(message);
	if (r < 0)
		refuse(question, "polkit cannot be asked");
}

/* --- the caller ------------------------------------------------------------
 */

static int on_uid(sd_bus_message *answer, void *userdata,
		  sd_bus_error *ret_error)
{
	struct question *question = userdata;
	const struct passwd *entry;
	uint32_t uid;

	(void)ret_error;
	if (sd_bus_message_is_method_error(answer, NULL) ||
	    sd_bus_message_read(answer, "u", &uid) < 0) {
		refuse(question, "the bus does not say who it is");
		return 0;
	}
	entry = getpwuid(uid);
	if (entry)
		snprintf(question->user, sizeof(question->user), "%s",
			 entry->pw_name);
	else
		snprintf(question->user, sizeof(question->user), "%u", uid);
	if (uid == 0 || question->action == AUTHORIZE_LOOK ||
	    (question->action == AUTHORIZE_DIAL &&
	     authorize_by_profile(question->profiles, question->connection,
				  entry)))
		allow(question);
	else
		ask_polkit(question);
	return 0;
}

static int ask_bus(struct question *question)
{
	return sd_bus_call_method_async(
		sd_bus_message_get_bus(question->call), &question->asked,
		"org.freedesktop.DBus", "/org/freedesktop/DBus",
		"org.freedesktop.DBus", "GetConnectionUnixUser", on_uid,
		question, "s", sd_bus_message_get_sender(question->call));
}

int authorize(sd_bus_message *call, enum authorize_action action,
	      const char *profiles, const char *connection,
	      authorize_done_t done, void *userdata)
{
	static uint64_t number;
	struct question *question;
	int r;

	if (pending == AUTHORIZE_PENDING_MAX)
		return -EBUSY;
	question = calloc(1, sizeof(*question));
	if (!question)
		return -ENOMEM;
	pending++;
	question->next = first;
	first = question;
	question->number = ++number;
	question->call = sd_bus_message_ref(call);
	question->action = action;
	question->done = done;
	question->userdata = userdata;
	question->profiles = profiles;
	/* One that is too long is no profile's name: it is refused later. */
	snprintf(question->connection, sizeof(question->connection), "%s",
		 connection);
	r = ask_bus(question);
	if (r < 0)
		question_free(question);
	return r;
}

void authorize_end(void)
{
	while (first)
		question_free(first);
}
