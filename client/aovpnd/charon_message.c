/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charon_message.c - see charon_message.h. Names are those of strongSwan's
 * notify_payload.c, eap.c, message.c and tls_alert.c.
 */
#include "charon_message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct name {
	const char *name;
	uint16_t number;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct name notifies[] = {
	{"CRIT", 1},           {"INVAL_IKE_SPI", 4}, {"INVAL_MAJOR", 5},
	{"INVAL_SYN", 7},      {"INVAL_MID", 9},     {"INVAL_SPI", 11},
	{"NO_PROP", 14},       {"INVAL_KE", 17},     {"AUTH_FAILED", 24},
	{"SINGLE_PAIR", 34},   {"NO_ADD_SAS", 35},   {"INT_ADDR_FAIL", 36},
	{"FAIL_CP_REQ", 37},   {"TS_UNACCEPT", 38},  {"INVAL_SEL", 39},
	{"UNACCEPT_ADDR", 40}, {"UNEXPECT_NAT", 41}, {"TEMP_FAIL", 43},
	{"NO_CHILD_SA", 44},   {"MS_STATUS", 12345}, {"INIT_CONTACT", 16384},
	{"NATD_S_IP", 16388},  {"NATD_D_IP", 16389}, {"COOKIE", 16390},
	{"MOBIKE_SUP", 16396}, {"REDIR", 16407},     {"FRAG_SUP", 16430},
	{"HASH_ALG", 16431},
};

static const struct name eap_codes[] = {
	{"REQ", 1},
	{"RES", 2},
	{"SUCC", 3},
	{"FAIL", 4},
};

static const struct name eap_types[] = {
	{"ID", 1},     {"NTF", 2},  {"NAK", 3},   {"MD5", 4},
	{"OTP", 5},    {"GTC", 6},  {"TLS", 13},  {"SIM", 18},
	{"TTLS", 21},  {"AKA", 23}, {"PEAP", 25}, {"MSCHAPV2", 26},
	{"MSTLV", 33}, {"TNC", 38}, {"PT", 54},   {"EXP", 254},
	{"XP", 255},
};

static const struct name exchanges[] = {
	{"IKE_SA_INIT", 34},
	{"IKE_AUTH", 35},
	{"INFORMATIONAL", 37},
};

static const struct name tls_alerts[] = {
	{"close notify", 0},
	{"unexpected message", 10},
	{"bad record mac", 20},
	{"decryption failed", 21},
	{"record overflow", 22},
	{"decompression_failure", 30},
	{"handshake failure", 40},
	{"no certificate", 41},
	{"bad certificate", 42},
	{"unsupported certificate", 43},
	{"certificate revoked", 44},
	{"certificate expired", 45},
	{"certificate unknown", 46},
	{"illegal parameter", 47},
	{"unknown ca", 48},
	{"access denied", 49},
	{"decode error", 50},
	{"decrypt error", 51},
	{"export restriction", 60},
	{"protocol version", 70},
	{"insufficient security", 71},
	{"internal error", 80},
	{"inappropriate fallback", 86},
	{"user canceled", 90},
	{"no renegotiation", 100},
	{"missing extensions", 109},
	{"unsupported extension", 110},
	{"certificate unobtainable", 111},
	{"recognized name", 112},
	{"bad certificate status response", 113},
	{"bad certificate hash value", 114},
	{"unknown psk identity", 115},
	{"certificate required", 116},
	{"no application protocol", 120},
};

/* Of that name; "(N)", which charon prints of a number without one, is N;
 * otherwise none. */
static int number_of(const struct name *names, size_t count, const char *text,
		     size_t length, int none)
{
	size_t i;
	char *end;
	unsigned long number;

	for (i = 0; i < count; i++)
		if (strlen(names[i].name) == length &&
		    memcmp(names[i].name, text, length) == 0)
			return names[i].number;
	if (length < 3 || text[0] != '(')
		return none;
	number = strtoul(text + 1, &end, 10);
	return *end == ')' && number <= UINT16_MAX ? (int)number : none;
}

/* --- IKE messages ----------------------------------------------------------
 */

/* "N(TYPE)" or "N(MS_STATUS(CODE))"; a signed code. */
static void read_notify(const char *text, size_t length,
			struct aovpn_observation *o)
{
	uint32_t *count = &o->u.ike_message.notify_count;
	const char *inner = text + 2;
	size_t name;
	int type;

	if (length < 4 || text[length - 1] != ')')
		return;
	name = strcspn(inner + (*inner == '('), "()");
	if (*inner == '(')
		name += 2;
	type = number_of(notifies, COUNT(notifies), inner, name, 0);
	if (type == 0 || *count == AOVPN_NOTIFY_MAX)
		return;
	o->u.ike_message.notify[(*count)++] = (uint16_t)type;
	if (type == 12345 && inner[name] == '(') {
		o->u.ike_message.has_ms_status = 1;
		o->u.ike_message.ms_status =
			(uint32_t)strtol(inner + name + 1, NULL, 10);
	}
}

/* "EAP/REQ/TLS", "EAP/SUCC"; a vendor's method "EAP/REQ/NUMBER-VENDOR". */
static void read_eap(const char *text, size_t length,
		     struct aovpn_observation *o)
{
	const char *code = text + strlen("EAP/"), *type;
	size_t size = strcspn(code, "/ ");

	o->u.ike_message.eap_code = (uint8_t)number_of(
		eap_codes, COUNT(eap_codes), code, size, 255);
	type = code + size;
	if (*type++ != '/')
		return;
	size = (size_t)(text + length - type);
	if (*type >= '0' && *type <= '9')
		o->u.ike_message.eap_type = 254; /* expanded, RFC 3748 5.7 */
	else
		o->u.ike_message.eap_type = (uint8_t)number_of(
			eap_types, COUNT(eap_types), type, size, 255);
}

/* One payload's name; false: this is only a piece of a message. */
static bool read_payload(const char *text, size_t length,
			 struct aovpn_observation *o)
{
	if (strncmp(text, "EF(", 3) == 0)
		return false;
	if (strncmp(text, "N(", 2) == 0)
		read_notify(text, length, o);
	else if (strncmp(text, "EAP/", 4) == 0)
		read_eap(text, length, o);
	return true;
}

/* Payloads end at the closing bracket, or where charon's own buffer did. */
static int read_payloads(const char *text, struct aovpn_observation *o)
{
	size_t length;

	for (; *text == ' '; text += length) {
		text++;
		length = strcspn(text, " ");
		if (*text == ']' || *text == '\0')
			break;
		if (!read_payload(text, length, o))
			return -ENOENT;
	}
	return 0;
}

/* "IKE_AUTH response 1 [": returns what follows, NULL: nothing of this form. */
static const char *read_head(const char *text, struct aovpn_observation *o)
{
	size_t length = strcspn(text, " ");
	int exchange = number_of(exchanges, COUNT(exchanges), text, length, 0);
	char *end;

	text += length;
	o->u.ike_message.exchange = (uint8_t)exchange;
	if (strncmp(text, " response ", 10) == 0) {
		o->u.ike_message.response = 1;
		text += 10;
	} else if (strncmp(text, " request ", 9) == 0) {
		text += 9;
	} else {
		return NULL;
	}
	o->u.ike_message.message_id = (uint32_t)strtoul(text, &end, 10);
	if (exchange == 0 || end == text || strncmp(end, " [", 2) != 0)
		return NULL;
	return end + 2;
}

int charon_message_read(const char *text, bool incoming,
			struct aovpn_observation *ret)
{
	const char *payloads = read_head(text, ret);

	if (!payloads)
		return -ENOENT;
	/* What the peer asks for, its own message tells. */
	if (incoming && !ret->u.ike_message.response)
		return -ENOENT;
	ret->kind = AOVPN_OBS_IKE_MESSAGE;
	ret->u.ike_message.incoming = incoming;
	return read_payloads(payloads, ret);
}

/* --- the rest --------------------------------------------------------------
 */

/* "ADDRESS[PORT]"; returns what follows it, NULL: no such thing. */
static const char *read_endpoint(const char *text, uint8_t *family,
				 uint8_t address[16], uint16_t *port)
{
	char part[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "[ ");
	unsigned long number;
	char *end;

	if (length >= sizeof(part) || text[length] != '[')
		return NULL;
	memcpy(part, text, length);
	part[length] = '\0';
	*family = charon_address_read(part, address);
	number = strtoul(text + length + 1, &end, 10);
	if (*family == 0 || *end != ']' || number > UINT16_MAX)
		return NULL;
	*port = (uint16_t)number;
	return end + 1;
}

int charon_packet_read(const char *text, struct aovpn_flow *ret_flow,
		       uint32_t *ret_length)
{
	struct aovpn_flow flow = {0};
	uint8_t family;

	text = read_endpoint(text, &flow.family, flow.local, &flow.local_port);
	if (!text || strncmp(text, " to ", 4) != 0)
		return -EINVAL;
	text = read_endpoint(text + 4, &family, flow.remote, &flow.remote_port);
	if (!text || strncmp(text, " (", 2) != 0 || family != flow.family)
		return -EINVAL;
	*ret_length = (uint32_t)strtoul(text + 2, NULL, 10);
	*ret_flow = flow;
	return 0;
}

uint8_t charon_address_read(const char *text, uint8_t ret[16])
{
	memset(ret, 0, 16);
	if (inet_pton(AF_INET, text, ret) == 1)
		return AF_INET;
	if (inet_pton(AF_INET6, text, ret) == 1)
		return AF_INET6;
	return 0;
}

uint8_t charon_tls_alert(const char *name, size_t length)
{
	return (uint8_t)number_of(tls_alerts, COUNT(tls_alerts), name, length,
				  255);
}

int charon_errno(const char *text)
{
	static const int errors[] = {
		EPERM,    EINVAL,      EACCES,       EMSGSIZE,
		ENETDOWN, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL,
		ENODEV,   ENOBUFS,     EAGAIN,       ECONNREFUSED,
	};
	size_t i;

	for (i = 0; i < COUNT(errors); i++)
		if (strcmp(text, strerror(errors[i])) == 0)
			return errors[i];
	return 0;
}
