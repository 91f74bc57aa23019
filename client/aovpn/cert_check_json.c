/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_check_json.c - a check as the object that cert-check.schema.json
 * describes: see cert_json.h. */
#include <stdio.h>

#include "cert.h"
#include "cert_json.h"
#include "cert_mapping.h"
#include "cert_revocation.h"

static json_t *urls(const struct aovpn_urls *list)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < list->count; i++)
		json_array_append_new(array, cert_json_text(list->url[i]));
	return array;
}

/* Rows of one width: eku and policy. */
static json_t *oids(const char (*list)[AOVPN_OID_MAX], uint32_t count)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(array, cert_json_text(list[i]));
	return array;
}

static json_t *revocation(const struct aovpn_revocation_facts *facts)
{
	json_t *object;

	object = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "state",
			   cert_revocation_name(facts->state), "text",
			   cert_json_text(facts->text), "source",
			   cert_json_text(facts->source), "checked_at",
			   record_date(facts->checked_at), "this_update",
			   record_date(facts->this_update), "next_update",
			   record_date(facts->next_update));
	json_object_set_new(object, "crl_number",
			    cert_json_text(facts->crl_number));
	json_object_set_new(object, "revoked_at",
			    record_date(facts->revoked_at));
	json_object_set_new(object, "reason", cert_json_text(facts->reason));
	return object;
}

static const char *fetch_kind(uint32_t kind)
{
	switch ((enum aovpn_fetch_kind)kind) {
	case AOVPN_FETCH_CRL:
		return "crl";
	case AOVPN_FETCH_OCSP:
		return "ocsp";
	case AOVPN_FETCH_AIA:
		break;
	}
	return "aia";
}

static json_t *fetch_object(const struct aovpn_fetched *fetched)
{
	json_t *object;

	object = json_pack(
		"{s:s, s:o, s:s, s:o, s:i, s:I, s:i, s:o, s:b}", "kind",
		fetch_kind(fetched->kind), "url", cert_json_text(fetched->url),
		"state", aovpn_fetch_state_name(fetched->state), "text",
		cert_json_text(fetched->text), "http_status",
		(int)fetched->http_status, "size", (json_int_t)fetched->size,
		"duration_ms", (int)fetched->duration_ms, "made_at",
		record_date(fetched->made_at), "from_cache",
		(int)fetched->from_cache);
	json_object_set_new(object, "this_update",
			    record_date(fetched->this_update));
	json_object_set_new(object, "next_update",
			    record_date(fetched->next_update));
	json_object_set_new(object, "crl_number",
			    cert_json_text(fetched->crl_number));
	json_object_set_new(object, "crl_entries",
			    json_integer(fetched->crl_entries));
	json_object_set_new(object, "responder",
			    cert_json_text(fetched->responder));
	return object;
}

static json_t *fetches(const struct aovpn_fetched *list, uint32_t count)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(array, fetch_object(&list[i]));
	return array;
}

static json_t *identity(const struct aovpn_certificate_facts *facts)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:o}", "subject",
			 cert_json_text(facts->subject), "issuer",
			 cert_json_text(facts->issuer), "serial",
			 cert_json_text(facts->serial), "thumbprint",
			 cert_json_text(facts->thumbprint), "thumbprint_sha256",
			 cert_json_text(facts->thumbprint_sha256), "key",
			 facts->key_type, "key_bits", (int)facts->key_bits,
			 "signature_algorithm",
			 cert_json_text(facts->signature_algorithm));
}

static void set_extensions(json_t *object,
			   const struct aovpn_certificate_facts *facts)
{
	json_object_set_new(object, "is_ca", json_boolean(facts->is_ca));
	json_object_set_new(object, "self_issued",
			    json_boolean(facts->self_issued));
	json_object_set_new(object, "eku",
			    facts->has_eku ? oids(facts->eku, facts->eku_count)
					   : json_null());
	json_object_set_new(object, "permits_client_auth",
			    json_boolean(facts->eku_client_auth));
	json_object_set_new(object, "policies",
			    oids(facts->policy, facts->policy_count));
	json_object_set_new(object, "cdp", urls(&facts->cdp));
	json_object_set_new(object, "ocsp", urls(&facts->ocsp));
	json_object_set_new(object, "aia", urls(&facts->aia));
	json_object_set_new(object, "unusable_urls",
			    json_integer(facts->cdp.unusable +
					 facts->ocsp.unusable +
					 facts->aia.unusable));
	json_object_set_new(object, "upn", cert_json_text(facts->upn));
	json_object_set_new(object, "dns", cert_json_text(facts->dns));
}

static json_t *chain_object(const struct aovpn_check *check, uint32_t i)
{
	const struct aovpn_certificate_facts *facts =
		&check->chain.certificate[i];
	json_t *object = identity(facts);

	json_object_set_new(object, "not_before",
			    record_date(facts->not_before));
	json_object_set_new(object, "not_after", record_date(facts->not_after));
	set_extensions(object, facts);
	json_object_set_new(object, "from_aia",
			    json_boolean(check->issuer_from_aia[i]));
	json_object_set_new(object, "revocation",
			    revocation(&facts->revocation));
	json_object_set_new(
		object, "fetches",
		fetches(check->asked[i].point, check->asked[i].count));
	return object;
}

static json_t *chain_array(const struct aovpn_check *check)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < check->chain.count; i++)
		json_array_append_new(array, chain_object(check, i));
	return array;
}

static json_t *texts(const char (*list)[AOVPN_TEXT_MAX], uint32_t count)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(array, cert_json_text(list[i]));
	return array;
}

/* A prediction without a reason that is known has null there. */
static json_t *prediction_object(const struct aovpn_prediction *prediction)
{
	const struct aovpn_code *code = aovpn_code_find(prediction->ras_code);
	json_t *object;

	object = json_pack(
		"{s:s, s:s, s:s, s:b, s:i, s:s, s:i, s:o, s:s}", "cause",
		prediction->cause->slug, "summary", prediction->cause->summary,
		"confidence", aovpn_confidence_name(prediction->confidence),
		"note", (int)prediction->note, "ras_code",
		(int)prediction->ras_code, "ras_name", code ? code->symbol : "",
		"depth", (int)prediction->depth, "evidence",
		texts(prediction->evidence, prediction->evidence_count), "fix",
		prediction->fix ? prediction->fix : "");
	json_object_set_new(object, "nps_reason",
			    prediction->nps_reason
				    ? json_integer(prediction->nps_reason)
				    : json_null());
	return object;
}

static json_t *predictions_array(const struct aovpn_predictions *predictions)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < predictions->count; i++)
		json_array_append_new(array,
				      prediction_object(&predictions->list[i]));
	return array;
}

static json_t *place_object(uint32_t state, const char *sid, const char *fault)
{
	return json_pack("{s:s, s:o, s:o}", "state", cert_mapping_state(state),
			 "sid", cert_json_text(sid), "fault",
			 cert_json_text(fault));
}

static json_t *sid_details(const struct aovpn_certificate_facts *leaf)
{
	return json_pack(
		"{s:o, s:o, s:b, s:b, s:b, s:b, s:s, s:s}", "extension",
		place_object(leaf->sid_extension_state, leaf->sid_extension,
			     leaf->sid_extension_fault),
		"uri",
		place_object(leaf->sid_uri_state, leaf->sid_uri,
			     leaf->sid_uri_fault),
		"uri_joined", (int)leaf->sid_uri_joined, "in_other_name",
		(int)leaf->sid_in_other_name, "conflict",
		(int)cert_mapping_conflicts(leaf), "cloud_only",
		(int)cert_mapping_cloud_only(leaf), "accepted_by",
		cert_mapping_reach_name(leaf), "enforcement",
		cert_mapping_dates(leaf));
}

/* Of AD CS; null where the certificate names none. */
static json_t *template_object(const struct aovpn_certificate_facts *leaf)
{
	if (leaf->template_name[0] == '\0' && leaf->template_oid[0] == '\0')
		return json_null();
	return json_pack("{s:o, s:o, s:I, s:I}", "name",
			 cert_json_text(leaf->template_name), "oid",
			 cert_json_text(leaf->template_oid), "major",
			 (json_int_t)leaf->template_major, "minor",
			 (json_int_t)leaf->template_minor);
}

static json_t *kind_details(const struct aovpn_kind *kind)
{
	json_t *remarks = json_array(), *object;
	uint32_t i;

	for (i = 0; i < kind->remark_count; i++)
		json_array_append_new(remarks, json_string(kind->remarks[i]));
	object = json_pack("{s:s, s:s?, s:o, s:o}", "title",
			   aovpn_kind_title(kind->id), "vendor", kind->vendor,
			   "evidence",
			   texts(kind->evidence, kind->evidence_count),
			   "remarks", remarks);
	json_object_set_new(
		object, "confidence",
		kind->confidence
			? json_string(aovpn_confidence_name(kind->confidence))
			: json_null());
	return object;
}

static json_t *remarks_array(const struct cert_subject *subject,
			     const struct aovpn_check *check)
{
	json_t *array = json_array();
	uint32_t i;

	if (subject->look.remark[0] != '\0')
		json_array_append_new(array,
				      cert_json_text(subject->look.remark));
	for (i = 0; i < check->remark_count; i++)
		json_array_append_new(array, cert_json_text(check->remark[i]));
	return array;
}

json_t *cert_json_check(const struct cert_subject *subject,
			const struct aovpn_check *check, time_t now)
{
	const struct aovpn_certificate_facts *leaf =
		&check->chain.certificate[0];
	char leaf_text[CERT_REVOCATION_TEXT_MAX];
	char chain_text[CERT_REVOCATION_TEXT_MAX];
	json_t *object;

	cert_revocation_leaf(check, leaf_text);
	cert_revocation_chain(check, chain_text);
	object = json_pack(
		"{s:i, s:o, s:o, s:o, s:s, s:o, s:b, s:o, s:o, s:o, s:o}",
		"schema", CERT_JSON_SCHEMA, "checked_at", record_date(now),
		"source", cert_json_text(subject->look.file), "connection",
		cert_json_text(subject->connection), "verdict",
		aovpn_check_verdict_name(check->verdict), "unknown",
		cert_json_text(check->unknown), "complete",
		(int)check->chain.complete, "chain", chain_array(check),
		"aia_fetches", fetches(check->aia, check->aia_count),
		"predictions", predictions_array(&check->predictions),
		"remarks", remarks_array(subject, check));
	json_object_set_new(object, "sid",
			    cert_json_text(cert_mapping_sid(leaf)));
	json_object_set_new(object, "sid_details", sid_details(leaf));
	json_object_set_new(object, "kind",
			    json_string(aovpn_kind_name(check->kind.id)));
	json_object_set_new(object, "kind_details", kind_details(&check->kind));
	json_object_set_new(object, "template", template_object(leaf));
	json_object_set_new(object, "leaf_revocation",
			    cert_json_text(leaf_text));
	json_object_set_new(object, "chain_revocation",
			    cert_json_text(chain_text));
	return object;
}
