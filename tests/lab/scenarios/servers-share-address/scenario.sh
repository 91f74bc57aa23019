# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two servers have the same address, where nobody answers: it is dialled once.
PROFILE=("Connection.Server=vpn.contoso.test,vpn2.contoso.test")

scenario_inject() {
	dns_set vpn2.contoso.test "$NET_GATEWAY"
	router_drop_udp 500
}

scenario_check() {
	check "it was dialled once" \
		test "$(record '[.tried[].server] | join(",")')" = vpn.contoso.test
	check "it is the first server's record" \
		test "$(record .server)" = vpn.contoso.test
}
