# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway, NPS and the client all have EC keys.
GATEWAY_CERT=gateway-ec
NPS_CERT=nps-ec
CLIENT_CERT=user1-ec

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "the gateway proved itself by ECDSA" \
		grep -E "authentication of 'CN=vpn.contoso.test' with ECDSA.* successful" \
		"$LAB_DIR/log/charon-client.log"
}
