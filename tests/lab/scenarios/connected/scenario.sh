# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The reference: nothing is wrong.

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "DNS servers are asked for once" \
		grep -q 'IKE_AUTH request 1 .*CPRQ(ADDR ADDR6 DNS DNS6)' \
		"$LAB_DIR/log/charon-client.log"
	# with strongSwan's own eap-tls it takes 11
	check "no more than 10 exchanges" test "$(ike_exchanges)" -le 10
}
