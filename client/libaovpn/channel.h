/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * channel.h - the channel between the strongSwan plugin and aovpnd.
 *
 * A SOCK_SEQPACKET socket in the file system. aovpnd listens
 * (RUNTIME/plugin.sock), the plugin connects and connects again whenever the
 * connection is gone. One datagram is one message:
 *
 *	magic "AOVP", version u8, type u8, reserved u16 = 0,
 *	sequence u32, dropped u32, then fields: tag u16, length u16, value
 *
 * all in network order, at most AOVPN_CHANNEL_MAX bytes. A receiver skips
 * fields that it does not know and refuses a message whose lengths do not add
 * up. sequence counts the sender's messages from 1; dropped counts those the
 * sender had to throw away because the socket was full (the plugin never
 * blocks inside charon).
 *
 *	plugin to daemon:
 *	  HELLO        first, on every connection
 *	  REGISTERED   the answer to REGISTER: error 0, or -errno and text
 *	  OBSERVATION  for registered connections only
 *	  SIGN         a digest, for the key of a connection whose policy says
 *		       key_held
 *
 *	daemon to plugin:
 *	  WELCOME      answer to HELLO; a wrong version is closed instead
 *	  REGISTER     with 3 descriptors, see below
 *	  UNREGISTER   connection only
 *	  SIGNED       the answer to SIGN, when the token is done
 *
 * REGISTER brings three descriptors (SCM_RIGHTS) of files in PEM form, to be
 * read from offset 0 and closed by the plugin: [0] the client's certificate,
 * its chain and its private key, unencrypted, in a sealed memfd that exists
 * only for this hand-over, without the key where key_held; [1] roots for the
 * gateway; [2] roots for NPS. Registering a name again replaces the policy for
 * dials that start later. Both ends check the other by SO_PEERCRED (uid 0 or
 * their own euid).
 */
#ifndef AOVPN_CHANNEL_H
#define AOVPN_CHANNEL_H

#include "observation.h"

#define AOVPN_CHANNEL_VERSION  1
#define AOVPN_CHANNEL_MAX      8192 /* bytes of one message */
#define AOVPN_CHANNEL_FDS      3    /* descriptors of REGISTER */
#define AOVPN_SERVER_NAMES_MAX 1024

enum aovpn_message_type {
	AOVPN_MESSAGE_HELLO = 1,
	AOVPN_MESSAGE_WELCOME,
	AOVPN_MESSAGE_REGISTER,
	AOVPN_MESSAGE_REGISTERED,
	AOVPN_MESSAGE_UNREGISTER,
	AOVPN_MESSAGE_OBSERVATION,
	AOVPN_MESSAGE_SIGN = 24,
	AOVPN_MESSAGE_SIGNED = 25,
};

struct aovpn_hello {
	uint8_t charon[16];      /* random, new with each start of charon */
	uint32_t pid;            /* of charon */
	char plugin_version[32]; /* of this project */
	char strongswan[32];     /* "5.9.8" as compiled in */
	uint64_t netns_cookie;   /* of charon's network namespace
				    (SO_NETNS_COOKIE), 0: not known */
};

/* What the plugin must know of a connection of ours. */
struct aovpn_policy {
	char connection[AOVPN_NAME_MAX]; /* the name in charon */
	uint32_t generation; /* chosen by the daemon, echoed in REGISTERED */
	char gateway_name[AOVPN_TEXT_MAX]; /* "a;b;c": DNS names or IPs, any
					      of which the gateway's
					      certificate must carry */
	char nps_names[AOVPN_SERVER_NAMES_MAX]; /* "a;b;c": any one of them;
						   "" : any name */
	uint32_t tls_min;                       /* 0x0303 or 0x0304 */
	uint32_t tls_max;
	uint32_t fragment_size;      /* TLS bytes in one EAP packet */
	uint8_t nps_revocation_hard; /* refuse NPS where revocation cannot be
					checked */
	uint8_t key_held; /* the key is on a token or in a TPM: the daemon
			     signs, see SIGN */
	uint8_t no_pss;   /* it does not do RSA-PSS */
};

struct aovpn_registered {
	char connection[AOVPN_NAME_MAX];
	uint32_t generation;
	int32_t error; /* 0, or -errno */
	char text[AOVPN_TEXT_MAX];
};

#define AOVPN_SIGNATURE_MAX 1024 /* bytes: RSA of 8192 bits */
#define AOVPN_DIGEST_MAX    64   /* bytes: SHA-512 */

/* How a digest is signed. */
enum aovpn_scheme {
	AOVPN_SCHEME_RSA_PKCS1 = 1, /* RFC 8017 8.2 */
	AOVPN_SCHEME_RSA_PSS,       /* RFC 8017 8.1, a salt as long as the
				       digest, as TLS 1.3 has it */
	AOVPN_SCHEME_ECDSA,         /* the signature in DER */
};

struct aovpn_sign {
	char connection[AOVPN_NAME_MAX];
	uint32_t generation;  /* of the registration */
	uint32_t id;          /* chosen by the plugin, echoed in SIGNED */
	uint32_t scheme;      /* enum aovpn_scheme */
	uint32_t digest_size; /* 32, 48 or 64: SHA-256, -384, -512 */
	uint8_t digest[AOVPN_DIGEST_MAX];
};

struct aovpn_signed {
	uint32_t id;
	int32_t error; /* 0, or -errno */
	char text[AOVPN_TEXT_MAX];
	uint32_t size; /* of the signature, at most AOVPN_SIGNATURE_MAX */
	uint8_t signature[AOVPN_SIGNATURE_MAX];
};

struct aovpn_message {
	uint8_t type; /* enum aovpn_message_type */
	uint32_t sequence;
	uint32_t dropped;
	union {
		struct aovpn_hello hello;
		struct aovpn_policy policy; /* REGISTER, UNREGISTER */
		struct aovpn_registered registered;
		struct aovpn_sign sign;
		struct aovpn_signed signature;
		struct aovpn_observation observation;
	} u;
};

/*
 * Write message into buffer. Returns the number of bytes, -EINVAL for an
 * unknown type or kind, -EMSGSIZE if size is too small (AOVPN_CHANNEL_MAX
 * always suffices). Text without a NUL in its array is cut, not overrun.
 */
int aovpn_message_encode(const struct aovpn_message *message, uint8_t *buffer,
			 size_t size);

/*
 * Read one datagram. Every byte of *ret is set. Text comes out
 * NUL-terminated with embedded NULs cut; it is not yet escaped. The sizes in
 * SIGN and SIGNED are at most those of their arrays. Returns 0, -EBADMSG
 * (lengths, magic, unknown type or kind) or -EPROTONOSUPPORT (other
 * version).
 */
int aovpn_message_decode(const uint8_t *buffer, size_t length,
			 struct aovpn_message *ret);

#endif
