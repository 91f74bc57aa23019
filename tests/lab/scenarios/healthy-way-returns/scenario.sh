# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# There is no way to the gateway when the dial begins, and a router says so by
# ICMP; there is one before charon gives up.
scenario_inject() {
	router_unreachable
	way_returns >/dev/null 2>&1 &
}
way_returns() {
	sleep 1.5
	net_exec router ip route del unreachable "$NET_GATEWAY/32"
}
scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "no failure was recorded" no_failure
}
no_failure() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20226)'
}
