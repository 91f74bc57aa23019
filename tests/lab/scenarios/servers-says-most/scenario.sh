# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The first server is busy, the second is silent, and the third has no name: the
# record is that of the first, which says most, and lists all.
PROFILE=("Connection.Server=vpn.contoso.test,silent.contoso.test,absent.contoso.test")

scenario_inject() {
	gateway_answers 16390 00112233445566778899aabbccddeeff &&
		dns_set silent.contoso.test 203.0.113.20 &&
		net_nft nps add table inet lab &&
		net_nft nps add chain inet lab at_input \
			'{ type filter hook input priority 0; }' &&
		net_nft nps add rule inet lab at_input udp dport 500 drop
}

scenario_check() {
	check "it is the first server's record" \
		test "$(record '.server + " " + .server_ip')" = \
		"vpn.contoso.test $NET_GATEWAY"
	check "all are listed" record_lists
}
record_lists() {
	record '[.tried[] | "\(.server) \(.address) \(.cause)"] | join(",")' |
		grep -qx "vpn.contoso.test $NET_GATEWAY gateway-overloaded,silent.contoso.test 203.0.113.20 udp500-no-answer,absent.contoso.test  dns-no-such-name"
}
