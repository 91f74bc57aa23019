/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_syslog.h - a record as a message for a syslog daemon: the header of
 * RFC 3164 as on /dev/log, and behind it "@cee: " and one JSON object, which
 * rsyslog's mmjsonparse and syslog-ng's JSON parser read.
 *
 * A syslog daemon cuts long messages (rsyslog at 8 KiB), so the object is
 * smaller than a record: no texts of advice, `causes` as a list of slugs, long
 * texts cut.
 */
#ifndef AOVPN_RECORD_SYSLOG_H
#define AOVPN_RECORD_SYSLOG_H

#include <stddef.h>
#include <time.h>

#include <jansson.h>

#define RECORD_SYSLOG_SOCKET "/dev/log"
#define RECORD_SYSLOG_MAX    8000 /* bytes of a message, header included */

/*
 * Write the message into out, which ends up NUL-terminated. now is the header's
 * time. Returns its length, or -EMSGSIZE (with such a size never), -ENOMEM.
 */
int record_syslog_text(const json_t *record, time_t now, char *out,
		       size_t size);

/*
 * Send it to the datagram socket at path. Does not wait: -EAGAIN where nobody
 * reads there. Errors: -errno; -ENOENT and -ECONNREFUSED where nobody listens.
 */
int record_syslog_send(const char *path, const json_t *record);

#endif
