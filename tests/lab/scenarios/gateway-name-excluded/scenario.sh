# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate names *.contoso.test, and its CA excludes the gateway's
# name: the wildcard is allowed, but not for this gateway.
GATEWAY_CERT=gateway-wildcard
GATEWAY_CHAIN=issuing-excluding
LAB_NOT_STOCK="stock charon has another certificate of that CA, above the client's own"

scenario_setup() {
	pki_extensions gateway | sed 's/^DNS.1 = vpn/DNS.1 = */' |
		pki_leaf gateway-wildcard issuing "/CN=Contoso VPN" || return
	{
		pki_extensions issuing
		echo "nameConstraints = critical,excluded;DNS:vpn.contoso.test"
	} | pki_leaf issuing-excluding root \
		"/O=Contoso/CN=Contoso Cloud PKI Issuing CA"
}
