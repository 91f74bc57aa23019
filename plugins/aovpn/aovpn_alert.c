/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * charon's alerts as observations; see aovpn_alert.h.
 */

#include "aovpn_alert.h"

#include "aovpn_report.h"

/**
 * Length of the IKE header and offset of the message id in it, RFC 7296 3.1.
 */
#define IKE_HEADER_LEN    28
#define MESSAGE_ID_OFFSET 20

/**
 * What an alert's first argument is, where we make use of it.
 */
typedef enum {
	ARG_NONE,
	ARG_CERTIFICATE,
	ARG_PROPOSALS,
	ARG_MESSAGE,
} argument_t;

/**
 * Names of all alerts of a version that lies between 5.9 and 6.0. Those of no
 * interest to a client keep their name, so that a record shows them.
 */
static const struct {
	alert_t alert;
	uint32_t number;
	argument_t argument;
	const char *name;
} alerts[] = {
	{ ALERT_PEER_ADDR_FAILED, AOVPN_ALERT_PEER_ADDR_FAILED, ARG_NONE, "" },
	{ ALERT_LOCAL_AUTH_FAILED, AOVPN_ALERT_LOCAL_AUTH_FAILED, ARG_NONE, "" },
	{ ALERT_PEER_AUTH_FAILED, AOVPN_ALERT_PEER_AUTH_FAILED, ARG_NONE, "" },
	{ ALERT_PROPOSAL_MISMATCH_IKE, AOVPN_ALERT_PROPOSAL_MISMATCH_IKE,
	  ARG_PROPOSALS, "" },
	{ ALERT_PROPOSAL_MISMATCH_CHILD, AOVPN_ALERT_PROPOSAL_MISMATCH_CHILD,
	  ARG_PROPOSALS, "" },
	{ ALERT_KEEP_ON_CHILD_SA_FAILURE, AOVPN_ALERT_KEEP_ON_CHILD_SA_FAILURE,
	  ARG_NONE, "" },
	{ ALERT_INSTALL_CHILD_SA_FAILED, AOVPN_ALERT_INSTALL_CHILD_SA_FAILED,
	  ARG_NONE, "" },
	{ ALERT_INSTALL_CHILD_POLICY_FAILED,
	  AOVPN_ALERT_INSTALL_CHILD_POLICY_FAILED, ARG_NONE, "" },
	{ ALERT_CERT_NO_ISSUER, AOVPN_ALERT_CERT_NO_ISSUER, ARG_CERTIFICATE, "" },
	{ ALERT_CERT_UNTRUSTED_ROOT, AOVPN_ALERT_CERT_UNTRUSTED_ROOT,
	  ARG_CERTIFICATE, "" },
	{ ALERT_CERT_EXPIRED, AOVPN_ALERT_CERT_EXPIRED, ARG_CERTIFICATE, "" },
	{ ALERT_CERT_REVOKED, AOVPN_ALERT_CERT_REVOKED, ARG_CERTIFICATE, "" },
	{ ALERT_CERT_VALIDATION_FAILED, AOVPN_ALERT_CERT_VALIDATION_FAILED,
	  ARG_CERTIFICATE, "" },
	{ ALERT_PARSE_ERROR_HEADER, AOVPN_ALERT_PARSE_ERROR, ARG_NONE, "header" },
	{ ALERT_PARSE_ERROR_BODY, AOVPN_ALERT_PARSE_ERROR, ARG_MESSAGE, "body" },
	{ ALERT_CERT_EXCEEDED_PATH_LEN, AOVPN_ALERT_OTHER, ARG_CERTIFICATE,
	  "CERT_EXCEEDED_PATH_LEN" },
	{ ALERT_CERT_POLICY_VIOLATION, AOVPN_ALERT_OTHER, ARG_CERTIFICATE,
	  "CERT_POLICY_VIOLATION" },
	{ ALERT_PEER_INIT_UNREACHABLE, AOVPN_ALERT_OTHER, ARG_NONE,
	  "PEER_INIT_UNREACHABLE" },
	{ ALERT_RETRANSMIT_SEND_CLEARED, AOVPN_ALERT_OTHER, ARG_NONE,
	  "RETRANSMIT_SEND_CLEARED" },
	{ ALERT_RETRANSMIT_RECEIVE, AOVPN_ALERT_OTHER, ARG_NONE,
	  "RETRANSMIT_RECEIVE" },
	{ ALERT_HALF_OPEN_TIMEOUT, AOVPN_ALERT_OTHER, ARG_NONE,
	  "HALF_OPEN_TIMEOUT" },
	{ ALERT_TS_MISMATCH, AOVPN_ALERT_OTHER, ARG_NONE, "TS_MISMATCH" },
	{ ALERT_TS_NARROWED, AOVPN_ALERT_OTHER, ARG_NONE, "TS_NARROWED" },
	{ ALERT_UNIQUE_REPLACE, AOVPN_ALERT_OTHER, ARG_NONE, "UNIQUE_REPLACE" },
	{ ALERT_UNIQUE_KEEP, AOVPN_ALERT_OTHER, ARG_NONE, "UNIQUE_KEEP" },
	{ ALERT_VIP_FAILURE, AOVPN_ALERT_OTHER, ARG_NONE, "VIP_FAILURE" },
	{ ALERT_AUTHORIZATION_FAILED, AOVPN_ALERT_OTHER, ARG_NONE,
	  "AUTHORIZATION_FAILED" },
	{ ALERT_IKE_SA_EXPIRED, AOVPN_ALERT_OTHER, ARG_NONE, "IKE_SA_EXPIRED" },
};

/**
 * Text of an alert: its name where it has no number, and its argument.
 */
static void fill_text(const char *name, argument_t argument, va_list args,
					  char *out, size_t size)
{
	char subject[AOVPN_TEXT_MAX];
	va_list copy;

	va_copy(copy, args);
	switch (argument)
	{
		case ARG_NONE:
		case ARG_MESSAGE:
			aovpn_report_text(out, size, "%s", name);
			break;
		case ARG_CERTIFICATE:
			aovpn_report_subject(va_arg(copy, certificate_t*), subject,
								 sizeof(subject));
			aovpn_report_text(out, size, "%s%s%s", name, *name ? " " : "",
							  subject);
			break;
		case ARG_PROPOSALS:
			aovpn_report_text(out, size, "%#P", va_arg(copy, linked_list_t*));
			break;
	}
	va_end(copy);
}

/**
 * Who issued the certificate that it is about.
 */
static void fill_issuer(argument_t argument, va_list args, char *out,
						size_t size)
{
	va_list copy;

	if (argument == ARG_CERTIFICATE)
	{
		va_copy(copy, args);
		aovpn_report_issuer(va_arg(copy, certificate_t*), out, size);
		va_end(copy);
	}
}

/**
 * Does not the peer but anybody speak to us? A message that fails its integrity
 * check is dropped; that says nothing of the peer.
 */
static bool is_forged(argument_t argument, va_list args)
{
	status_t status = SUCCESS;
	va_list copy;

	if (argument == ARG_MESSAGE)
	{
		va_copy(copy, args);
		(void)va_arg(copy, message_t*);
		status = va_arg(copy, status_t);
		va_end(copy);
	}
	return status == FAILED;
}

/*
 * Described in header
 */
void aovpn_alert_fill(alert_t alert, va_list args, struct aovpn_observation *o)
{
	size_t i;

	o->u.alert.alert = AOVPN_ALERT_OTHER;
	for (i = 0; i < countof(alerts); i++)
	{
		if (alerts[i].alert == alert)
		{
			if (!is_forged(alerts[i].argument, args))
			{
				o->u.alert.alert = alerts[i].number;
			}
			fill_text(alerts[i].name, alerts[i].argument, args,
					  o->u.alert.text, sizeof(o->u.alert.text));
			fill_issuer(alerts[i].argument, args, o->u.alert.issuer,
						sizeof(o->u.alert.issuer));
			return;
		}
	}
	aovpn_report_text(o->u.alert.text, sizeof(o->u.alert.text), "alert %d",
					  alert);
}

/*
 * Described in header
 */
uint32_t aovpn_alert_message_id(packet_t *packet, uint32_t *ret_len)
{
	chunk_t data;

	*ret_len = 0;
	if (!packet)
	{
		return 0;
	}
	data = packet->get_data(packet);
	*ret_len = data.len;
	return data.len < IKE_HEADER_LEN ? 0 :
		   untoh32(data.ptr + MESSAGE_ID_OFFSET);
}
