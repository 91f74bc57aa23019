# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client's address changes and MOBIKE follows: the connection stays.

# Without IPv6, by which MOBIKE would go on at once.
scenario_inject() {
	net_exec client sysctl -qw net.ipv4.conf.c0.promote_secondaries=1 \
		net.ipv6.conf.c0.disable_ipv6=1
}
scenario_check() {
	check "a new address" net_exec client ip address add 192.0.2.11/24 dev c0
	check "the old one goes" \
		net_exec client ip address del 192.0.2.10/24 dev c0
	net_exec client ip route replace default via 192.0.2.1
	check "charon uses the new one" wait_for 5 moved
	sleep 0.5 # time in which a wrong end would be recorded
	check "no failure was recorded" no_failure
	check "a packet crosses the tunnel" wait_for 3 tunnel_works
}
moved() {
	charon_swanctl client --list-sas | grep -q "local .*@ 192.0.2.11"
}
no_failure() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20226 and
				 .event_id != 20299)'
}
