/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile.h - a connection profile: one strict INI file per connection, and
 * drop-ins.
 *
 * NAME.conf is looked for in each directory of a search path; the first wins
 * (systemd's order: /etc masks /run, that masks /usr/lib; a link to /dev/null
 * says that there is no such profile). NAME.conf.d/FILE.conf of all directories
 * are read behind it, in the order of FILE; the same FILE in an earlier
 * directory masks later ones. What is read later overrides; of a list it is
 * appended. An empty value in a drop-in takes back what came before it.
 *
 * Section and key names are exactly those of the table in profile_table.c,
 * which is also the manual. An unknown section or key, a key given twice in one
 * file, a value out of range, a line that is no INI, and a relative path are
 * errors that name file, line and value; nothing is guessed. So is a file or
 * its directory that somebody else than root (or this user) may write.
 */
#ifndef AOVPN_PROFILE_H
#define AOVPN_PROFILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channel.h"
#include "error.h"

/* What follows where revocation cannot be checked. A certificate that is known
 * to be revoked is refused always; there is no "off". */
enum aovpn_revocation {
	AOVPN_REVOCATION_SOFT, /* go on */
	AOVPN_REVOCATION_HARD, /* refuse */
};

/* TLS versions on the wire (RFC 5246 A.1, RFC 8446 4.1.2). */
#define AOVPN_TLS_1_2 0x0303
#define AOVPN_TLS_1_3 0x0304

/* What goes through the tunnel (Windows' RoutingPolicyType). */
enum aovpn_tunnel {
	AOVPN_TUNNEL_SPLIT, /* Routes= */
	AOVPN_TUNNEL_FORCE, /* all but ExcludedRoutes= */
};

/* IKE fragmentation, RFC 7383. */
enum aovpn_fragmentation {
	AOVPN_FRAGMENTATION_NO,
	AOVPN_FRAGMENTATION_YES,   /* where the gateway does it, too */
	AOVPN_FRAGMENTATION_FORCE, /* from the first message on */
};

#define AOVPN_PROFILE_LIST_MAX    1024 /* bytes of a list */
#define AOVPN_PROFILE_ROUTES_MAX  4096 /* bytes of a list of networks */
#define AOVPN_PROFILE_SERVERS_MAX 8

struct aovpn_profile {
	char name[AOVPN_NAME_MAX - 8]; /* file name without .conf */

	/* [Connection] */
	char servers[AOVPN_PROFILE_LIST_MAX]; /* Server=, required: names and
						 IPs with "," */
	/* The same, each: see aovpn_profile_server. "" behind the last. */
	char server[AOVPN_PROFILE_SERVERS_MAX][AOVPN_TEXT_MAX];
	uint32_t dial_timeout_s; /* DialTimeout=, 5..600, default 60 */
	bool always_on;          /* AlwaysOn=yes|no, default no */
	/* AllowedUsers=, AllowedGroups=: who may dial beside root; names with
	 * ",", default nobody */
	char allowed_users[AOVPN_PROFILE_LIST_MAX];
	char allowed_groups[AOVPN_PROFILE_LIST_MAX];

	/* [IKE]; a proposal in charon's words, see proposal.h */
	char ike_proposals[AOVPN_PROFILE_LIST_MAX]; /* Proposals=; always set */
	char esp_proposals[AOVPN_PROFILE_LIST_MAX]; /* ESPProposals=; always */
	char weak_algorithms[64];  /* WeakAlgorithms=: "3des,sha1,modp1024" */
	uint32_t fragmentation;    /* Fragmentation=yes|no|force, enum
				      aovpn_fragmentation, default yes */
	bool mobike;               /* MOBIKE=yes|no, default yes */
	uint32_t dpd_delay_s;      /* DPDDelay=, 0 (never)..3600, default 30 */
	uint32_t rekey_time_s;     /* RekeyTime= of the IKE_SA, 0 (left to the
				      gateway), 300..604800, default 14400 */
	uint32_t esp_rekey_time_s; /* ESPRekeyTime= of the CHILD_SA, likewise,
				      default 3600 */

	/* [Network]. ExcludedRoutes, RouteMetric and [DNS] are for the one who
	 * sets routes and DNS servers by netlink; charon knows of the traffic
	 * selectors only. */
	uint32_t tunnel; /* Tunnel=split|force, enum aovpn_tunnel; default split
			    where Routes= is given, else force */
	/* Routes=, CIDR list with ",": the traffic selectors. Of a force tunnel
	 * "0.0.0.0/0,::/0" */
	char routes[AOVPN_PROFILE_ROUTES_MAX];
	char excluded_routes[AOVPN_PROFILE_ROUTES_MAX]; /* ExcludedRoutes= */
	uint32_t route_metric; /* RouteMetric=, 0..9999, default 0: the
				  kernel's own */

	/* [DNS], lists with "," */
	bool dns_apply; /* Apply=yes|no, default yes */
	char dns_domains[AOVPN_PROFILE_LIST_MAX]; /* Domains=: asked of the
		tunnel's servers only; "." for all names */
	char dns_search_domains[AOVPN_PROFILE_LIST_MAX]; /* SearchDomains= */
	char dns_servers[AOVPN_PROFILE_LIST_MAX];        /* Servers=, addresses;
							    default the gateway's */

	/* [Gateway] */
	char gateway_name[AOVPN_TEXT_MAX]; /* Name=, default the first Server;
		of a gateway the name of each Server will do then */
	char gateway_roots[PATH_MAX];      /* TrustedRoots=, PEM, required */
	char gateway_root_thumbprints[AOVPN_PROFILE_LIST_MAX]; /*
		RootThumbprints=, SHA-1, list with ",": these of TrustedRoots
		and no others; default all */
	uint32_t gateway_revocation; /* Revocation=soft|hard, enum
					aovpn_revocation, default soft */

	/* [NPS] */
	char nps_names[AOVPN_SERVER_NAMES_MAX]; /* ServerNames=, ";" list of
						   names and patterns
						   (server_name.h) */
	/* TrustedRoots=, RootThumbprints=: default the gateway's; the latter
	 * not where the former is given. */
	char nps_roots[PATH_MAX];
	char nps_root_thumbprints[AOVPN_PROFILE_LIST_MAX];
	uint32_t nps_revocation; /* Revocation=soft|hard, default soft */

	/* [Credential]: either Certificate= or CertificateDirectory= */
	char certificate[PATH_MAX];   /* Certificate=, PEM, DER or PKCS#12; or a
					 pkcs11: URI (token.h) */
	char key[PATH_MAX];           /* PrivateKey=, where not in there too: a
					 file, a pkcs11: URI, a key of a TPM
					 (tpm.h): file or handle:0x81... */
	char chain[PATH_MAX];         /* Chain=, PEM, more CA certificates */
	char password_file[PATH_MAX]; /* PasswordFile=, one line */
	/* PasswordCredential=, the name of a systemd credential of aovpnd, in
	 * place of the file */
	char password_credential[NAME_MAX + 1];
	/* CertificateDirectory=: each file in it, PEM or PKCS#12 with its key
	 * inside, is a candidate (at most 64); the password of FILE is the line
	 * in FILE.password. Not with PrivateKey= or the two above. */
	char certificate_directory[PATH_MAX];
	/* EAPIdentity=, default: the UPN, else "host/" and the DNS name, as a
	 * Windows computer calls itself */
	char identity[AOVPN_TEXT_MAX];

	/* [Selection]: what a certificate must have to be shown, as Windows'
	 * FilteringInfo; see selection.h. Lists with ",". An issuer and one of
	 * the three kinds of usage must fit, of what is given. */
	char issuers[AOVPN_PROFILE_LIST_MAX]; /* IssuerThumbprints=, SHA-1 of
		any CA above it; white space and ":" between bytes may be */
	char client_auth_ekus[AOVPN_PROFILE_LIST_MAX]; /* ClientAuthEKUs=,
		OIDs, "1.2.*" for all below 1.2: clientAuth and each of these */
	char any_purpose_ekus[AOVPN_PROFILE_LIST_MAX]; /* AnyPurposeEKUs=:
		1.3.6.1.4.1.311.10.12.1 and each of these */
	bool all_purpose; /* AllPurpose=yes|no, default no: without usages */

	/* [TLS] */
	uint32_t tls_min; /* MinVersion=1.2|1.3 as wire numbers */
	uint32_t tls_max;
	/* FragmentSize=, 100..1400, default 1400: TLS bytes in one EAP packet.
	 * A flight with a user's and a CA's certificate (2.5 KiB) takes two
	 * packets then, three with 1024: 10 exchanges to connect, not 11.
	 * RADIUS (4096 bytes, RFC 2865 3) carries that in 1573 bytes, so that
	 * gateway and NPS must let IP fragments through to each other, as they
	 * must for what NPS sends unless its Framed-MTU is 1344. Where they do
	 * not, 1024 helps (1197 bytes). The plugin takes at most 1024 for a
	 * gateway without IKE fragmentation. */
	uint32_t fragment_size;
};

/*
 * Is name fit for a profile (and so for a file name, a log and charon)? 1 to
 * 55 characters out of A-Z a-z 0-9 . _ -, not beginning with "." or "-".
 */
int aovpn_profile_name_check(const char *name, struct aovpn_error *error);

/*
 * The index-th server, from 0, in the order in which they are to be tried; NULL
 * behind the last. Server 0 is there always.
 */
const char *aovpn_profile_server(const struct aovpn_profile *profile,
				 size_t index);

/*
 * Read the profile name out of the directories in path, which ":" separates
 * (paths.h: profiles). *ret is set only on success. Errors: -EINVAL (bad name,
 * key or value), -ENOENT (no such profile), -EPERM (others may write it), other
 * -errno of opening it; error says which and where.
 */
int aovpn_profile_load(const char *path, const char *name,
		       struct aovpn_profile *ret, struct aovpn_error *error);

#endif
