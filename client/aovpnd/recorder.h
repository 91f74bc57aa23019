/*
 * recorder.h - where records go: a file of JSON lines and, where there is one,
 * the journal.
 */
#ifndef AOVPN_RECORDER_H
#define AOVPN_RECORDER_H

#include <jansson.h>

#include "error.h"

/*
 * Append one line to the JSON-lines file, with a single write, so that a full
 * disk leaves no half line: what was written of one is taken back. The file is
 * created (mode 0640) where it is missing. Errors: -errno, with a text that
 * names the file.
 */
int recorder_append(const char *path, const json_t *record,
		    struct aovpn_error *error);

/*
 * Send the record to the journal: fields in upper case with AOVPN_ before them,
 * MESSAGE, MESSAGE_ID (aovpn_message_id) and PRIORITY. Does nothing and returns
 * 0 where no journal listens; else 0 or -errno.
 */
int recorder_journal(const json_t *record);

#endif
