/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cert_oid.h - names of the extended key usages that matter here.
 */
#ifndef AOVPN_CERT_OID_H
#define AOVPN_CERT_OID_H

/* "clientAuth" for "1.3.6.1.5.5.7.3.2"; NULL for one without a name. Static. */
const char *cert_oid_name(const char *oid);

#endif
