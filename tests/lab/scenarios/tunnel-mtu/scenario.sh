# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A router on the way answers that the tunnel's packets are too large.
scenario_check() {
	router_mtu 1200
	net_exec client ping -c 3 -i 0.2 -W 1 -s 1300 "$NET_INNER" >/dev/null
	check "a warning says so" wait_for 9 warned_of inner-mtu
}
warned_of() {
	lab_aovpn events --json | jq -es --arg cause "$1" \
		'any(.[]; .event_id == 20299 and .cause == $cause)'
}
