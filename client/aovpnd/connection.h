/*
 * connection.h - one connection of connections.c and the steps of its dial
 * (dial.c). Private to these two files.
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
#include "xfrm_stat.h"

enum connection_state {
	CONNECTION_IDLE,
	CONNECTION_WAITING,      /* for the plugin's hello */
	CONNECTION_PREPARING,    /* a worker loads and proves the key */
	CONNECTION_REGISTERING,  /* waiting for the plugin's answer */
	CONNECTION_DIALLING,     /* a worker resolves and initiates */
	CONNECTION_CLOSING_DIAL, /* the dial is over; late facts come in */
	CONNECTION_UP,
	CONNECTION_HANGING_UP, /* a worker terminates */
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
	bool gone;      /* charon has destroyed the dial's IKE_SA */
	json_t *hint;   /* why nobody has answered yet, NULL: none */
	bool connected; /* vici said so, at the end of the dial */
	bool cancelled; /* hang-up was asked for during the dial */
	bool stopping;  /* the service stops */

	uint8_t charon[16]; /* the instance that holds the tunnel */
	json_t *record;     /* the last outcome, NULL before the first */
};

const char *connection_state_name(enum connection_state state);

/* Begin a dial of an idle connection; all that follows is in the event loop.
 * password, of a key or its token, is copied; NULL: none was given. */
void dial_start(struct connection *connection, const char *user,
		const struct aovpn_password *password);

/* The plugin answered. */
void dial_registered(struct connection *connection,
		     const struct aovpn_registered *registered);

/* The plugin wanted a signature, and it could not be made. */
void dial_sign_failed(struct connection *connection, const char *why);

/* An observation that belongs to the attempt. */
void dial_observe(struct connection *connection,
		  const struct aovpn_observation *observation);

/* Cancel a dial or take an established tunnel down. */
void dial_hangup(struct connection *connection);

/* The plugin's channel is gone, or a plugin (maybe of a new charon) is there.
 */
void dial_plugin_gone(struct connection *connection);
void dial_plugin_ready(struct connection *connection);

/* Free what a connection holds. */
void dial_clear(struct connection *connection);

#endif
