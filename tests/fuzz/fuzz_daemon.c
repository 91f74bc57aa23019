/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_daemon.c - aovpnd's connections as a whole: dials, hang-ups, what a
 * charon says over the plugin's channel and over vici, what the kernel shows,
 * workers that end, time that passes, a network that comes and goes, a daemon
 * that begins anew - in any order. Each byte of the input is one such step, and
 * what follows it are its details.
 *
 * Nothing but what a compromised charon or a hostile gateway can do, a person,
 * and the machine. Whatever the order: a dial has one outcome and a tunnel one
 * end, each recorded attempt gives its outcome again, records are fit for a
 * terminal, and a daemon that is told to stop comes to rest with nothing left
 * behind.
 */
#include <sys/socket.h>
#include <sys/stat.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "bpf/event.h"
#include "client/aovpnd/adopt.h"
#include "client/aovpnd/always_on.h"
#include "client/aovpnd/connections.h"
#include "client/aovpnd/kernel_watch.h"
#include "client/aovpnd/network.h"
#include "client/aovpnd/plugin_server.h"
#include "client/aovpnd/tracer_event.h"
#include "client/aovpnd/watched.h"
#include "fuzz_files.h"
#include "fuzz_loop.h"
#include "fuzz_world.h"
#include "unix_socket.h"

#define STEPS_MAX 400

static struct daemon daemon_;

void daemon_observe(struct daemon *daemon,
		    const struct aovpn_observation *observation)
{
	connections_observe(daemon->connections, observation);
	watched_observe(daemon->watched, observation);
}

void daemon_drain(struct daemon *daemon)
{
	plugin_server_drain(daemon->plugin);
}

struct daemon_losses daemon_losses(const struct daemon *daemon)
{
	struct daemon_losses losses = {{0}, 0};

	losses.lost[AOVPN_SOURCE_PLUGIN] = plugin_server_lost(daemon->plugin);
	return losses;
}

/* --- what stands in the file system ------------------------------------------
 */

static void add_extension(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	PROMISE(extension && X509_add_ext(certificate, extension, -1));
	X509_EXTENSION_free(extension);
}

/* A certificate that a dial may show, its key and, being its own issuer, a
 * root. */
static void write_certificate(const char *path)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	FILE *file = fopen(path, "w");
	X509_NAME *name = X509_get_subject_name(certificate);

	PROMISE(key && file);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 30l * 24 * 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
				   (const unsigned char *)"user1", -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, key);
	add_extension(certificate, NID_ext_key_usage, "clientAuth");
	add_extension(certificate, NID_key_usage, "digitalSignature");
	PROMISE(X509_sign(certificate, key, EVP_sha256()));
	PROMISE(PEM_write_X509(file, certificate));
	PROMISE(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
	fclose(file);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static void write_roots(const char *from, const char *to)
{
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	X509 *certificate = PEM_read_X509(in, NULL, NULL, NULL);

	PROMISE(certificate && PEM_write_X509(out, certificate));
	X509_free(certificate);
	fclose(in);
	fclose(out);
}

static void write_profile(const char *name, const char *format,
			  const char *directory)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.conf", daemon_.paths.profiles,
		 name);
	file = fopen(path, "w");
	PROMISE(file);
	fprintf(file, format, directory, directory, directory);
	fclose(file);
}

static void write_profiles(const char *directory)
{
#define ROOTS_AND_CERTIFICATE        \
	"[Gateway]\nTrustedRoots="   \
	"%s/roots.pem\n"             \
	"[NPS]\nTrustedRoots="       \
	"%s/roots.pem\n"             \
	"[Credential]\nCertificate=" \
	"%s/user.pem\nEAPIdentity="  \
	"user1@contoso.test\n"
	write_profile("corp",
		      "[Connection]\nServer=a.contoso.test, b.contoso.test\n"
		      "AlwaysOn=yes\n[DNS]\nApply=yes\n" ROOTS_AND_CERTIFICATE,
		      directory);
	write_profile("lab",
		      "[Connection]\nServer=198.51.100.10\n"
		      "[Network]\nTunnel=force\n" ROOTS_AND_CERTIFICATE,
		      directory);
	write_profile("bad", "[Connection]\nServer=\n", directory);
}

static void prepare(void)
{
	struct aovpn_paths *paths = &daemon_.paths;
	const char *directory = fuzz_directory();
	char certificate[PATH_MAX], roots[PATH_MAX];

	snprintf(paths->runtime, PATH_MAX, "%s", directory);
	snprintf(paths->state, PATH_MAX, "%s", directory);
	snprintf(paths->vici, PATH_MAX, "unix://%s/vici", directory);
	snprintf(paths->profiles, PATH_MAX, "%s/profiles", directory);
	snprintf(paths->plugin_socket, PATH_MAX, "%s/plugin", directory);
	snprintf(paths->tunnels, PATH_MAX, "%s/tunnels", directory);
	snprintf(paths->history, PATH_MAX, "%s/history.json", directory);
	snprintf(paths->clock, PATH_MAX, "%s/clock.json", directory);
	PROMISE(mkdir(paths->profiles, 0700) == 0);
	snprintf(certificate, PATH_MAX, "%s/user.pem", directory);
	snprintf(roots, PATH_MAX, "%s/roots.pem", directory);
	write_certificate(certificate);
	write_roots(certificate, roots);
	write_profiles(directory);
	setenv("AOVPN_FETCH", "/nonexistent", 1);
}

/* --- the daemon -------------------------------------------------------------
 */

static void begin(struct daemon *daemon)
{
	PROMISE(always_on_new(daemon, &daemon->always_on) == 0);
}

static void open_daemon(void)
{
	struct daemon *d = &daemon_;
	struct aovpn_error error;

	d->event = &loop;
	d->lock_fd = -1;
	d->charon = &the_charon;
	history_store_open(d->paths.state, d->paths.history, &d->history,
			   &error);
	PROMISE(connections_new(d, &d->connections) == 0);
	PROMISE(plugin_server_open(d, d->paths.plugin_socket, &d->plugin,
				   &error) == 0);
	PROMISE(kernel_watch_new(d->event, &d->watch) == 0);
	PROMISE(watched_new(d, &d->watched) == 0);
	PROMISE(network_new(d, &d->network) == 0);
	PROMISE(adopt_begin(d, begin) == 0);
}

static void end_workers(void)
{
	unsigned int turns = 0;

	while (loop_worker_count > 0) {
		PROMISE(++turns < STEPS_MAX);
		loop_end_worker(0);
		loop_read();
	}
}

/* As main() does, in its order. */
static void close_daemon(void)
{
	struct daemon *d = &daemon_;

	d->always_on = always_on_free(d->always_on);
	d->watched = watched_free(d->watched);
	d->plugin = plugin_server_close(d->plugin);
	d->watch = kernel_watch_free(d->watch);
	d->connections = connections_free(d->connections);
	d->network = network_free(d->network);
	d->history = history_store_free(d->history);
	end_workers();
	PROMISE(!loop.first);
	PROMISE(!file_watches);
}

/* --- charon's plugin --------------------------------------------------------
 */

static int plugin = -1;
static uint32_t plugin_sequence;
static struct aovpn_policy last_policy;

static void plugin_leave(void)
{
	if (plugin >= 0)
		close(plugin);
	plugin = -1;
}

static void close_fds(struct msghdr *header)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(header);
	size_t i, count;
	int fd;

	if (!cmsg)
		return;
	count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	for (i = 0; i < count; i++) {
		memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(fd), sizeof(fd));
		close(fd);
	}
}

/* The daemon's messages are well-formed; the last policy is kept. */
static void plugin_listen(void)
{
	static struct aovpn_message message;
	uint8_t buffer[AOVPN_CHANNEL_MAX], control[256];
	struct iovec iov = {buffer, sizeof(buffer)};
	struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	for (;;) {
		header.msg_control = control;
		header.msg_controllen = sizeof(control);
		n = plugin < 0 ? -1 : recvmsg(plugin, &header, MSG_DONTWAIT);
		if (n <= 0)
			return;
		close_fds(&header);
		PROMISE(aovpn_message_decode(buffer, (size_t)n, &message) == 0);
		if (message.type == AOVPN_MESSAGE_REGISTER)
			last_policy = message.u.policy;
	}
}

static void plugin_say(struct aovpn_message *message)
{
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	message->sequence = ++plugin_sequence;
	n = aovpn_message_encode(message, buffer, sizeof(buffer));
	if (n > 0 && plugin >= 0)
		send(plugin, buffer, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void plugin_come(void)
{
	static struct aovpn_message message;

	plugin_leave();
	plugin =
		aovpn_unix_connect(daemon_.paths.plugin_socket, SOCK_SEQPACKET);
	PROMISE(plugin >= 0);
	memset(&message, 0, sizeof(message));
	message.type = AOVPN_MESSAGE_HELLO;
	message.u.hello.charon[0] = take() & 3;
	message.u.hello.pid = 1;
	plugin_say(&message);
}

static void plugin_register(void)
{
	static struct aovpn_message message;
	uint8_t what = take();

	memset(&message, 0, sizeof(message));
	message.type = AOVPN_MESSAGE_REGISTERED;
	memcpy(message.u.registered.connection, last_policy.connection,
	       AOVPN_NAME_MAX);
	message.u.registered.generation = last_policy.generation + (what >> 7);
	message.u.registered.error = what & 1   ? -EKEYREJECTED
				     : what & 2 ? -EINVAL
						: 0;
	plugin_say(&message);
}

static void plugin_sign(void)
{
	static struct aovpn_message message;

	memset(&message, 0, sizeof(message));
	message.type = AOVPN_MESSAGE_SIGN;
	memcpy(message.u.sign.connection, last_policy.connection,
	       AOVPN_NAME_MAX);
	message.u.sign.generation = last_policy.generation;
	message.u.sign.scheme = take();
	message.u.sign.digest_size = take();
	plugin_say(&message);
}

static void plugin_babble(void)
{
	uint8_t buffer[600];
	size_t size = take() * 2u;

	memset(buffer, 0, sizeof(buffer));
	take_bytes(buffer, size);
	if (plugin >= 0)
		send(plugin, buffer, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* --- observations -----------------------------------------------------------
 */

static void choose_flow(struct aovpn_flow *flow, unsigned int what)
{
	static const char *const gateways[] = {"198.51.100.10", "198.51.100.11",
					       "2001:db8::10"};
	const char *gateway;

	if ((what & 3) == 0)
		return;
	gateway = gateways[(what & 3) - 1];
	flow->family = strchr(gateway, ':') ? AF_INET6 : AF_INET;
	inet_pton(flow->family, gateway, flow->remote);
	flow->local[0] = 10;
	flow->local_port = flow->remote_port = what & 4 ? 4500 : 500;
}

/* Of any kind, with what its source knows, as it comes out of a channel. */
static void choose_observation(struct aovpn_message *message)
{
	struct aovpn_observation *o = &message->u.observation;
	uint8_t who, where;

	memset(message, 0, sizeof(*message));
	message->type = AOVPN_MESSAGE_OBSERVATION;
	o->kind = 1 + take() % (AOVPN_OBS_KIND_END - 1);
	who = take();
	where = take();
	strcpy(o->connection, choose_charon_name(who));
	o->ike_sa_id = who >> 2 & 3;
	o->spi_i = choose_spi(who >> 4);
	choose_flow(&o->flow, where);
	o->time_ns = aovpn_boottime_ns() - (where >> 4) * 10000000ull;
	take_bytes(&o->u, take() % sizeof(o->u));
}

static void plugin_observes(void)
{
	static struct aovpn_message message;

	choose_observation(&message);
	plugin_say(&message);
}

/* All but the plugin, whose word would be taken for charon's own. */
static void machine_observes(void)
{
	static struct aovpn_message message;
	uint8_t buffer[AOVPN_CHANNEL_MAX];
	int n;

	choose_observation(&message);
	n = aovpn_message_encode(&message, buffer, sizeof(buffer));
	if (n <= 0 || aovpn_message_decode(buffer, (size_t)n, &message) < 0)
		return;
	message.u.observation.source =
		AOVPN_SOURCE_KERNEL +
		take() % (AOVPN_SOURCE_COUNT - AOVPN_SOURCE_KERNEL);
	daemon_observe(&daemon_, &message.u.observation);
}

static void tracer_observes(void)
{
	static struct drop_reasons *reasons;
	struct aovpn_name_event record;
	struct aovpn_observation o;
	size_t size = take();

	if (!reasons)
		PROMISE(drop_reasons_new(NULL, 0, &reasons) == 0);
	memset(&record, 0, sizeof(record));
	if (size > sizeof(record))
		size = sizeof(record);
	take_bytes(&record, size);
	if (tracer_event_observe(&record, size, reasons, &o) == 0)
		daemon_observe(&daemon_, &o);
}

/* charon's own word on one of its IKE_SAs. */
static void charon_says(void)
{
	static const char groups[][8] = {"IKE", "NET", "ENC", "CFG", "TLS"};
	struct charon_event event = {0};
	uint8_t what = take(), who = take();

	event.type = what % (CHARON_ALERT + 1);
	event.time_ns = aovpn_boottime_ns();
	strcpy(event.name, who & 1 ? "other" : "third");
	event.ike_sa_id = who >> 1 & 3;
	event.new_id = who >> 3 & 3;
	event.spi_i = choose_spi(who >> 5);
	memcpy(event.group, groups[(what >> 3) % 5], sizeof(event.group));
	take_bytes(event.text, take());
	watched_event(daemon_.watched, daemon_.charon, &event);
}

/* --- the other steps --------------------------------------------------------
 */

static const char *choose_name(void)
{
	static const char *const names[] = {"corp", "lab", "bad", "none",
					    "../x"};

	return names[take() % 5];
}

static void dial(void)
{
	struct aovpn_password password = {.given = true, .text = "secret"};
	struct aovpn_error error;
	const char *name = choose_name();
	char id[AOVPN_ID_MAX];
	int r;

	r = connections_dial(daemon_.connections, name, "root",
			     take() & 1 ? &password : NULL, id, &error);
	PROMISE(r == 0 && aovpn_attempt_id_valid(id));
}

static void hang_up(void)
{
	struct aovpn_error error;

	connections_hangup(daemon_.connections, choose_name(), &error);
}

static void network_changes(void)
{
	machine.offline = take() & 1;
	if (machine.changed)
		machine.changed(!machine.offline, machine.userdata);
}

static void wakes(void)
{
	if (machine.woken)
		machine.woken(take(), machine.userdata);
}

static void files_change(void)
{
	struct file_watch *watch = file_watches;
	unsigned int number = take() & 3;

	while (watch && number-- > 0)
		watch = watch->next;
	if (watch)
		watch->changed(watch->userdata);
}

static void show_status(void)
{
	struct vici_sas *sas = calloc(1, sizeof(*sas));
	json_t *list;

	PROMISE(sas && vici_sas_list("", NULL, sas) <= 0);
	list = connections_status(daemon_.connections, sas);
	watched_status(daemon_.watched, list);
	PROMISE(is_clean_json(list));
	json_decref(list);
	free(sas);
}

static void charon_leaves(void)
{
	watched_charon_gone(daemon_.watched, daemon_.charon);
}

/* This daemon is gone, and what it was at has no outcome. Tunnels may be there
 * still, and there is another daemon. */
static void begin_again(void)
{
	size_t i;

	end_workers();
	for (i = 0; i < told_count; i++)
		if (!told[i].connected)
			told[i].dialling = 0;
	plugin_leave();
	close_daemon();
	open_daemon();
}

static void end_worker(void)
{
	loop_end_worker(take());
}

static void pass_time(void)
{
	loop_pass_time();
}

static void (*const steps[])(void) = {
	end_worker,      pass_time,       dial,
	hang_up,         plugin_come,     plugin_leave,
	plugin_register, plugin_observes, machine_observes,
	tracer_observes, charon_says,     network_changes,
	wakes,           files_change,    show_status,
	charon_leaves,   plugin_sign,     plugin_babble,
	begin_again,
};

/* --- the end ----------------------------------------------------------------
 */

/* Whatever was under way, a daemon that is to stop comes to rest. */
static void come_to_rest(void)
{
	unsigned int turns = 0;

	while (connections_stop(daemon_.connections) > 0 ||
	       loop_worker_count > 0) {
		PROMISE(++turns < STEPS_MAX);
		end_workers();
		loop_pass_time();
		loop_read();
		plugin_listen();
	}
}

/* No dial without an outcome, no tunnel without an end. */
static void check_told(void)
{
	size_t i;

	for (i = 0; i < told_count; i++)
		if (told[i].dialling && !told[i].connected)
			PROMISE(told[i].failed == 1);
}

static void forget_all(void)
{
	remove(daemon_.paths.history);
	remove(daemon_.paths.clock);
	plugin_leave();
	memset(&last_policy, 0, sizeof(last_policy));
	memset(&machine, 0, sizeof(machine));
	plugin_sequence = 0;
	told_count = 0;
	loop.now_us = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int count = 0;

	if (daemon_.paths.state[0] == '\0')
		prepare();
	input.at = data;
	input.end = data + size;
	open_daemon();
	while (input.at < input.end && count++ < STEPS_MAX) {
		steps[take() % (sizeof(steps) / sizeof(steps[0]))]();
		loop_read();
		plugin_listen();
	}
	come_to_rest();
	close_daemon();
	check_told();
	rmdir(daemon_.paths.tunnels);
	PROMISE(access(daemon_.paths.tunnels, F_OK) < 0);
	forget_all();
	return 0;
}
