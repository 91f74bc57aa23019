/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_log.c - see charon_log.h. The messages are listed, and read, in
 * charon_log_ike.c, charon_log_cert.c and charon_log_tls.c.
 */
#include "charon_log.h"

#include <errno.h>
#include <string.h>

#include "charon_message.h"
#include "charon_reading.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* strongSwan 6.0.3 and later, alert_names in bus.c; the others tell nothing
 * that the messages do not. */
static const struct {
	const char *name;
	enum aovpn_alert alert;
} alerts[] = {
	{"cert-expired", AOVPN_ALERT_CERT_EXPIRED},
	{"cert-no-issuer", AOVPN_ALERT_CERT_NO_ISSUER},
	{"cert-revoked", AOVPN_ALERT_CERT_REVOKED},
	{"cert-untrusted-root", AOVPN_ALERT_CERT_UNTRUSTED_ROOT},
	{"cert-validation-failed", AOVPN_ALERT_CERT_VALIDATION_FAILED},
	{"install-child-policy-failed",
	 AOVPN_ALERT_INSTALL_CHILD_POLICY_FAILED},
	{"install-child-sa-failed", AOVPN_ALERT_INSTALL_CHILD_SA_FAILED},
	{"local-auth-failed", AOVPN_ALERT_LOCAL_AUTH_FAILED},
	{"parse-error-body", AOVPN_ALERT_PARSE_ERROR},
	{"peer-addr-failed", AOVPN_ALERT_PEER_ADDR_FAILED},
	{"peer-auth-failed", AOVPN_ALERT_PEER_AUTH_FAILED},
	{"proposal-mismatch-child", AOVPN_ALERT_PROPOSAL_MISMATCH_CHILD},
	{"proposal-mismatch-ike", AOVPN_ALERT_PROPOSAL_MISMATCH_IKE},
};

/* Alerts about certificates are charon's of the gateway's until TLS begins. */
static int read_alert(const struct charon_log *log,
		      const struct charon_event *event,
		      struct aovpn_observation *o)
{
	size_t i;

	for (i = 0; i < COUNT(alerts); i++) {
		if (strcmp(event->text, alerts[i].name) != 0)
			continue;
		if (log->in_tls && strncmp(event->text, "cert-", 5) == 0)
			return -ENOENT;
		return charon_observe_alert(o, alerts[i].alert, "");
	}
	return -ENOENT;
}

#define WRITE_FAILED "error writing to socket: "

static bool begins(const struct charon_event *event, const char *text)
{
	return strncmp(event->text, text, strlen(text)) == 0;
}

/* It could not open it when it started, as another program had the port. */
static bool has_no_socket(const struct charon_event *event)
{
	return begins(event, "no socket found to send IPv") ||
	       begins(event, "no socket implementation registered, ");
}

static const struct charon_reading *const tables[] = {
	charon_ike_readings,
	charon_cert_readings,
	charon_tls_readings,
};

/* Which message it is; NULL: none that is known. */
static const struct charon_reading *
find_reading(const struct charon_event *event, struct charon_found *ret_found)
{
	const struct charon_reading *reading;
	size_t i;

	for (i = 0; i < COUNT(tables); i++)
		for (reading = tables[i]; reading->group; reading++) {
			memset(ret_found, 0, sizeof(*ret_found));
			if (strcmp(event->group, reading->group) == 0 &&
			    charon_match(event->text, event->cut, reading->text,
					 ret_found))
				return reading;
		}
	return NULL;
}

static int read_send_failure(const struct charon_log *log,
			     const struct charon_event *event,
			     struct aovpn_observation *o)
{
	o->u.send_failed.error =
		has_no_socket(event)
			? EBADF
			: charon_errno(event->text + strlen(WRITE_FAILED));
	o->u.send_failed.length = log->length;
	return charon_observe(o, AOVPN_OBS_SEND_FAILED);
}

static int read_log(struct charon_log *log, const struct charon_event *event,
		    struct aovpn_observation *o)
{
	const struct charon_reading *reading;
	struct charon_found found;

	reading = find_reading(event, &found);
	if (reading)
		return reading->read(log, &found, o);
	return charon_log_is_send_failure(event)
		       ? read_send_failure(log, event, o)
		       : -ENOENT;
}

static int read_event(struct charon_log *log, const struct charon_event *event,
		      struct aovpn_observation *o)
{
	switch (event->type) {
	case CHARON_LOG:
		return read_log(log, event, o);
	case CHARON_ALERT:
		return read_alert(log, event, o);
	case CHARON_IKE_UP:
		return charon_observe_state(o, AOVPN_IKE_ESTABLISHED);
	case CHARON_IKE_DOWN:
		return charon_observe_state(o, AOVPN_IKE_DESTROYING);
	case CHARON_CHILD_DOWN:
		return charon_observe(o, AOVPN_OBS_CHILD_DOWN);
	case CHARON_IKE_REKEY:
	case CHARON_CHILD_UP: /* its message says more */
		break;
	}
	return -ENOENT;
}

int charon_log_read(struct charon_log *log, const struct charon_event *event,
		    struct aovpn_observation *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->source = AOVPN_SOURCE_CHARON;
	ret->time_ns = event->time_ns;
	memcpy(ret->connection, event->name, sizeof(ret->connection));
	ret->ike_sa_id = event->ike_sa_id;
	ret->spi_i = event->spi_i;
	ret->spi_r = event->spi_r;
	ret->flow = log->flow;
	return read_event(log, event, ret);
}

bool charon_log_begins(const struct charon_event *event)
{
	struct charon_log log = {0};
	struct aovpn_observation o;

	if (event->type != CHARON_LOG || strcmp(event->group, "IKE") != 0 ||
	    charon_log_read(&log, event, &o) < 0)
		return false;
	return (o.kind == AOVPN_OBS_IKE_STATE &&
		o.u.ike_state.state == AOVPN_IKE_CONNECTING) ||
	       (o.kind == AOVPN_OBS_ALERT &&
		o.u.alert.alert == AOVPN_ALERT_PEER_ADDR_FAILED);
}

bool charon_log_is_send_failure(const struct charon_event *event)
{
	return event->type == CHARON_LOG && strcmp(event->group, "NET") == 0 &&
	       (begins(event, WRITE_FAILED) || has_no_socket(event));
}

/* By group and first character only: it is for a thread of libvici's. */
static bool may_be_read(const struct charon_event *event)
{
	const struct charon_reading *reading;
	size_t i;

	for (i = 0; i < COUNT(tables); i++)
		for (reading = tables[i]; reading->group; reading++)
			if (strcmp(event->group, reading->group) == 0 &&
			    reading->text[0] == event->text[0])
				return true;
	return false;
}

bool charon_log_is_of_interest(const struct charon_event *event)
{
	if (charon_log_is_send_failure(event))
		return true;
	if (event->ike_sa_id == 0)
		return false;
	return event->type != CHARON_LOG || may_be_read(event);
}
