/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture.h - the files that tests/unit/fixtures made. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <openssl/x509.h>

/* The path of one, valid until eight more were asked for. */
const char *fixture_path(const char *name);

/* A certificate in PEM; the caller frees it. Ends the test if it is none. */
X509 *fixture_certificate(const char *name);

#endif
