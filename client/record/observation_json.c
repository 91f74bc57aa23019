/* SPDX-License-Identifier: GPL-2.0-or-later */
/* observation_json.c - see observation_json.h. */
#include "observation_json.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "form.h"
#include "record.h"

/* What the description tables do not say about a field. One that is not listed
 * here is a number, a text, or bytes in hexadecimal. */
struct rule {
	uint32_t kind; /* 0: a field that every observation has, or any kind */
	const char *field;
	enum form_type type;
	const char *const *names; /* by number; NULL: has none */
	uint32_t name_count;
	size_t other;
};

#define AS(type_) .type = FORM_##type_
#define NAMES(list) \
	.type = FORM_NAME, .names = list, .name_count = FORM_COUNT(list)
#define OTHER(type_, member)  \
	.type = FORM_##type_, \
	.other = offsetof(struct aovpn_observation, member)

/* RFC 7296 3.1, RFC 3748 4 and 5, and the protocol numbers of IP. */
static const char *const exchanges[] = {
	[0] = "",
	[34] = "IKE_SA_INIT",
	[35] = "IKE_AUTH",
	[36] = "CREATE_CHILD_SA",
	[37] = "INFORMATIONAL",
	[43] = "IKE_INTERMEDIATE",
};
static const char *const eap_codes[] = {
	"", "request", "response", "success", "failure",
};
static const char *const eap_types[] = {
	[0] = "",          [1] = "identity", [2] = "notification",
	[3] = "nak",       [4] = "md5",      [13] = "tls",
	[21] = "ttls",     [25] = "peap",    [26] = "mschapv2",
	[254] = "expanded"};
static const char *const protocols[] = {
	[0] = "",
	[IPPROTO_ICMP] = "icmp",
	[IPPROTO_TCP] = "tcp",
	[17] = "udp",
	[50] = "esp",
	[IPPROTO_ICMPV6] = "icmpv6",
};
static const char *const ike_states[] = {
	[AOVPN_IKE_CREATED] = "created",
	[AOVPN_IKE_CONNECTING] = "connecting",
	[AOVPN_IKE_ESTABLISHED] = "established",
	[AOVPN_IKE_REKEYED] = "rekeyed",
	[AOVPN_IKE_DELETING] = "deleting",
	[AOVPN_IKE_DESTROYING] = "destroying",
	[AOVPN_IKE_OTHER] = "other",
};
static const char *const alerts[] = {
	[AOVPN_ALERT_PEER_ADDR_FAILED] = "peer_addr_failed",
	[AOVPN_ALERT_LOCAL_AUTH_FAILED] = "local_auth_failed",
	[AOVPN_ALERT_PEER_AUTH_FAILED] = "peer_auth_failed",
	[AOVPN_ALERT_PROPOSAL_MISMATCH_IKE] = "proposal_mismatch_ike",
	[AOVPN_ALERT_PROPOSAL_MISMATCH_CHILD] = "proposal_mismatch_child",
	[AOVPN_ALERT_KEEP_ON_CHILD_SA_FAILURE] = "keep_on_child_sa_failure",
	[AOVPN_ALERT_INSTALL_CHILD_SA_FAILED] = "install_child_sa_failed",
	[AOVPN_ALERT_INSTALL_CHILD_POLICY_FAILED] =
		"install_child_policy_failed",
	[AOVPN_ALERT_CERT_NO_ISSUER] = "cert_no_issuer",
	[AOVPN_ALERT_CERT_UNTRUSTED_ROOT] = "cert_untrusted_root",
	[AOVPN_ALERT_CERT_EXPIRED] = "cert_expired",
	[AOVPN_ALERT_CERT_REVOKED] = "cert_revoked",
	[AOVPN_ALERT_CERT_VALIDATION_FAILED] = "cert_validation_failed",
	[AOVPN_ALERT_PARSE_ERROR] = "parse_error",
	[AOVPN_ALERT_OTHER] = "other",
	[AOVPN_ALERT_PEER_SIGNATURE] = "peer_signature",
};
static const char *const tls_states[] = {
	[AOVPN_TLS_STARTED] = "started",
	[AOVPN_TLS_CERTIFICATE_SENT] = "certificate_sent",
	[AOVPN_TLS_FINISHED] = "finished",
	[AOVPN_TLS_ACCEPTED] = "accepted",
	[AOVPN_TLS_FAILED] = "failed",
	[AOVPN_TLS_NO_METHOD] = "no_method",
};
static const char *const levels[] = {[1] = "warning", [2] = "fatal"};
static const char *const roles[] = {
	[AOVPN_CERT_GATEWAY] = "gateway",
	[AOVPN_CERT_NPS] = "nps",
	[AOVPN_CERT_CLIENT] = "client",
};
static const char *const tcp_events[] = {
	[AOVPN_TCP_CONNECT_FAILED] = "connect_failed",
	[AOVPN_TCP_RESET] = "reset",
	[AOVPN_TCP_RETRANSMITTED] = "retransmitted",
	[AOVPN_TCP_BROKEN] = "broken",
};

static const struct rule rules[] = {
	{0, "family", AS(WITHIN)},
	{0, "source", AS(WITHIN)}, /* these two: see observation_json() */
	{0, "time_ns", AS(WITHIN)},
	{0, "spi_i", AS(HEX)},
	{0, "spi_r", AS(HEX)},
	{0, "local", OTHER(ADDRESS, flow.family)},
	{0, "remote", OTHER(ADDRESS, flow.family)},
	{0, "incoming", AS(FLAG)},
	{0, "response", AS(FLAG)},
	{0, "given_up", AS(FLAG)},
	{0, "has_ms_status", AS(FLAG)},
	{0, "resumed", AS(FLAG)},
	{0, "sent", AS(FLAG)},
	{0, "ours", AS(FLAG)},
	{0, "more", AS(FLAG)},
	{0, "exchange", NAMES(exchanges)},
	{0, "eap_code", NAMES(eap_codes)},
	{0, "eap_type", NAMES(eap_types)},
	{0, "protocol", NAMES(protocols)},
	{0, "level", NAMES(levels)},
	{0, "role", NAMES(roles)},
	{0, "error", AS(ERRNO)},
	{0, "gai_error", AS(GAI)},
	{0, "esp_spi", AS(HEX)},
	{AOVPN_OBS_IKE_STATE, "state", NAMES(ike_states)},
	{AOVPN_OBS_IKE_MESSAGE, "notify",
	 OTHER(NUMBERS, u.ike_message.notify_count)},
	{AOVPN_OBS_ALERT, "alert", NAMES(alerts)},
	{AOVPN_OBS_TLS_STATE, "state", NAMES(tls_states)},
	{AOVPN_OBS_PACKET_DROPPED, "address", AS(HEX)},
	{AOVPN_OBS_ICMP_ERROR, "from_family", AS(WITHIN)},
	{AOVPN_OBS_ICMP_ERROR, "from", OTHER(ADDRESS, u.icmp.from_family)},
	{AOVPN_OBS_TCP, "event", NAMES(tcp_events)},
};

static const struct rule *rule_of(uint32_t kind,
				  const struct aovpn_field *field)
{
	size_t i;

	for (i = 0; i < FORM_COUNT(rules); i++)
		if ((rules[i].kind == 0 || rules[i].kind == kind) &&
		    strcmp(rules[i].field, field->name) == 0)
			return &rules[i];
	return NULL;
}

static enum form_type type_of(const struct aovpn_field *field)
{
	switch ((enum aovpn_field_type)field->type) {
	case AOVPN_FIELD_TEXT:
		return FORM_TEXT;
	case AOVPN_FIELD_BYTES:
		return FORM_BYTES;
	case AOVPN_FIELD_I32:
		return FORM_SIGNED;
	case AOVPN_FIELD_U16S: /* a rule says how many */
		return FORM_WITHIN;
	case AOVPN_FIELD_U8:
	case AOVPN_FIELD_U16:
	case AOVPN_FIELD_U32:
	case AOVPN_FIELD_U64:
		break;
	}
	return FORM_UNSIGNED;
}

static struct form form_of(uint32_t kind, const struct aovpn_field *field)
{
	const struct rule *rule = rule_of(kind, field);
	struct form form = {
		.name = field->name,
		.type = rule ? rule->type : type_of(field),
		.offset = field->offset,
		.size = field->size,
	};

	if (rule) {
		form.other = rule->other;
		form.names = rule->names;
		form.name_count = rule->name_count;
	}
	return form;
}

static const struct form kind_form = {
	.name = "kind",
	.type = FORM_CHOICE,
	.offset = offsetof(struct aovpn_observation, kind),
	.size = sizeof(uint32_t),
};
static const struct form source_form = {
	.name = "source",
	.type = FORM_CHOICE,
	.offset = offsetof(struct aovpn_observation, source),
	.size = sizeof(uint32_t),
};
static const struct form time_form = {
	.name = "time_ns",
	.type = FORM_UNSIGNED,
	.offset = offsetof(struct aovpn_observation, time_ns),
	.size = sizeof(uint64_t),
};

/* --- writing ---------------------------------------------------------------
 */

/* What every observation has room for and few sources know. */
static bool is_known(const struct aovpn_observation *o,
		     const struct aovpn_field *field)
{
	static const uint8_t zeros[AOVPN_NAME_MAX];

	if (field->offset >= offsetof(struct aovpn_observation, flow) &&
	    o->flow.family != 0)
		return true;
	return memcmp((const char *)o + field->offset, zeros,
		      field->type == AOVPN_FIELD_TEXT ? 1 : field->size) != 0;
}

static void set_field(json_t *object, const struct aovpn_observation *o,
		      const struct aovpn_field *field)
{
	const struct form form = form_of(o->kind, field);

	if (form.type != FORM_WITHIN)
		json_object_set_new(object, field->name,
				    form_write_field(&form, o));
}

static void set_fields(json_t *object, const struct aovpn_observation *o)
{
	const struct aovpn_field *field = aovpn_observation_fields;

	for (; field->tag != 0; field++)
		if (is_known(o, field))
			set_field(object, o, field);
	field = aovpn_observation_kind_fields(o->kind);
	for (; field->tag != 0; field++)
		set_field(object, o, field);
}

static json_t *wall_time(uint64_t time_ns, int64_t wall_ns)
{
	const int64_t ns = (int64_t)time_ns + wall_ns;
	const struct timespec when = {ns / 1000000000, ns % 1000000000};

	return record_time(&when);
}

json_t *observation_json(const struct aovpn_observation *o, int64_t wall_ns)
{
	json_t *object;

	if (!aovpn_observation_kind_name(o->kind))
		return NULL;
	object = json_pack("{s:s, s:s, s:o, s:o}", "kind",
			   aovpn_observation_kind_name(o->kind), "source",
			   aovpn_source_name(o->source), "time",
			   wall_time(o->time_ns, wall_ns), "time_ns",
			   form_write_field(&time_form, o));
	if (object)
		set_fields(object, o);
	return object;
}

json_t *observation_json_exact(const struct aovpn_observation *o)
{
	json_t *object = observation_json(o, 0);

	json_object_del(object, "time");
	return object;
}

int64_t observation_json_wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec -
	       (int64_t)aovpn_boottime_ns();
}

/* --- reading ---------------------------------------------------------------
 */

/* The names of kinds or sources, by number. */
static int read_choice(const struct form *form, const char *(*name)(uint32_t),
		       uint32_t count, const json_t *object,
		       struct aovpn_observation *ret,
		       const struct form_place *place,
		       struct aovpn_error *error)
{
	const char *names[AOVPN_OBS_KIND_END] = {NULL};
	const struct form_place here = {.within = place, .name = form->name};
	const json_t *value = json_object_get(object, form->name);
	struct form whole = *form;
	uint32_t i;

	for (i = 0; i < count; i++)
		names[i] = name(i);
	whole.names = names;
	whole.name_count = count;
	if (!value)
		return form_error(&here, error, -EBADMSG, "is missing");
	return form_read_field(&whole, value, ret, &here, error);
}

static int read_head(const json_t *object, struct aovpn_observation *ret,
		     const struct form_place *place, struct aovpn_error *error)
{
	const struct form_place here = {.within = place, .name = "time_ns"};
	const json_t *time_ns = json_object_get(object, "time_ns");
	int r;

	r = read_choice(&kind_form, aovpn_observation_kind_name,
			AOVPN_OBS_KIND_END, object, ret, place, error);
	if (r == 0)
		r = read_choice(&source_form, aovpn_source_name,
				AOVPN_SOURCE_COUNT, object, ret, place, error);
	if (r == 0 && !time_ns)
		r = form_error(&here, error, -EBADMSG, "is missing");
	return r < 0 ? r
		     : form_read_field(&time_form, time_ns, ret, &here, error);
}

static int read_fields(const struct aovpn_field *field, const json_t *object,
		       struct aovpn_observation *ret, size_t *seen,
		       const struct form_place *place,
		       struct aovpn_error *error)
{
	struct form_place here = {.within = place};
	const json_t *value;
	struct form form;
	int r = 0;

	for (; field->tag != 0 && r == 0; field++) {
		form = form_of(ret->kind, field);
		value = json_object_get(object, field->name);
		if (!value || form.type == FORM_WITHIN)
			continue;
		here.name = field->name;
		r = form_read_field(&form, value, ret, &here, error);
		(*seen)++;
	}
	return r;
}

static bool has_field(const struct aovpn_field *field, uint32_t kind,
		      const char *key)
{
	for (; field->tag != 0; field++)
		if (strcmp(field->name, key) == 0)
			return form_of(kind, field).type != FORM_WITHIN;
	return false;
}

/* Is what says how much of an array counts within it? */
static int check_sizes(const struct aovpn_observation *o,
		       const struct form_place *place,
		       struct aovpn_error *error)
{
	if (o->kind != AOVPN_OBS_IKE_MESSAGE ||
	    o->u.ike_message.notify_count <= AOVPN_NOTIFY_MAX)
		return 0;
	return form_error(place, error, -EBADMSG,
			  "notify_count must be at most %d", AOVPN_NOTIFY_MAX);
}

/* Name a key that is none. */
static int stray_key(const json_t *object, uint32_t kind,
		     const struct form_place *place, struct aovpn_error *error)
{
	struct form_place here = {.within = place};
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		here.name = key;
		if (strcmp(key, "kind") != 0 && strcmp(key, "source") != 0 &&
		    strcmp(key, "time_ns") != 0 &&
		    !has_field(aovpn_observation_fields, kind, key) &&
		    !has_field(aovpn_observation_kind_fields(kind), kind, key))
			return form_error(&here, error, -EBADMSG,
					  "is no key of kind %s",
					  aovpn_observation_kind_name(kind));
	}
	return 0;
}

int observation_json_read(const json_t *object, struct aovpn_observation *ret,
			  const struct form_place *place,
			  struct aovpn_error *error)
{
	size_t seen = 3; /* kind, source, time_ns */
	int r;

	memset(ret, 0, sizeof(*ret));
	if (!json_is_object(object))
		return form_error(place, error, -EBADMSG, "must be an object");
	r = read_head(object, ret, place, error);
	if (r == 0)
		r = read_fields(aovpn_observation_fields, object, ret, &seen,
				place, error);
	if (r == 0)
		r = read_fields(aovpn_observation_kind_fields(ret->kind),
				object, ret, &seen, place, error);
	if (r == 0 && seen != json_object_size(object))
		r = stray_key(object, ret->kind, place, error);
	return r < 0 ? r : check_sizes(ret, place, error);
}
