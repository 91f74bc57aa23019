# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client's address changes, and where it is now UDP 4500 does not pass: the
# tunnel cannot follow.
scenario_inject() {
	net_exec client sysctl -qw net.ipv4.conf.c0.promote_secondaries=1 \
		net.ipv6.conf.c0.disable_ipv6=1
}
scenario_check() {
	check "UDP 4500 does not pass" router_drop_udp 4500
	check "a new address" net_exec client ip address add 192.0.2.11/24 dev c0
	check "the old one goes" \
		net_exec client ip address del 192.0.2.10/24 dev c0
	net_exec client ip route replace default via 192.0.2.1
	check "it ends with 829" wait_for 32 ended_with 829 network-changed
}
ended_with() {
	lab_aovpn events --json | jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause'
}
