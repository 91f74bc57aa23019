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
	write_events(argv[1]);
	write_attempts(argv[1]);
	write_replies(argv[1]);
	write_history(argv[1]);
	return EXIT_SUCCESS;
}
