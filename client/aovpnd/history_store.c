/* SPDX-License-Identifier: GPL-2.0-or-later */
/* history_store.c - see history_store.h. */
#include "history_store.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "facts_form.h"
#include "file.h"
#include "state_file.h"

#define SCHEMA   1
#define FILE_MAX (2u * 1024 * 1024)

struct entry {
	char connection[AOVPN_NAME_MAX];
	char server[AOVPN_TEXT_MAX];
	char issuer[AOVPN_TEXT_MAX];
	char issuer_key_id[65];
	struct aovpn_history history;
};

/* What is in the file. */
struct content {
	uint32_t schema;
	struct entry entry[HISTORY_ENTRIES_MAX];
	uint32_t count;
};

struct history_store {
	char directory[PATH_MAX];
	char path[PATH_MAX];
	struct content content;
};

static const struct form entry_form[] = {
	{FORM_AT(struct entry, TEXT, connection)},
	{FORM_AT(struct entry, TEXT, server)},
	{FORM_AT(struct entry, TEXT, issuer)},
	{FORM_AT(struct entry, TEXT, issuer_key_id)},
	{FORM_AT(struct entry, OBJECT, history), .fields = history_form},
	FORM_END,
};

static const struct form content_form[] = {
	{FORM_AT(struct content, UNSIGNED, schema)},
	{FORM_AT(struct content, OBJECTS, entry),
	 FORM_LIST(struct content, entry, count), .fields = entry_form},
	FORM_END,
};

/* --- the file --------------------------------------------------------------
 */

static int parse(const struct aovpn_file *file, struct content *ret,
		 struct aovpn_error *error)
{
	json_error_t wrong;
	json_t *object = json_loadb((const char *)file->data, file->size,
				    JSON_REJECT_DUPLICATES, &wrong);
	int r;

	if (!object)
		return aovpn_error_set(error, -EBADMSG, "line %d: %s",
				       wrong.line, wrong.text);
	r = form_read(content_form, object, ret, NULL, error);
	if (r == 0 && ret->schema != SCHEMA)
		r = aovpn_error_set(error, -EBADMSG, "schema is %u, not %d",
				    ret->schema, SCHEMA);
	json_decref(object);
	return r;
}

static void load(struct history_store *store, struct aovpn_error *error)
{
	struct aovpn_error why = {""};
	struct aovpn_file file;
	int r = aovpn_file_read(store->path, FILE_MAX, &file, error);

	if (r == -ENOENT)
		error->text[0] = '\0';
	if (r < 0)
		return;
	if (parse(&file, &store->content, &why) < 0) {
		memset(&store->content, 0, sizeof(store->content));
		aovpn_error_set(error, -EBADMSG,
				"%s is damaged, history begins anew: %s",
				store->path, why.text);
	}
	aovpn_file_clear(&file);
}

int history_store_open(const char *directory, const char *path,
		       struct history_store **ret, struct aovpn_error *error)
{
	struct history_store *store = calloc(1, sizeof(*store));

	error->text[0] = '\0';
	if (!store)
		return -ENOMEM;
	strncpy(store->directory, directory, sizeof(store->directory) - 1);
	strncpy(store->path, path, sizeof(store->path) - 1);
	load(store, error);
	store->content.schema = SCHEMA;
	*ret = store;
	return 0;
}

struct history_store *history_store_free(struct history_store *store)
{
	free(store);
	return NULL;
}

static int save(const struct history_store *store, struct aovpn_error *error)
{
	json_t *object = form_write(content_form, &store->content);
	int r = -ENOMEM;

	if (object)
		r = state_file_write(store->directory, store->path, object);
	json_decref(object);
	return r < 0 ? aovpn_error_set(error, r, "cannot write \"%s\": %s",
				       store->path, strerror(-r))
		     : 0;
}

/* --- entries ---------------------------------------------------------------
 */

/* Who it is about; false for an attempt without a certificate. */
static bool identify(const struct aovpn_attempt *attempt, struct entry *ret)
{
	const struct aovpn_certificate_facts *leaf =
		&attempt->chain.certificate[0];

	if (attempt->chain.count == 0)
		return false;
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->connection, attempt->connection, sizeof(ret->connection));
	memcpy(ret->server, attempt->server, sizeof(ret->server));
	memcpy(ret->issuer, leaf->issuer, sizeof(ret->issuer));
	memcpy(ret->issuer_key_id, leaf->issuer_key_id,
	       sizeof(ret->issuer_key_id));
	return true;
}

static bool is_same(const struct entry *a, const struct entry *b)
{
	return strcmp(a->connection, b->connection) == 0 &&
	       strcmp(a->server, b->server) == 0 &&
	       strcmp(a->issuer, b->issuer) == 0 &&
	       strcmp(a->issuer_key_id, b->issuer_key_id) == 0;
}

/* The number of an entry, or how many there are. */
static uint32_t find(const struct content *content, const struct entry *entry)
{
	uint32_t i;

	for (i = 0; i < content->count; i++)
		if (is_same(&content->entry[i], entry))
			break;
	return i;
}

void history_store_find(const struct history_store *store,
			struct aovpn_attempt *attempt)
{
	struct entry entry;
	uint32_t i;

	memset(&attempt->history, 0, sizeof(attempt->history));
	if (!store || !identify(attempt, &entry))
		return;
	i = find(&store->content, &entry);
	if (i < store->content.count)
		attempt->history = store->content.entry[i].history;
}

/* In front; the one that has not connected for longest makes way. */
static void put(struct content *content, const struct entry *entry)
{
	uint32_t at = find(content, entry);

	if (at == HISTORY_ENTRIES_MAX)
		at--;
	else if (at == content->count)
		content->count++;
	memmove(&content->entry[1], &content->entry[0],
		at * sizeof(content->entry[0]));
	content->entry[0] = *entry;
}

int history_store_note(struct history_store *store,
		       struct aovpn_attempt *attempt, bool resumed, time_t at,
		       struct aovpn_error *error)
{
	const struct aovpn_history before = attempt->history;
	struct entry entry;

	if (!store || !identify(attempt, &entry))
		return 0;
	aovpn_history_note(attempt, resumed, at);
	entry.history = attempt->history;
	attempt->history = before;
	put(&store->content, &entry);
	return save(store, error);
}
