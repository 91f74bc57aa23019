/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_vici.c - charon's messages over vici, read by the real libvici from a
 * socket on which this target plays charon: a byte that says what is asked, and
 * messages, each behind its length of two bytes. The last one is the response,
 * those before it are events. Protocol: strongSwan's vici/README.md.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "client/aovpnd/charon_name.h"
#include "client/aovpnd/vici.h"
#include "client/aovpnd/vici_certs.h"
#include "client/aovpnd/vici_conn.h"
#include "client/aovpnd/vici_events.h"
#include "client/aovpnd/vici_sas.h"
#include "client/aovpnd/vici_traffic.h"
#include "fuzz_files.h"
#include "unix_socket.h"

enum packet {
	CMD_REQUEST = 0,
	CMD_RESPONSE = 1,
	EVENT_REGISTER = 3,
	EVENT_CONFIRM = 5,
	EVENT = 7,
};

static const char *const events[] = {"ike-updown", "ike-rekey", "child-updown",
				     "alert", "log"};

static char uri[PATH_MAX];
static int listener = -1;

/* --- charon -----------------------------------------------------------------
 */

static const uint8_t *at, *end;

/* Bytes of an element of that type behind its first; more than there are: it is
 * cut. */
static size_t element_size(const uint8_t *element, size_t left)
{
	const bool named =
		element[0] == 1 || element[0] == 3 || element[0] == 4;
	size_t size = 0;

	if (named)
		size = left < 2 ? left : 1u + element[1];
	if ((element[0] == 3 || element[0] == 5) && size + 2 < left)
		size += 2u +
			(size_t)(element[size + 1] << 8 | element[size + 2]);
	return size;
}

/* A message without what is behind an explicit VICI_END (7), that included: of
 * one libvici takes unset variables (parse_enumerate in vici_message.c of 5.9.8
 * and others), and no charon sends it. */
static size_t without_end(const uint8_t *message, size_t size)
{
	size_t used = 0;

	while (used < size && message[used] != 7)
		used += 1 + element_size(message + used, size - used);
	return used < size ? used : size;
}

/* The next message; false: there is none. */
static bool next_message(const uint8_t **ret, size_t *ret_size)
{
	size_t size;

	if (end - at < 2)
		return false;
	size = (size_t)(at[0] << 8 | at[1]);
	at += 2;
	if (size > (size_t)(end - at))
		size = (size_t)(end - at);
	*ret = at;
	*ret_size = size;
	at += size;
	return true;
}

/* A packet with a name, NULL: without. */
static void send_packet(int fd, enum packet type, const char *name,
			const uint8_t *data, size_t size)
{
	static uint8_t packet[70000];
	size_t head = 5, length = name ? strlen(name) : 0;
	uint32_t whole;

	packet[4] = (uint8_t)type;
	if (name) {
		packet[head++] = (uint8_t)length;
		memcpy(packet + head, name, length);
		head += length;
	}
	PROMISE(head + size <= sizeof(packet));
	if (size)
		memcpy(packet + head, data, size);
	whole = htonl((uint32_t)(head + size - 4));
	memcpy(packet, &whole, 4);
	send(fd, packet, head + size, MSG_NOSIGNAL);
}

/* Of one of the kinds that aovpnd hears, which its first byte says. */
static void send_any_event(int fd, const uint8_t *message, size_t size)
{
	if (size > 0)
		send_packet(fd, EVENT, events[message[0] % 5], message + 1,
			    without_end(message + 1, size - 1));
}

static void send_any_events(int fd)
{
	const uint8_t *message;
	size_t size;

	while (next_message(&message, &size))
		send_any_event(fd, message, size);
}

/* All messages but the last, as items of a list. */
static void send_items(int fd, const char *name)
{
	const uint8_t *message, *before = at;
	size_t size;

	while (next_message(&message, &size) && at < end) {
		send_packet(fd, EVENT, name, message,
			    without_end(message, size));
		before = at;
	}
	at = before;
}

static void respond(int fd)
{
	const uint8_t *message = NULL;
	size_t size = 0;

	next_message(&message, &size);
	send_packet(fd, CMD_RESPONSE, NULL, message,
		    message ? without_end(message, size) : 0);
}

static bool read_whole(int fd, void *out, size_t size)
{
	return recv(fd, out, size, MSG_WAITALL) == (ssize_t)size;
}

/* Answer one packet. false: the client has gone. */
static bool serve_packet(int fd, char name[256])
{
	static uint8_t packet[70000];
	uint32_t size;

	if (!read_whole(fd, &size, sizeof(size)))
		return false;
	size = ntohl(size);
	PROMISE(size >= 2 && size <= sizeof(packet));
	PROMISE(read_whole(fd, packet, size));
	if (packet[0] == EVENT_REGISTER) {
		PROMISE(packet[1] + 2u == size);
		memcpy(name, packet + 2, packet[1]);
		name[packet[1]] = '\0';
		/* Before the answer, so that they are read by then. */
		if (strcmp(name, "log") == 0)
			send_any_events(fd);
		send_packet(fd, EVENT_CONFIRM, NULL, NULL, 0);
	} else if (packet[0] == CMD_REQUEST) {
		if (name[0] != '\0')
			send_items(fd, name);
		respond(fd);
	}
	return true;
}

static void *serve(void *argument)
{
	struct pollfd fd = {.fd = listener, .events = POLLIN};
	char name[256] = "";
	int client;

	(void)argument;
	PROMISE(poll(&fd, 1, 5000) == 1);
	client = accept(listener, NULL, NULL);
	PROMISE(client >= 0);
	while (serve_packet(client, name))
		;
	close(client);
	return NULL;
}

/* --- what is asked ----------------------------------------------------------
 */

static void list_sas(void)
{
	static struct vici_sas sas;
	size_t i;

	memset(&sas, 0xff, sizeof(sas));
	if (vici_sas_list(uri, NULL, &sas) < 0)
		return;
	PROMISE(sas.count <= VICI_SAS_MAX);
	for (i = 0; i < sas.count; i++) {
		PROMISE(memchr(sas.sa[i].name, 0, AOVPN_NAME_MAX));
		PROMISE(charon_name_connection(sas.sa[i].name));
	}
}

static void ask_traffic(void)
{
	uint64_t out, in;
	int r = vici_traffic(uri, "aovpn-corp", &out, &in);

	PROMISE(r == 0 || r == -ENOENT || r == -ECONNRESET);
}

static void find_conn(void)
{
	struct vici_conn conn;

	memset(&conn, 0xff, sizeof(conn));
	vici_conn_find(uri, "corp", &conn);
	PROMISE(memchr(conn.server, 0, sizeof(conn.server)));
	PROMISE(memchr(conn.certificate, 0, sizeof(conn.certificate)));
}

static void find_certs(void)
{
	struct aovpn_credential *credential = NULL;
	struct aovpn_error error = {""};

	if (vici_certs_find(uri, "CN=user1", &credential, &error) < 0) {
		PROMISE(error.text[0] != '\0' && !credential);
		return;
	}
	PROMISE(credential->certificate && !credential->key);
	aovpn_credential_free(credential);
}

static void find_any_cert(void)
{
	X509_free(vici_certs_find_any(uri, "CN=user1"));
}

static void take_event(const struct charon_event *event, void *userdata)
{
	(void)userdata;
	PROMISE(event->type <= CHARON_ALERT);
	PROMISE(memchr(event->name, 0, sizeof(event->name)));
	PROMISE(memchr(event->group, 0, sizeof(event->group)));
	PROMISE(memchr(event->text, 0, sizeof(event->text)));
	PROMISE(!event->cut || strlen(event->text) < sizeof(event->text));
	charon_log_is_of_interest(event);
	charon_log_begins(event);
	charon_log_is_send_failure(event);
}

static void hear_events(void)
{
	struct vici_events *heard = NULL;
	struct aovpn_error error;

	if (vici_events_open(uri, take_event, NULL, &heard, &error) == 0)
		vici_events_close(heard);
}

static void initiate(void)
{
	struct aovpn_error error = {""};
	int r = vici_initiate(uri, "aovpn-corp", 100, &error);

	PROMISE(r == 0 || r == -ETIMEDOUT || r == -ECONNREFUSED ||
		r == -ECONNRESET);
	PROMISE(r == 0 || error.text[0] != '\0');
	PROMISE(fuzz_is_clean(error.text, sizeof(error.text)));
}

static void (*const questions[])(void) = {
	list_sas,      ask_traffic, find_conn, find_certs,
	find_any_cert, hear_events, initiate,
};

static void prepare(void)
{
	char path[PATH_MAX - 8];

	snprintf(path, sizeof(path), "%s/vici", fuzz_directory());
	snprintf(uri, sizeof(uri), "unix://%s", path);
	listener = aovpn_unix_listen(path, SOCK_STREAM, 4);
	PROMISE(listener >= 0);
	vici_start();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pthread_t charon;

	if (listener < 0)
		prepare();
	if (size == 0)
		return 0;
	at = data + 1;
	end = data + size;
	PROMISE(pthread_create(&charon, NULL, serve, NULL) == 0);
	questions[data[0] % (sizeof(questions) / sizeof(questions[0]))]();
	PROMISE(pthread_join(charon, NULL) == 0);
	return 0;
}
