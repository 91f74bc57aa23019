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

struct aovpn_profile {
	char name[AOVPN_NAME_MAX - 8]; /* file name without .conf */

	/* [Connection] */
	char server[AOVPN_TEXT_MAX]; /* Server=, required: name or IP */
	uint32_t dial_timeout_s;     /* DialTimeout=, 5..600, default 60 */
	char remote_networks[AOVPN_TEXT_MAX]; /* RemoteNetworks=, CIDR list with
						 ",", default "0.0.0.0/0" */
	char ike_proposals[AOVPN_TEXT_MAX]; /* IKEProposals=, charon's words */
	char esp_proposals[AOVPN_TEXT_MAX]; /* ESPProposals= */

	/* [Gateway] */
	char gateway_name[AOVPN_TEXT_MAX]; /* Name=, default Server */
	char gateway_roots[PATH_MAX];      /* TrustedRoots=, PEM, required */

	uint32_t gateway_revocation; /* Revocation=soft|hard, enum
					aovpn_revocation, default soft */

	/* [NPS] */
	char nps_names[AOVPN_SERVER_NAMES_MAX]; /* ServerNames=, ";" list of
						   names and patterns
						   (server_name.h) */
	char nps_roots[PATH_MAX]; /* TrustedRoots=, default the gateway's */

	uint32_t nps_revocation; /* Revocation=soft|hard, default soft */

	/* [Credential] */
	char certificate[PATH_MAX];    /* Certificate=, PEM, DER or PKCS#12 */
	char key[PATH_MAX];            /* PrivateKey=, where not in there too */
	char chain[PATH_MAX];          /* Chain=, PEM, more CA certificates */
	char password_file[PATH_MAX];  /* PasswordFile=, one line */
	char identity[AOVPN_TEXT_MAX]; /* EAPIdentity=, default: the UPN */

	/* [TLS] */
	uint32_t tls_min; /* MinVersion=1.2|1.3 as wire numbers */
	uint32_t tls_max;
	uint32_t fragment_size; /* FragmentSize=, 100..1400, default 1024 */
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
