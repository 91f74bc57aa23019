/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_item.h - what one item of a profile's value may look like. Each says
 * whether text is such an item; none changes anything. For profile_table.c.
 */
#ifndef AOVPN_PROFILE_ITEM_H
#define AOVPN_PROFILE_ITEM_H

#include <stdbool.h>

/* An IPv4 or IPv6 address. */
bool aovpn_item_is_address(const char *text);

/* A DNS name or an address. */
bool aovpn_item_is_host(const char *text);

/* A DNS name, or "." for all. */
bool aovpn_item_is_domain(const char *text);

/* A host, or a pattern of names (server_name.h). */
bool aovpn_item_is_server_name(const char *text);

/* ADDRESS/PREFIX. */
bool aovpn_item_is_network(const char *text);

/* Words of charon's with "-"; see proposal.h for what they mean. */
bool aovpn_item_is_proposal(const char *text);

/* An algorithm that WeakAlgorithms= may name. */
bool aovpn_item_is_weak_algorithm(const char *text);

/* An account's or group's name, as NSS knows it: CONTOSO\user, too. */
bool aovpn_item_is_account(const char *text);

/* An OID in digits, of which ".*" may stand for the rest. */
bool aovpn_item_is_usage(const char *text);

/* A SHA-1 thumbprint. */
bool aovpn_item_is_thumbprint(const char *text);

/* An absolute path. */
bool aovpn_item_is_path(const char *text);

/* The name of a systemd credential. */
bool aovpn_item_is_credential(const char *text);

/* A path, or a pkcs11: URI. */
bool aovpn_item_is_certificate(const char *text);

/* The same, or a TPM's handle. */
bool aovpn_item_is_private_key(const char *text);

#endif
