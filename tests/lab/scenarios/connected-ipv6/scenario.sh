# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway has an IPv6 address only.
LAB_GATEWAY_FAMILY=ipv6

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "IKE went over IPv6" grep -q "to 2001:db8:2::10" \
		"$LAB_DIR/log/charon-client.log"
}
