/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cert_oid.c - see cert_oid.h. RFC 5280 4.2.1.12; Windows' own below
 * 1.3.6.1.4.1.311. */
#include "cert_oid.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *oid;
	const char *name;
} oids[] = {
	{"1.3.6.1.5.5.7.3.1", "serverAuth"},
	{"1.3.6.1.5.5.7.3.2", "clientAuth"},
	{"1.3.6.1.5.5.7.3.3", "codeSigning"},
	{"1.3.6.1.5.5.7.3.4", "emailProtection"},
	{"1.3.6.1.5.5.7.3.8", "timeStamping"},
	{"1.3.6.1.5.5.7.3.9", "OCSPSigning"},
	{"1.3.6.1.5.5.7.3.17", "ipsecIKE"},
	{"1.3.6.1.5.5.8.2.2", "IKE intermediate"},
	{"1.3.6.1.5.2.3.4", "PKINIT client"},
	{"2.5.29.37.0", "anyExtendedKeyUsage"},
	{"1.3.6.1.4.1.311.10.3.4", "encrypting file system"},
	{"1.3.6.1.4.1.311.10.12.1", "any purpose"},
	{"1.3.6.1.4.1.311.20.2.1", "enrolment agent"},
	{"1.3.6.1.4.1.311.20.2.2", "smart card logon"},
	{"1.3.6.1.4.1.311.87", "Entra Conditional Access"},
};

const char *cert_oid_name(const char *oid)
{
	size_t i;

	for (i = 0; i < sizeof(oids) / sizeof(oids[0]); i++)
		if (strcmp(oids[i].oid, oid) == 0)
			return oids[i].name;
	return NULL;
}
