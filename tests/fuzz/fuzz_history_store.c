/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_history_store.c - aovpnd's file of history, damaged or somebody else's.
 * Whatever is in it, the store opens, works, and what it then writes it reads
 * again without a complaint.
 */
#include "client/aovpnd/history_store.h"

#include <limits.h>

#include "fuzz_files.h"

static char path[PATH_MAX];

/* A dial with a certificate of a known issuer. */
static void make_attempt(struct aovpn_attempt *attempt)
{
	struct aovpn_certificate_facts *leaf = &attempt->chain.certificate[0];

	memset(attempt, 0, sizeof(*attempt));
	strcpy(attempt->connection, "corp");
	strcpy(attempt->server, "vpn.contoso.test");
	strcpy(leaf->issuer, "CN=Issuing CA");
	strcpy(leaf->issuer_key_id, "0102");
	attempt->chain.count = 1;
}

static void check_history(const struct aovpn_history *history)
{
	uint32_t i;

	PROMISE(history->defect_count <= AOVPN_DEFECTS_MAX);
	PROMISE(memchr(history->thumbprint, 0, sizeof(history->thumbprint)));
	for (i = 0; i < history->defect_count; i++) {
		PROMISE(memchr(history->defect[i].cause, 0, AOVPN_NAME_MAX));
		PROMISE(memchr(history->defect[i].subject, 0, AOVPN_TEXT_MAX));
	}
}

static struct history_store *open_store(struct aovpn_error *error)
{
	struct history_store *store = NULL;

	PROMISE(history_store_open(fuzz_directory(), path, &store, error) == 0);
	PROMISE(store);
	return store;
}

/* A success is there again in the next life. */
static void note(struct history_store *store, struct aovpn_attempt *attempt)
{
	struct aovpn_error error;

	PROMISE(history_store_note(store, attempt, false, 1795300000, &error) ==
		0);
	history_store_free(store);
	store = open_store(&error);
	PROMISE(error.text[0] == '\0');
	history_store_find(store, attempt);
	PROMISE(attempt->history.success_at == 1795300000);
	check_history(&attempt->history);
	history_store_free(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aovpn_attempt attempt;
	struct aovpn_error error;
	struct history_store *store;

	if (path[0] == '\0')
		snprintf(path, sizeof(path), "%s/history.json",
			 fuzz_directory());
	fuzz_write_file(path, data, size);
	store = open_store(&error);
	PROMISE(fuzz_is_clean(error.text, sizeof(error.text)));
	make_attempt(&attempt);
	history_store_find(store, &attempt);
	check_history(&attempt.history);
	note(store, &attempt);
	return 0;
}
