# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The server's name has an IPv6 address, which refuses by ICMP, and an IPv4
# address behind it: both are dialled, in that order.
LAB_NOT_STOCK='charon dials the first address of a name only'
LAB_GATEWAY_FAMILY=both
LAB_NOT_STOCK="swanctl dials one address"

scenario_inject() { router_reject_udp6 500; }

scenario_check() {
	check "the record lists both" record_lists
	check "a packet crosses the tunnel" tunnel_works
}
record_lists() {
	record '[.tried[] | "\(.address) \(.ras_code)"] | join(",")' |
		grep -qx "$NET_GATEWAY6 809,$NET_GATEWAY 0"
}
