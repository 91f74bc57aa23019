# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A link of this machine has addresses of the tunnel's network.
scenario_inject() {
	net_exec client ip link add d0 type bridge &&
		net_exec client ip address add 10.80.0.77/24 dev d0 &&
		net_exec client ip link set d0 up
}
scenario_check() {
	check "a warning says so" wait_for 5 warned_of route-conflict
}
warned_of() {
	lab_aovpn events --json | jq -es --arg cause "$1" \
		'any(.[]; .event_id == 20299 and .cause == $cause)'
}
