/*
 * profile.h - a connection profile: one strict INI file per connection.
 *
 * DIR/NAME.conf, read with libinih. Section and key names are exactly those of
 * the table in profile.c (it is also what the message about an unknown key
 * lists). An unknown section or key, a key given twice, a value out of range, a
 * line that is no INI, and a relative path are errors that name file, line and
 * value; nothing is guessed.
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

#define AOVPN_PROFILE_LIST_MAX 1024 /* bytes of thumbprints or OIDs */

struct aovpn_profile {
	char name[AOVPN_NAME_MAX - 8]; /* file name without .conf */

	/* [Connection] */
	char server[AOVPN_TEXT_MAX]; /* Server=, required: name or IP */
	bool always_on;          /* AlwaysOn=yes|no, default no: always_on.h */
	uint32_t dial_timeout_s; /* DialTimeout=, 5..600, default 60 */
	char remote_networks[AOVPN_TEXT_MAX]; /* RemoteNetworks=, CIDR list with
						 ",", default "0.0.0.0/0" */
	char ike_proposals[AOVPN_TEXT_MAX]; /* IKEProposals=, charon's words */
	char esp_proposals[AOVPN_TEXT_MAX]; /* ESPProposals= */

	/* [Gateway] */
	char gateway_name[AOVPN_TEXT_MAX]; /* Name=, default Server */
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
 * Read dir/name.conf. *ret is set only on success. Errors: -EINVAL (bad name,
 * key or value), -ENOENT (no such profile), other -errno of opening it; error
 * says which and where.
 */
int aovpn_profile_load(const char *dir, const char *name,
		       struct aovpn_profile *ret, struct aovpn_error *error);

#endif
