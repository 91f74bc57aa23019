/* SPDX-License-Identifier: GPL-2.0-or-later */
/* charon_reading.c - see charon_reading.h. */
#include "charon_reading.h"

#include <errno.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

int charon_nothing(const struct aovpn_observation *o)
{
	(void)o;
	return -ENOENT;
}

int charon_observe(struct aovpn_observation *o, uint32_t kind)
{
	o->kind = kind;
	return 0;
}

int charon_observe_alert(struct aovpn_observation *o, enum aovpn_alert alert,
			 const char *text)
{
	o->u.alert.alert = alert;
	snprintf(o->u.alert.text, sizeof(o->u.alert.text), "%s", text);
	return charon_observe(o, AOVPN_OBS_ALERT);
}

int charon_observe_state(struct aovpn_observation *o,
			 enum aovpn_ike_state state)
{
	o->u.ike_state.state = state;
	return charon_observe(o, AOVPN_OBS_IKE_STATE);
}

void charon_forget_refused(struct charon_log *log)
{
	log->refused = X509_V_OK;
	log->refused_depth = 0;
	log->subject[0] = log->issuer[0] = '\0';
}

int charon_observe_refused(struct charon_log *log, struct aovpn_observation *o,
			   enum aovpn_cert_role role, int error)
{
	log->told_refused = true;
	o->u.cert_refused.role = role;
	o->u.cert_refused.x509_error = (uint32_t)error;
	o->u.cert_refused.depth = log->refused_depth;
	snprintf(o->u.cert_refused.subject, AOVPN_TEXT_MAX, "%s", log->subject);
	snprintf(o->u.cert_refused.issuer, AOVPN_TEXT_MAX, "%s", log->issuer);
	return charon_observe(o, AOVPN_OBS_CERT_REFUSED);
}
