/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - aovpnd: opens the sources, serves the bus, runs until a signal.
 * Runs in the foreground and logs to stderr; a service manager does the rest.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "adopt.h"
#include "always_on.h"
#include "bus.h"
#include "cert_watch.h"
#include "charon_source.h"
#include "connections.h"
#include "daemon.h"
#include "kernel_sources.h"
#include "kernel_watch.h"
#include "log.h"
#include "metrics_writer.h"
#include "network.h"
#include "plugin_server.h"
#include "privileges.h"
#include "system_bus.h"
#include "trace.h"
#include "vici.h"
#include "watched.h"
#include "worker.h"
#include "whole_json.h"

#define STOP_POLL_US 50000ull
#define STOP_POLLS   120

void daemon_observe(struct daemon *daemon,
		    const struct aovpn_observation *observation)
{
	/* First, while it still is whose it was: this may end a connection. */
	traces_observe(daemon->traces, observation);
	connections_observe(daemon->connections, observation);
	watched_observe(daemon->watched, observation);
}

void daemon_drain(struct daemon *daemon)
{
	if (daemon->plugin)
		plugin_server_drain(daemon->plugin);
	kernel_sources_drain(daemon);
	charon_source_drain(daemon->charon);
	charon_source_drain(daemon->charon_nm);
}

struct daemon_losses daemon_losses(const struct daemon *daemon)
{
	struct daemon_losses losses = daemon->past_losses;

	losses.lost[AOVPN_SOURCE_PLUGIN] = plugin_server_lost(daemon->plugin);
	losses.lost[AOVPN_SOURCE_CHARON] =
		charon_source_lost(daemon->charon) +
		charon_source_lost(daemon->charon_nm);
	kernel_sources_losses(daemon, &losses);
	return losses;
}

static int make_directory(const char *path, mode_t mode,
			  struct aovpn_error *error)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return aovpn_error_set(error, -errno,
				       "cannot create \"%s\": %s", path,
				       strerror(errno));
	return 0;
}

/* Who holds the lock: its pid stands in the file. */
static int lock_is_held(int fd, const char *path, struct aovpn_error *error)
{
	char pid[16] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	pid[strcspn(pid, "\n")] = '\0';
	return aovpn_error_set(
		error, -EADDRINUSE,
		"another aovpnd (pid %s) holds \"%s\"; give this "
		"one another AOVPN_RUNTIME_DIR",
		pid[0] ? pid : "unknown", path);
}

/* One daemon a runtime directory. Leaves everything as it is where another one
 * is there. */
static int take_lock(struct daemon *daemon, struct aovpn_error *error)
{
	const char *path = daemon->paths.lock;
	char pid[16];
	int fd, n;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "cannot open \"%s\": %s",
				       path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		n = lock_is_held(fd, path, error);
		close(fd);
		return n;
	}
	n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		log_warning("cannot write my pid to \"%s\"", path);
	daemon->lock_fd = fd;
	return 0;
}

static int on_stop_poll(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct daemon *daemon = userdata;
	static unsigned int polls;

	(void)usec;
	if (connections_stop(daemon->connections) == 0 || ++polls == STOP_POLLS)
		return sd_event_exit(daemon->event, 0);
	sd_event_source_set_time_relative(source, STOP_POLL_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_signal(sd_event_source *source,
		     const struct signalfd_siginfo *info, void *userdata)
{
	struct daemon *daemon = userdata;

	(void)source;
	log_info("%s received, ending", strsignal((int)info->ssi_signo));
	sd_notify(0, "STOPPING=1");
	return sd_event_add_time_relative(daemon->event, NULL, CLOCK_MONOTONIC,
					  0, 0, on_stop_poll, daemon);
}

/* Before any thread is started (libvici starts some): all inherit the mask, and
 * the signals come to the event loop only. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int take_signals(struct daemon *daemon)
{
	int r;

	r = sd_event_default(&daemon->event);
	if (r >= 0)
		r = sd_event_add_signal(daemon->event, NULL, SIGTERM, on_signal,
					daemon);
	if (r >= 0)
		r = sd_event_add_signal(daemon->event, NULL, SIGINT, on_signal,
					daemon);
	/* Does nothing where no service manager asks for it. */
	if (r >= 0)
		r = sd_event_set_watchdog(daemon->event, true);
	return r;
}

/* Without it the daemon works on: it knows less. */
static void open_history(struct daemon *daemon)
{
	struct aovpn_error error = {""};
	int r = history_store_open(daemon->paths.state, daemon->paths.history,
				   &daemon->history, &error);

	if (error.text[0] != '\0' || r < 0)
		log_warning("%s", error.text[0] ? error.text : strerror(-r));
}

/* What there is already is known now. */
static void keep_up(struct daemon *daemon)
{
	int r;

	network_recover(daemon);
	r = always_on_new(daemon, &daemon->always_on);
	if (r < 0)
		log_error("nothing is kept up: %s", strerror(-r));
}

/* Each charon that may be here. */
static int listen_to_charons(struct daemon *daemon)
{
	const struct charon_place charon = {
		.name = "charon",
		.uri = daemon->paths.vici,
	};
	const struct charon_place charon_nm = {
		.name = "charon-nm",
		.uri = daemon->paths.vici_nm,
		.is_rare = true,
	};
	int r;

	r = charon_source_new(daemon, &charon, &daemon->charon);
	if (r == 0)
		r = charon_source_new(daemon, &charon_nm, &daemon->charon_nm);
	return r;
}

static int daemon_open(struct daemon *daemon, struct aovpn_error *error)
{
	int r;

	r = make_directory(daemon->paths.runtime, 0755, error);
	if (r == 0)
		r = make_directory(daemon->paths.state, 0750, error);
	if (r == 0)
		r = take_lock(daemon, error);
	daemon->refused = aovpn_refused_pins_new();
	if (r == 0)
		open_history(daemon);
	if (r == 0)
		r = connections_new(daemon, &daemon->connections);
	if (r == 0)
		r = traces_new(daemon, &daemon->traces);
	if (r == 0)
		r = plugin_server_open(daemon, daemon->paths.plugin_socket,
				       &daemon->plugin, error);
	if (r == 0)
		r = kernel_watch_new(daemon->event, &daemon->watch);
	if (r == 0)
		kernel_sources_open(daemon);
	if (r == 0)
		r = cert_watch_new(daemon, &daemon->certificates, error);
	if (r == 0)
		r = watched_new(daemon, &daemon->watched);
	if (r == 0)
		r = listen_to_charons(daemon);
	if (r == 0)
		r = metrics_writer_new(daemon, &daemon->metrics);
	if (r == 0)
		r = system_bus_new(daemon->event, &daemon->system_bus);
	if (r == 0)
		r = network_new(daemon, &daemon->network);
	if (r == 0)
		r = adopt_begin(daemon, keep_up);
	/* Last: who can reach the bus finds a daemon that works. */
	if (r == 0)
		r = bus_open(daemon, daemon->paths.bus_socket, &daemon->bus,
			     error);
	return r;
}

static void daemon_close(struct daemon *daemon)
{
	daemon->metrics = metrics_writer_free(daemon->metrics);
	daemon->certificates = cert_watch_free(daemon->certificates);
	daemon->always_on = always_on_free(daemon->always_on);
	daemon->system_bus = system_bus_free(daemon->system_bus);
	daemon->traces = traces_free(daemon->traces);
	daemon->bus = bus_close(daemon->bus);
	daemon->charon = charon_source_free(daemon->charon);
	daemon->charon_nm = charon_source_free(daemon->charon_nm);
	daemon->watched = watched_free(daemon->watched);
	/* A dial that waits for the plugin ends by this, and with it what is
	 * watched for it. */
	daemon->plugin = plugin_server_close(daemon->plugin);
	daemon->watch = kernel_watch_free(daemon->watch);
	kernel_sources_close(daemon);
	daemon->connections = connections_free(daemon->connections);
	daemon->network = network_free(daemon->network);
	daemon->history = history_store_free(daemon->history);
	if (daemon->lock_fd >= 0) {
		unlink(daemon->paths.bus_socket);
		unlink(daemon->paths.plugin_socket);
		close(daemon->lock_fd);
	}
	sd_event_unref(daemon->event);
}

static int usage(FILE *out, int status)
{
	fputs("usage: aovpnd [OPTION...]\n"
	      "Always On VPN daemon. Runs in the foreground.\n"
	      "  --max-size=SIZE   of the file of records before a new one is "
	      "begun (10M)\n"
	      "  --generations=N   how many older ones are kept (5)\n"
	      "  --metrics=FILE    for Prometheus, node_exporter's textfile "
	      "collector (none)\n"
	      "  --syslog=WHERE    auto: /dev/log where there is no journal; "
	      "off; or a\n"
	      "                    socket (auto)\n"
	      "  --help, --version\n"
	      "environment: AOVPN_RUNTIME_DIR (/run/aovpn), AOVPN_CONFIG_DIR\n"
	      "  (/etc/aovpn), AOVPN_STATE_DIR (/var/lib/aovpn), AOVPN_VICI\n"
	      "  (charon's, as unix:///PATH), AOVPN_VICI_NM (charon-nm's),\n"
	      "  AOVPN_CGROUP (charon's own),\n"
	      "  AOVPN_LOADER (aovpn-loader beside aovpnd, or as installed),\n"
	      "  AOVPN_NETWORK (aovpn-network, likewise), AOVPN_RESOLVCONF\n"
	      "  (resolvconf, where it is),\n"
	      "  AOVPN_WATCH_INTERVAL (seconds between looks at certificates, "
	      "21600;\n  0: never)\n",
	      out);
	return status;
}

/* Each turn begins its JSON anew. */
static int loop(sd_event *event)
{
	int r;

	do {
		whole_json_begin();
		r = sd_event_run(event, UINT64_MAX);
	} while (r >= 0 && sd_event_get_state(event) != SD_EVENT_FINISHED);
	return r;
}

static int run(struct daemon *daemon, const struct recorder_options *options)
{
	struct aovpn_error error = {""};
	int r;

	r = privileges_drop();
	if (r < 0)
		log_warning("cannot give up capabilities: %s", strerror(-r));
	r = aovpn_paths_read(&daemon->paths, &error);
	if (r == 0)
		recorder_init(&daemon->recorder, options, daemon->paths.events);
	if (r == 0)
		r = take_signals(daemon);
	if (r >= 0)
		r = daemon_open(daemon, &error);
	if (r < 0) {
		log_error("%s", error.text[0] ? error.text : strerror(-r));
		return EXIT_FAILURE;
	}
	log_info("ready at %s", daemon->paths.bus_socket);
	sd_notify(0, "READY=1");
	r = loop(daemon->event);
	if (r < 0)
		log_error("event loop: %s", strerror(-r));
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The arguments. Returns -1, or the status to end with. */
static int read_arguments(int argc, char **argv, struct recorder_options *ret)
{
	static const struct option options[] = {
		{"max-size", required_argument, NULL, 'o'},
		{"generations", required_argument, NULL, 'o'},
		{"metrics", required_argument, NULL, 'o'},
		{"syslog", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct aovpn_error error;
	int c, i;

	recorder_options_default(ret);
	while ((c = getopt_long(argc, argv, "hV", options, &i)) >= 0) {
		switch (c) {
		case 'o':
			if (recorder_option_set(ret, options[i].name, optarg,
						&error) == 0)
				break;
			fprintf(stderr, "aovpnd: %s\n", error.text);
			return 2;
		case 'h':
			return usage(stdout, EXIT_SUCCESS);
		case 'V':
			puts("aovpnd " AOVPN_VERSION);
			return EXIT_SUCCESS;
		default:
			return usage(stderr, 2);
		}
	}
	if (optind < argc) {
		fprintf(stderr, "aovpnd: unexpected argument \"%s\"\n",
			argv[optind]);
		return usage(stderr, 2);
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct daemon daemon = {.lock_fd = -1};
	struct recorder_options options;
	int status = read_arguments(argc, argv, &options);
	bool idle;

	if (status >= 0)
		return status;
	whole_json_watch();
	block_signals();
	vici_start();
	status = run(&daemon, &options);
	/* A worker that still waits for charon must not find its library gone:
	 * the end of the process ends it. */
	idle = (!daemon.connections ||
		connections_stop(daemon.connections) == 0) &&
	       !worker_busy();
	daemon_close(&daemon);
	if (!idle) {
		fflush(NULL);
		_exit(status);
	}
	aovpn_refused_pins_free(daemon.refused);
	vici_end();
	return status;
}
