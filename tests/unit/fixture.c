/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture.c - see fixture.h. */
#include "fixture.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/pem.h>

#include <CUnit/CUnit.h>

const char *fixture_path(const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned int next;
	const char *dir = getenv("AOVPN_TEST_FIXTURES");
	char *path = paths[next++ % 8];

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	snprintf(path, PATH_MAX, "%s/%s", dir, name);
	return path;
}

X509 *fixture_certificate(const char *name)
{
	FILE *file = fopen(fixture_path(name), "r");
	X509 *certificate;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	CU_ASSERT_PTR_NOT_NULL_FATAL(certificate);
	return certificate;
}
