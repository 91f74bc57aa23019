# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The server's name has an IPv6 address, where nobody answers, and an IPv4 address.
# charon would wait there as long as it does by default, which is 165 seconds, and
# the dial's time would be over before: the address is passed by.
LAB_GATEWAY_FAMILY=both
LAB_NOT_STOCK="swanctl dials one address"
CLIENT_CHARON="retransmit_tries = 5
	retransmit_timeout = 4.0
	retransmit_base = 1.8"

scenario_inject() { router_rule forward 0 "meta nfproto ipv6 udp dport 500 drop"; }

scenario_check() {
	check "the record lists both" record_lists
	check "charon has let go of the first" one_ike_sa
	check "a packet crosses the tunnel" tunnel_works
}
record_lists() {
	record '[.tried[] | "\(.address) \(.ras_code)"] | join(",")' |
		grep -qx "$NET_GATEWAY6 809,$NET_GATEWAY 0"
}
one_ike_sa() { [ "$(charon_swanctl client --list-sas | grep -c IKEv2)" = 1 ]; }
