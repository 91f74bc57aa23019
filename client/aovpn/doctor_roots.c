/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_roots.c - aovpn doctor: the roots that gateway and NPS are held to,
 * and the names of NPS.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "doctor.h"
#include "expiry.h"
#include "pki.h"

/* How many of them count, by thumbprint and by the time now. */
static int count_usable(STACK_OF(X509) *roots, const char *thumbprints)
{
	char thumbprint[AOVPN_THUMBPRINT_SIZE];
	X509 *root;
	int i, usable = 0;

	for (i = 0; i < sk_X509_num(roots); i++) {
		root = sk_X509_value(roots, i);
		aovpn_x509_thumbprint(root, thumbprint);
		if (thumbprints[0] != '\0' &&
		    !aovpn_thumbprint_listed(thumbprints, thumbprint))
			continue;
		usable += X509_cmp_current_time(X509_get0_notAfter(root)) > 0 &&
			  X509_cmp_current_time(X509_get0_notBefore(root)) < 0;
	}
	return usable;
}

static void tell_roots(struct doctor_part *part, const char *check,
		       const char *path, const char *thumbprints)
{
	STACK_OF(X509) *roots = NULL;
	struct aovpn_error error;
	int r = aovpn_roots_load(path, &roots, &error), all, usable;
	json_t *line;

	ERR_clear_error();
	if (r == -EACCES && !part->doctor->root) {
		doctor_needs_root(part, check, error.text);
		return;
	}
	if (r < 0) {
		line = doctor_tell(part, DOCTOR_FAULT, check, "%s", error.text);
		doctor_cause(line, "profile-invalid");
		return;
	}
	all = sk_X509_num(roots);
	usable = count_usable(roots, thumbprints);
	line = doctor_tell(part, usable > 0 ? DOCTOR_OK : DOCTOR_FAULT, check,
			   "%d of %d certificates in %s count and are valid",
			   usable, all, path);
	if (usable == 0)
		doctor_fix(line,
			   "Put the root of the server's certificate there%s.",
			   thumbprints[0] != '\0'
				   ? ", or correct RootThumbprints="
				   : "");
	sk_X509_pop_free(roots, X509_free);
}

static void tell_names(struct doctor_part *part,
		       const struct aovpn_profile *profile)
{
	json_t *line;

	if (profile->nps_names[0] != '\0') {
		doctor_tell(part, DOCTOR_OK, "nps-names", "NPS may be %s",
			    profile->nps_names);
		return;
	}
	line = doctor_tell(part, DOCTOR_WARNING, "nps-names",
			   "none is set: every server with a certificate of "
			   "these roots is taken for NPS");
	doctor_fix(line, "Name the NPS servers in the profile: ServerNames= in "
			 "[NPS].");
}

void doctor_roots(struct doctor_part *part)
{
	const struct aovpn_profile *profile = &part->doctor->profile;

	tell_roots(part, "gateway-roots", profile->gateway_roots,
		   profile->gateway_root_thumbprints);
	if (strcmp(profile->gateway_roots, profile->nps_roots) != 0 ||
	    strcmp(profile->gateway_root_thumbprints,
		   profile->nps_root_thumbprints) != 0)
		tell_roots(part, "nps-roots", profile->nps_roots,
			   profile->nps_root_thumbprints);
	tell_names(part, profile);
}
