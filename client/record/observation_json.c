/* observation_json.c - see observation_json.h. */
#include "observation_json.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "record.h"

/* What the description tables do not say about a field. One that is not listed
 * here is a number, a text, a list of numbers, or bytes in hexadecimal. */
enum form {
	FORM_FLAG,    /* true or false */
	FORM_NAME,    /* out of names */
	FORM_ERRNO,   /* "ECONNREFUSED" */
	FORM_GAI,     /* "EAI_NONAME" */
	FORM_HEX,     /* a number in hexadecimal, all digits */
	FORM_ADDRESS, /* of the family that stands at other */
	FORM_LIST,    /* of as many as the number at other says */
	FORM_WITHIN,  /* told by another field */
};

struct rule {
	uint32_t kind; /* 0: a field that every observation has, or any kind */
	const char *field;
	enum form form;
	const char *const *names; /* by number; NULL: has none */
	uint32_t name_count;
	size_t other;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define AS(form_)    .form = form_
#define NAMES(list)  .form = FORM_NAME, .names = list, .name_count = COUNT(list)
#define OTHER(form_, member) \
	.form = form_, .other = offsetof(struct aovpn_observation, member)

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
	{0, "family", AS(FORM_WITHIN)},
	{0, "source", AS(FORM_WITHIN)}, /* these two: see observation_json() */
	{0, "time_ns", AS(FORM_WITHIN)},
	{0, "spi_i", AS(FORM_HEX)},
	{0, "spi_r", AS(FORM_HEX)},
	{0, "local", OTHER(FORM_ADDRESS, flow.family)},
	{0, "remote", OTHER(FORM_ADDRESS, flow.family)},
	{0, "incoming", AS(FORM_FLAG)},
	{0, "response", AS(FORM_FLAG)},
	{0, "given_up", AS(FORM_FLAG)},
	{0, "has_ms_status", AS(FORM_FLAG)},
	{0, "resumed", AS(FORM_FLAG)},
	{0, "sent", AS(FORM_FLAG)},
	{0, "ours", AS(FORM_FLAG)},
	{0, "more", AS(FORM_FLAG)},
	{0, "exchange", NAMES(exchanges)},
	{0, "eap_code", NAMES(eap_codes)},
	{0, "eap_type", NAMES(eap_types)},
	{0, "protocol", NAMES(protocols)},
	{0, "level", NAMES(levels)},
	{0, "role", NAMES(roles)},
	{0, "error", AS(FORM_ERRNO)},
	{0, "gai_error", AS(FORM_GAI)},
	{0, "esp_spi", AS(FORM_HEX)},
	{AOVPN_OBS_IKE_STATE, "state", NAMES(ike_states)},
	{AOVPN_OBS_IKE_MESSAGE, "notify",
	 OTHER(FORM_LIST, u.ike_message.notify_count)},
	{AOVPN_OBS_ALERT, "alert", NAMES(alerts)},
	{AOVPN_OBS_TLS_STATE, "state", NAMES(tls_states)},
	{AOVPN_OBS_PACKET_DROPPED, "address", AS(FORM_HEX)},
	{AOVPN_OBS_ICMP_ERROR, "from_family", AS(FORM_WITHIN)},
	{AOVPN_OBS_ICMP_ERROR, "from", OTHER(FORM_ADDRESS, u.icmp.from_family)},
	{AOVPN_OBS_TCP, "event", NAMES(tcp_events)},
};

static const struct rule *rule_of(uint32_t kind,
				  const struct aovpn_field *field)
{
	size_t i;

	for (i = 0; i < COUNT(rules); i++)
		if ((rules[i].kind == 0 || rules[i].kind == kind) &&
		    strcmp(rules[i].field, field->name) == 0)
			return &rules[i];
	return NULL;
}

static const void *at(const struct aovpn_observation *o, size_t offset)
{
	return (const char *)o + offset;
}

static int64_t number(const struct aovpn_observation *o,
		      const struct aovpn_field *field)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	int32_t i32;

	switch ((enum aovpn_field_type)field->type) {
	case AOVPN_FIELD_U8:
		return *(const uint8_t *)at(o, field->offset);
	case AOVPN_FIELD_U16:
		memcpy(&u16, at(o, field->offset), sizeof(u16));
		return u16;
	case AOVPN_FIELD_U32:
		memcpy(&u32, at(o, field->offset), sizeof(u32));
		return u32;
	case AOVPN_FIELD_U64:
		memcpy(&u64, at(o, field->offset), sizeof(u64));
		return (int64_t)u64;
	case AOVPN_FIELD_I32:
		memcpy(&i32, at(o, field->offset), sizeof(i32));
		return i32;
	case AOVPN_FIELD_TEXT:
	case AOVPN_FIELD_BYTES:
	case AOVPN_FIELD_U16S:
		break;
	}
	return 0;
}

/* --- one field -------------------------------------------------------------
 */

static json_t *name_or_number(const char *name, int64_t value)
{
	char out[24];

	if (name)
		return json_string(name);
	snprintf(out, sizeof(out), "%lld", (long long)value);
	return json_string(out);
}

static json_t *name_json(const struct rule *rule, int64_t value)
{
	const char *name = NULL;

	if (value >= 0 && value < rule->name_count)
		name = rule->names[value];
	return name_or_number(name, value);
}

static const char *gai_name(int64_t value)
{
	static const struct {
		int error;
		const char *name;
	} errors[] = {
		{0, ""},
		{EAI_AGAIN, "EAI_AGAIN"},
		{EAI_BADFLAGS, "EAI_BADFLAGS"},
		{EAI_FAIL, "EAI_FAIL"},
		{EAI_FAMILY, "EAI_FAMILY"},
		{EAI_MEMORY, "EAI_MEMORY"},
		{EAI_NODATA, "EAI_NODATA"},
		{EAI_NONAME, "EAI_NONAME"},
		{EAI_SERVICE, "EAI_SERVICE"},
		{EAI_SYSTEM, "EAI_SYSTEM"},
	};
	size_t i;

	for (i = 0; i < COUNT(errors); i++)
		if (errors[i].error == value)
			return errors[i].name;
	return NULL;
}

static json_t *hex_json(const uint8_t *bytes, size_t size)
{
	char out[2 * 64 + 1] = "";
	size_t i;

	for (i = 0; i < size && 2 * i + 2 < sizeof(out); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return json_string(out);
}

static json_t *hex_number(const struct aovpn_field *field, int64_t value)
{
	char out[24];

	snprintf(out, sizeof(out), "%0*llx", 2 * field->size,
		 (unsigned long long)value);
	return json_string(out);
}

static json_t *list_json(const struct aovpn_observation *o,
			 const struct aovpn_field *field, uint32_t count)
{
	json_t *list = json_array();
	uint16_t value;
	size_t i;

	for (i = 0; i < count && i < field->size / sizeof(value); i++) {
		memcpy(&value, at(o, field->offset + i * sizeof(value)),
		       sizeof(value));
		json_array_append_new(list, json_integer(value));
	}
	return list;
}

static json_t *address_json(const struct aovpn_observation *o,
			    const struct aovpn_field *field,
			    const struct rule *rule)
{
	const uint8_t *family = at(o, rule->other);
	char out[INET6_ADDRSTRLEN];

	return json_string(aovpn_address_text(*family, at(o, field->offset),
					      out, sizeof(out)));
}

static json_t *by_type(const struct aovpn_observation *o,
		       const struct aovpn_field *field)
{
	switch ((enum aovpn_field_type)field->type) {
	case AOVPN_FIELD_TEXT:
		return record_string(at(o, field->offset));
	case AOVPN_FIELD_BYTES:
		return hex_json(at(o, field->offset), field->size);
	case AOVPN_FIELD_U16S:
		return list_json(o, field, UINT32_MAX);
	case AOVPN_FIELD_U8:
	case AOVPN_FIELD_U16:
	case AOVPN_FIELD_U32:
	case AOVPN_FIELD_U64:
	case AOVPN_FIELD_I32:
		break;
	}
	return json_integer(number(o, field));
}

static json_t *by_rule(const struct aovpn_observation *o,
		       const struct aovpn_field *field, const struct rule *rule)
{
	const int64_t value = number(o, field);
	uint32_t count;

	switch (rule->form) {
	case FORM_FLAG:
		return json_boolean(value != 0);
	case FORM_NAME:
		return name_json(rule, value);
	case FORM_ERRNO:
		return name_or_number(
			value == 0 ? "" : strerrorname_np((int)value), value);
	case FORM_GAI:
		return name_or_number(gai_name(value), value);
	case FORM_HEX:
		return hex_number(field, value);
	case FORM_ADDRESS:
		return address_json(o, field, rule);
	case FORM_LIST:
		memcpy(&count, at(o, rule->other), sizeof(count));
		return list_json(o, field, count);
	case FORM_WITHIN:
		break;
	}
	return NULL;
}

static void set_field(json_t *object, const struct aovpn_observation *o,
		      const struct aovpn_field *field)
{
	const struct rule *rule = rule_of(o->kind, field);

	if (rule && rule->form == FORM_WITHIN)
		return;
	json_object_set_new(object, field->name,
			    rule ? by_rule(o, field, rule) : by_type(o, field));
}

/* --- the whole -------------------------------------------------------------
 */

/* What every observation has room for and few sources know. */
static bool is_known(const struct aovpn_observation *o,
		     const struct aovpn_field *field)
{
	if (field->offset >= offsetof(struct aovpn_observation, flow))
		return o->flow.family != 0;
	if (field->type == AOVPN_FIELD_TEXT)
		return *(const char *)at(o, field->offset) != '\0';
	return number(o, field) != 0;
}

static json_t *wall_time(uint64_t time_ns, int64_t wall_ns)
{
	const int64_t ns = (int64_t)time_ns + wall_ns;
	const struct timespec when = {ns / 1000000000, ns % 1000000000};

	return record_time(&when);
}

json_t *observation_json(const struct aovpn_observation *o, int64_t wall_ns)
{
	const struct aovpn_field *field =
		aovpn_observation_kind_fields(o->kind);
	const struct aovpn_field *common = aovpn_observation_fields;
	json_t *object;

	if (!field)
		return NULL;
	object = json_pack("{s:s, s:s, s:o, s:I}", "kind",
			   aovpn_observation_kind_name(o->kind), "source",
			   aovpn_source_name(o->source), "time",
			   wall_time(o->time_ns, wall_ns), "time_ns",
			   (json_int_t)o->time_ns);
	if (!object)
		return NULL;
	for (; common->tag != 0; common++)
		if (is_known(o, common))
			set_field(object, o, common);
	for (; field->tag != 0; field++)
		set_field(object, o, field);
	return object;
}

int64_t observation_json_wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec -
	       (int64_t)aovpn_boottime_ns();
}
