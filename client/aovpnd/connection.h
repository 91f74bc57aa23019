/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection.h - one connection of connections.c and the steps of its life.
 * Private to connections.c and the files of those steps: dial_prepare.c,
 * dial.c, tunnel.c, and connection.c with what they share.
 */
#ifndef AOVPN_CONNECTION_H
#define AOVPN_CONNECTION_H

#include <jansson.h>

#include "attempt.h"
#include "channel.h"
#include "daemon.h"
#include "diagnosis.h"
#include "held_key.h"
#include "chain_check.h"
#include "material.h"
#include "profile.h"
#include "redial.h"
#include "resolve.h"
#include "tried.h"
#include "xfrm_stat.h"

enum connection_state {
	CONNECTION_IDLE,
	CONNECTION_ADOPTING,     /* a worker asks whether charon still has it */
	CONNECTION_WAITING,      /* for the plugin's hello */
	CONNECTION_PREPARING,    /* a worker loads and proves the key */
	CONNECTION_REGISTERING,  /* waiting for the plugin's answer */
	CONNECTION_DIALLING,     /* a worker resolves and initiates */
	CONNECTION_CLOSING_DIAL, /* the dial is over; late facts come in */
	CONNECTION_UP,
	CONNECTION_HANGING_UP,  /* a worker terminates */
	CONNECTION_CLEANING_UP, /* a worker clears what a lost tunnel left */
};

struct dial_job;
struct network_job;

/* Who dials what is always on; RasClient names the machine's account so. */
#define AOVPN_ALWAYS_ON_USER "SYSTEM"

/* How a connection is kept up: always_on.c. */
struct keep {
	bool wanted; /* the profile says AlwaysOn=yes */
	bool paused; /* somebody has hung it up */
	unsigned int failures;
	enum aovpn_redial rule;   /* of the last outcome */
	uint64_t delay_us;        /* from the moment that it is idle */
	uint64_t up_ns;           /* since when it is, or was (boottime) */
	sd_event_source *timer;   /* until the next dial */
	time_t next_at;           /* when that will be; 0: not planned */
	struct file_watch *files; /* for whose change it waits */
};

/* Where a dial has come to in the profile's servers and their addresses:
 * dial_target.c. */
struct target {
	unsigned int server; /* of the profile */
	/* What the server's name resolved to, without what was dialled already,
	 * for another server. */
	struct aovpn_resolved resolved;
	char addresses[AOVPN_TEXT_MAX]; /* with that */
	unsigned int index;             /* in resolved */
	bool remembered;   /* no resolver answered: it is of the last success */
	uint64_t begun_ns; /* the dial of all of them */
	uint64_t started_ns;        /* this one */
	struct dial_job *resolving; /* under way; NULL: nothing */
	struct aovpn_seen best;     /* of those that were left */
};

struct connection {
	struct connection *next;
	struct daemon *daemon;
	char name[AOVPN_NAME_MAX];
	enum connection_state state;

	struct aovpn_profile profile;
	char identity[AOVPN_TEXT_MAX];  /* EAP */
	struct aovpn_password password; /* given for this dial; wiped */
	struct held_key *key;           /* on a token; NULL */
	bool no_pss;                    /* the key does not do it */
	uint32_t generation;            /* of the registration */
	sd_event_source *timer;
	struct keep keep;

	struct aovpn_attempt attempt;
	struct chain_check *check; /* of the dial's certificate, or NULL */
	struct aovpn_chain_facts checked; /* the last one's; count 0: none */
	struct daemon_losses lost_before; /* when the dial began */
	struct tunnel_look *look;    /* a worker that looks at the tunnel */
	unsigned int looks;          /* how many there were */
	uint32_t warned;             /* of so many causes */
	struct aovpn_observation up; /* CHILD_UP of the tunnel */
	bool address_was_here;       /* its outer one, when it came up */
	uint64_t asleep_ns;          /* of the machine's life, when it was up */
	struct xfrm_stat xfrm_before; /* then, or when it was up */
	bool watching;                /* the kernel, for this dial */
	enum aovpn_event_id announced;
	enum aovpn_stage stage;
	bool gone;       /* charon has destroyed the dial's IKE_SA */
	bool unanswered; /* charon has sent something twice */
	bool moved;      /* the network has changed since */
	bool passed_by;  /* it is given up for the next address */
	struct target target;
	struct move {
		sd_event_source *timer; /* since the network has changed */
		bool asked; /* the gateway, and it has not answered yet */
	} move;
	struct connection_network {
		struct network_job *set;  /* what was set last; NULL: nothing */
		struct network_job *busy; /* under way; NULL: nothing */
		struct network_job *next; /* waits for it */
		int result;               /* of set */
	} network;                        /* network.c's own */
	sd_event_source *charon_timer;    /* until charon is asked for */
	json_t *hint;   /* why nobody has answered yet, NULL: none */
	bool connected; /* vici said so, at the end of the dial */
	bool cancelled; /* hang-up was asked for during the dial */
	bool stopping;  /* the service stops */

	time_t up_at;       /* since when it is up, UTC */
	uint8_t charon[16]; /* the instance that holds the tunnel */
	json_t *record;     /* the last outcome, NULL before the first */
};

/* --- what the steps share: connection.c ------------------------------------
 */

const char *connection_state_name(enum connection_state state);

/* A fact that the daemon itself found out. */
void connection_observe(struct connection *c,
			const struct aovpn_observation *fact);
/* A failure on this side: its cause and one sentence. */
void connection_note_failure(struct connection *c, const char *slug,
			     const char *text);
/* Keep what the kernel's IPsec has counted since the last time. */
void connection_note_xfrm(struct connection *c);
void connection_look_at_egress(struct connection *c);

/* The one timer, of the present step. */
void connection_start_timer(struct connection *c, uint64_t after_us,
			    sd_event_time_handler_t handler);
void connection_stop_timer(struct connection *c);

/* The tracer's hooks of a dial. */
void connection_watch_kernel(struct connection *c, bool on);

/* Events lost since the dial began, into the attempt. */
void connection_count_losses(struct connection *c);
/* Write the record; it is the connection's last one then. */
void connection_emit(struct connection *c, const struct aovpn_outcome *outcome);

/* A job for a worker, to be freed with free(); NULL: no memory. */
struct dial_job *connection_job(struct connection *c);
/* Run a job whose result nobody waits for. */
void connection_run_aside(struct connection *c, void (*run)(void *argument));

/* Free what a connection holds. */
void dial_clear(struct connection *connection);

/* --- prepare: dial_prepare.c -----------------------------------------------
 */

/* Begin a dial of an idle connection; all that follows is in the event loop.
 * password, of a key or its token, is copied; NULL: none was given. */
void dial_start(struct connection *connection, const char *user,
		const struct aovpn_password *password);

/* A diagnosis is due: take what the check of the certificate has found by now,
 * unless an earlier one has found more. */
void dial_take_checked(struct connection *connection);

/* The plugin answered. */
void dial_registered(struct connection *connection,
		     const struct aovpn_registered *registered);

/* The plugin's channel is gone, or a plugin is there. */
void dial_plugin_gone(struct connection *connection);
void dial_plugin_ready(struct connection *connection);

/* Register certificate and key of a tunnel that is up with a plugin that does
 * not know it. Where that fails the tunnel goes on, and a warning says so. */
void dial_register_again(struct connection *c);

/* --- whom to dial: dial_target.c ---------------------------------------------
 */

/* Dial the profile's servers in their order; certificate and key are
 * registered. */
void dial_begin(struct connection *c);
/* Into the attempt: what the resolver said, and the address that is dialled. */
void dial_target_observe(struct connection *c);
/* How long the dial may still take; at least as long as one address is given.
 */
uint32_t dial_target_time_left_ms(const struct connection *c);
/* Is there another address or server behind this one, and time for it? */
bool dial_target_has_next(const struct connection *c);
/* And could this one not be reached? */
bool dial_target_is_worth_next(const struct connection *c);
/* Note what came of this address, and go on to the next. */
void dial_target_next(struct connection *c);
/* The dial ends so: note it, too, if there were others, and go by what says
 * most of them. */
void dial_target_settle(struct connection *c);
/* Is a name being resolved? */
bool dial_target_is_resolving(const struct connection *c);
/* Wait for that no more. */
void dial_target_forget(struct connection *c);
/* The network is another one: a resolver that could not be asked may be there
 * now. */
void dial_target_resolve_again(struct connection *c);

/* --- dial: dial.c ----------------------------------------------------------
 */

/* Dial the target's address. */
void dial_address(struct connection *c);
/* The dial is over: see whether it is worth another try, else record why. */
void dial_close(struct connection *c, const char *why);

/* End the dial with a record of a failure on this side. */
void dial_fail(struct connection *c, const char *slug, const char *text);

/* Is there nothing more that could still be found out about a failed dial? */
bool dial_is_settled(const struct connection *c);
/* All that can be known is there, or the time for it is over. */
void dial_settle(struct connection *c);
/* Diagnose, record, and be up or idle. */
void dial_finish(struct connection *c);

/* The plugin wanted a signature, and it could not be made. */
void dial_sign_failed(struct connection *connection, const char *why);

/* An observation that belongs to the attempt. */
void dial_observe(struct connection *connection,
		  const struct aovpn_observation *observation);

/* The network under a dial is another one: what it has sent is lost, likely. */
void dial_network_changed(struct connection *c);

/* Cancel a dial or take an established tunnel down. */
void dial_hangup(struct connection *connection);

/* --- up: tunnel.c ----------------------------------------------------------
 */

/* Write down what a daemon after this one must know of it. */
void tunnel_keep(struct connection *c, const struct aovpn_outcome *outcome);
/* Look at the tunnel after 1, 2, 4... seconds, and warn of what is wrong. */
void tunnel_begin(struct connection *c);
/* Take it down. Errors: -EAGAIN (no memory or no thread for it); it stays up.
 */
int tunnel_hangup(struct connection *c);
/* The network under it is another one. Whether the tunnel has moved along
 * (MOBIKE, RFC 4555) shows by what the gateway answers. */
void tunnel_network_changed(struct connection *c);
/* An observation of it. */
void tunnel_observe(struct connection *c, const struct aovpn_observation *o);
/* Take it down for this reason, without waiting for the gateway; what is always
 * on is dialled again at once. */
void tunnel_replace(struct connection *c, const char *slug, const char *text);
/* It is down: record that. */
void tunnel_end(struct connection *c, bool by_user);
/* A plugin is there, maybe of a new charon, which has no tunnel of ours. */
void tunnel_plugin_ready(struct connection *c);
/* The plugin's channel is gone, and charon likely with it. */
void tunnel_plugin_gone(struct connection *c);
/* Of a daemon before this one: read what it knew of the tunnel (errors: those
 * of tunnel_store_read), and then either take it over, or record its end.
 * unknown: charon could not be asked. */
int tunnel_restore(struct connection *c, struct aovpn_error *error);
void tunnel_adopt(struct connection *c);
void tunnel_missed(struct connection *c, bool unknown);
/* Let go of a worker that may be looking: it comes to its own end. */
void tunnel_forget(struct connection *c);

#endif
