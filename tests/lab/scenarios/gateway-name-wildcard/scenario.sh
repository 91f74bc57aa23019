# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The dialled name by a wildcard in the gateway's certificate, which has another
# subject (RFC 9525 6.3).
GATEWAY_CERT=gateway-wildcard
scenario_setup() {
	pki_extensions gateway | sed 's/^DNS.1 = vpn/DNS.1 = */' |
		pki_leaf gateway-wildcard issuing "/CN=Contoso VPN"
}
