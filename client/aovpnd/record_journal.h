/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_journal.h - a record as an entry of systemd's journal.
 */
#ifndef AOVPN_RECORD_JOURNAL_H
#define AOVPN_RECORD_JOURNAL_H

#include <stdbool.h>

#include <jansson.h>

/* Does a journal listen on this machine? */
bool record_journal_is_there(void);

/*
 * Send the record to the journal: fields in upper case with AOVPN_ before them,
 * MESSAGE, MESSAGE_ID (aovpn_message_id), PRIORITY and SYSLOG_IDENTIFIER. Does
 * nothing and returns 0 where no journal listens; else 0 or -errno.
 */
int record_journal_send(const json_t *record);

/* How grave it is: LOG_ERR for a failure, LOG_NOTICE for an end, LOG_INFO. */
int record_priority(const json_t *record);

#endif
