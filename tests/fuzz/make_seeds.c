/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make_seeds.c - writes the seeds that only code can make: a message of the
 * channel of each type and kind, records of the tracer, recorded attempts,
 * replies of aovpn-fetch.
 *
 *	make_seeds DIR
 */
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt_json.h"
#include "bpf/event.h"
#include "channel.h"
#include "fetch_protocol.h"
#include "observation_json.h"
#include "record.h"

static void write_seed(const char *directory, const char *name, int number,
		       const void *data, size_t size)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s-%d", directory, name, number);
	file = fopen(path, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file)) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

static void write_message(const char *directory, int number,
			  const struct aovpn_message *message)
{
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n = aovpn_message_encode(message, buffer, sizeof(buffer));

	if (n < 0)
		exit(EXIT_FAILURE);
	write_seed(directory, "channel/message", number, buffer, (size_t)n);
}

static void write_messages(const char *directory)
{
	struct aovpn_message m = {.sequence = 7, .dropped = 1};
	struct aovpn_observation *o = &m.u.observation;
	int number = 0;
	uint32_t kind;

	for (m.type = 1; m.type < AOVPN_MESSAGE_OBSERVATION; m.type++)
		write_message(directory, number++, &m);
	for (kind = 1; kind < AOVPN_OBS_KIND_END; kind++) {
		o->kind = kind;
		o->time_ns = 0x0123456789abcdefull;
		strcpy(o->connection, "aovpn-corp");
		o->flow.family = AF_INET;
		write_message(directory, number++, &m);
	}
}

/* A signature by each key and way, and a refusal, as fuzz_held_key.c takes
 * them. */
static void write_signatures(const char *directory)
{
	struct aovpn_message m = {.type = AOVPN_MESSAGE_SIGNED, .sequence = 3};
	struct aovpn_signed *answer = &m.u.signature;
	uint8_t buffer[1 + AOVPN_CHANNEL_MAX];
	int how, n;

	for (how = 0; how < 16; how++) {
		answer->size = how & 1 ? 71 : 256;
		answer->error = how == 12 ? -5 : 0;
		strcpy(answer->text, how == 12 ? "the token\033 is gone" : "");
		memset(answer->signature, 0x5a, answer->size);
		buffer[0] = (uint8_t)how;
		n = aovpn_message_encode(&m, buffer + 1, AOVPN_CHANNEL_MAX);
		if (n < 0)
			exit(EXIT_FAILURE);
		write_seed(directory, "held_key/answer", how, buffer,
			   (size_t)n + 1);
	}
}

static void write_events(const char *directory)
{
	struct aovpn_name_event record = {
		.name = "crl.contoso.test",
		.event =
			{
				.time_ns = 1000000000,
				.spi_i = 0x1122334455667788ull,
				.location = 0xffffffff81000000ull,
				.source = {192, 0, 2, 10},
				.destination = {198, 51, 100, 10},
				.length = 500,
				.source_port = 500,
				.destination_port = 500,
				.ip_version = 4,
				.protocol = 17,
				.exchange = 34,
				.symbol = "nf_hook_slow",
			},
	};
	struct aovpn_event *event = &record.event;
	int incoming;

	for (event->hook = 0; event->hook < AOVPN_HOOK_COUNT; event->hook++)
		for (incoming = 0; incoming < 2; incoming++) {
			event->incoming = (uint8_t)incoming;
			event->reason = incoming ? 8 : AOVPN_REASON_NONE;
			write_seed(directory, "tracer_event/event",
				   2 * event->hook + incoming, &record,
				   event->hook == AOVPN_HOOK_NAME_RESULT
					   ? sizeof(record)
					   : sizeof(*event));
		}
}

static void add_observations(struct aovpn_attempt *attempt)
{
	struct aovpn_observation o = {.source = AOVPN_SOURCE_PLUGIN};

	for (o.kind = 1; o.kind < AOVPN_OBS_KIND_END; o.kind++) {
		o.time_ns += 1000;
		o.spi_i = 0x1122334455667788ull;
		o.flow.family = o.kind % 2 ? AF_INET : AF_INET6;
		if (aovpn_attempt_add(attempt, &o) < 0)
			exit(EXIT_FAILURE);
	}
}

static void add_chain(struct aovpn_chain_facts *chain)
{
	struct aovpn_certificate_facts *leaf = &chain->certificate[0];

	chain->count = 2;
	chain->error_count = 1;
	strcpy(leaf->subject, "CN=user1");
	strcpy(leaf->cdp.url[0], "http://pki.contoso.test/issuing.crl");
	leaf->cdp.count = 1;
	leaf->not_after = 1800000000;
	leaf->sid_uri_state = AOVPN_SID_VALID;
	leaf->revocation.state = AOVPN_REVOCATION_GOOD;
	chain->certificate[1].is_ca = true;
}

/* JSON for fuzz_cli.c, behind the byte that says what it is. */
static void write_shown(const char *directory, int what, int number,
			const json_t *value)
{
	char name[32], text[16384];
	size_t size = json_dumpb(value, text + 1, sizeof(text) - 1,
				 JSON_COMPACT | JSON_ENCODE_ANY);

	/* A line without its end counts as torn. */
	if (size == 0 || size + 1 >= sizeof(text))
		exit(EXIT_FAILURE);
	text[0] = (char)what;
	text[++size] = '\n';
	snprintf(name, sizeof(name), "cli/%d", what);
	write_seed(directory, name, number, text, size + 1);
}

/* As a line of the list, as the outcome of a dial, as a hint, and as the record
 * that is looked for by its id. */
static void write_record(const char *directory, int number,
			 const struct aovpn_attempt *attempt)
{
	struct aovpn_outcome outcome;
	json_t *record;
	int what;

	aovpn_diagnose(attempt, &outcome);
	record = record_new(attempt, &outcome, attempt->started_ns);
	for (what = 0; what < 2; what++)
		write_shown(directory, what, number, record);
	write_shown(directory, 3, number, record);
	write_shown(directory, 6, number, record);
	/* What a stranger's file may have. */
	json_object_set_new(record, "message", json_string("\033[2J\x7f"));
	write_shown(directory, 6, number + 10, record);
	json_decref(record);
}

/* A tunnel that is up, as "aovpn status" gets it; and lines of a trace. */
static void write_statuses(const char *directory)
{
	static const char text[] =
		"{\"connection\":\"corp\",\"state\":\"connected\",\"stage\":"
		"\"up\","
		"\"since\":\"2026-11-25T15:00:00Z\",\"hint\":null,"
		"\"last_record\":{\"server\":\"vpn\",\"ras_code\":0,\"causes\":"
		"[],"
		"\"tunnel\":{\"networks\":\"0.0.0.0/0\",\"dns\":\"10.0.0.53\","
		"\"gateway_certificate\":\"CN=vpn\",\"ike_proposal\":"
		"\"aes256\"}},"
		"\"traffic\":{\"bytes_in\":84,\"bytes_out\":1e3,"
		"\"child_rekey_s\":3000,\"ike_rekey_s\":9000},"
		"\"network\":{\"link\":\"aovpn-corp\",\"routes_by\":\"aovpn\","
		"\"addresses\":[\"10.9.0.1\"],\"routes\":[\"10.0.0.0/8\"],"
		"\"excluded\":[],\"dns\":{\"resolver\":\"resolvconf\",\"note\":"
		"\"\","
		"\"servers\":[\"10.0.0.53\"],\"domains\":[\".\"],"
		"\"search_domains\":[\"contoso.test\"]}},\"keep\":{\"always_"
		"on\":true,"
		"\"paused\":false,\"next_dial\":null,\"waits_for\":null}}";
	static const char end[] =
		"{\"kind\":\"end\",\"time\":\"2026-11-25T15:00:00Z\",\"shown\":"
		"41,"
		"\"lost\":{\"kernel\":3},\"unread\":{},\"suppressed\":2}";
	json_t *value = json_loads(text, 0, NULL);

	write_shown(directory, 2, 0, value);
	json_decref(value);
	value = json_loads(end, 0, NULL);
	write_shown(directory, 4, 0, value);
	json_decref(value);
}

static void write_trace_lines(const char *directory)
{
	struct aovpn_observation o = {
		.source = AOVPN_SOURCE_KERNEL,
		.flow = {.family = AF_INET, .remote_port = 500},
	};
	json_t *line;

	for (o.kind = 1; o.kind < AOVPN_OBS_KIND_END; o.kind++) {
		line = observation_json(&o, 0);
		write_shown(directory, 4, (int)o.kind, line);
		json_decref(line);
	}
}

/* A dial that was refused, and one of which nothing was seen. */
static void write_attempts(const char *directory)
{
	struct recorded_outcome outcome = {.event_id = 20227, .ras_code = 853};
	struct aovpn_verdict verdict = {.file = "/etc/user.pem"};
	struct aovpn_attempt attempt = {
		.id = "6f0c0f5e-0000-4000-8000-000000000001",
		.started_at = 1795300000,
		.candidates = &verdict,
	};
	int number;

	strcpy(attempt.connection, "corp");
	for (number = 0; number < 2; number++) {
		json_t *object = attempt_json(&attempt, &outcome);
		char *text = json_dumps(object, JSON_INDENT(1));

		write_seed(directory, "attempt_json/attempt", number, text,
			   strlen(text));
		write_seed(directory, "tunnel_store/tunnel", number, text,
			   strlen(text));
		write_shown(directory, 5, number, object);
		write_record(directory, number, &attempt);
		free(text);
		json_decref(object);
		attempt.candidate_count = 1;
		add_observations(&attempt);
		add_chain(&attempt.chain);
		attempt.history.shown_at = attempt.history.success_at = 1795;
		attempt.history.defect_count = 1;
	}
	free(attempt.observations);
}

/* Two gateways, the second with what was wrong with the certificate. */
static void write_history(const char *directory)
{
	static const char text[] =
		"{\"schema\":1,\"entry\":[{\"connection\":\"corp\","
		"\"server\":\"vpn.contoso.test\",\"issuer\":\"CN=Issuing CA\","
		"\"issuer_key_id\":\"0102\",\"history\":{\"success_at\":1795,"
		"\"address\":\"198.51.100.10\",\"shown_at\":1795,"
		"\"thumbprint\":\"00\",\"verified\":true,\"asked\":true,"
		"\"defect\":[{\"cause\":\"crl-no-cdp\",\"depth\":1,"
		"\"confidence\":2,\"subject\":\"CN=x\",\"revocation\":3}]}},"
		"{\"connection\":\"a\",\"server\":\"b\",\"issuer\":\"c\","
		"\"issuer_key_id\":\"\",\"history\":{}}]}";

	write_seed(directory, "history_store/history", 0, text, strlen(text));
}

/* The file of an answer in the cache; fuzz_fetch_cache.c sets its key. */
static void write_cached(const char *directory)
{
	static struct {
		char magic[8];
		uint8_t key[32];
		int64_t made_at;
		uint32_t reply_size, found_size;
		struct fetch_reply_message reply;
	} file = {"aovpnf1", {0}, 1700000000};
	struct aovpn_fetched *fetched = &file.reply.fetched;

	file.reply_size = offsetof(struct fetch_reply_message, found);
	file.reply.version = FETCH_VERSION;
	fetched->state = AOVPN_FETCH_OK;
	fetched->status = AOVPN_STATUS_GOOD;
	fetched->this_update = 1700000000;
	fetched->next_update = 1700003600;
	strcpy(fetched->crl_number, "1f");
	write_seed(directory, "fetch_cache/good", 0, &file,
		   sizeof(file) - sizeof(file.reply) + file.reply_size);
}

/* What aovpn-fetch says of a revoked certificate, and of a TLS failure. */
static void write_replies(const char *directory)
{
	static struct fetch_reply_message reply;
	struct aovpn_fetched *fetched = &reply.fetched;

	reply.version = FETCH_VERSION;
	fetched->state = AOVPN_FETCH_OK;
	fetched->status = AOVPN_STATUS_REVOKED;
	fetched->this_update = 1700000000;
	strcpy(fetched->crl_number, "1f");
	strcpy(fetched->reason, "keyCompromise");
	write_seed(directory, "fetch_reply/revoked", 0, &reply,
		   offsetof(struct fetch_reply_message, found));
	fetched->state = AOVPN_FETCH_TLS;
	fetched->status = AOVPN_STATUS_NONE;
	strcpy(fetched->text, "the server's certificate: expired");
	write_seed(directory, "fetch_reply/tls", 0, &reply,
		   offsetof(struct fetch_reply_message, found));
	fetched->state = AOVPN_FETCH_OK;
	fetched->text[0] = '\0';
	reply.resolved.count = 2;
	reply.resolved.address[0].family = AF_INET6;
	reply.resolved.address[1].family = AF_INET;
	write_seed(directory, "fetch_reply/addresses", 0, &reply,
		   offsetof(struct fetch_reply_message, found));
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return EXIT_FAILURE;
	write_messages(argv[1]);
	write_signatures(argv[1]);
	write_events(argv[1]);
	write_attempts(argv[1]);
	write_replies(argv[1]);
	write_history(argv[1]);
	write_cached(argv[1]);
	write_statuses(argv[1]);
	write_trace_lines(argv[1]);
	return EXIT_SUCCESS;
}
