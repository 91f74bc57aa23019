# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate is for any purpose, and a server that stands on OpenSSL wants
# clientAuth by name.
CLIENT_CERT=user1-anypurpose
scenario_setup() {
	pki_extensions user |
		sed 's/^extendedKeyUsage.*/extendedKeyUsage = anyExtendedKeyUsage/' |
		pki_leaf user1-anypurpose issuing "/CN=$PKI_USER"
}
