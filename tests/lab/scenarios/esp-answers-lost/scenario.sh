# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The tunnel is up, and ESP from the gateway is lost: packets go in, none comes back.
scenario_inject() { router_drop_esp in; }
scenario_check() {
	net_exec client ping -c 8 -i 0.1 -W 1 "$NET_INNER" >/dev/null
	check "a warning says so" wait_for 9 warned_of esp-blocked
	check "the connection is still up" [ "$(record .event_id)" = 20225 ]
}
warned_of() {
	lab_aovpn events --json | jq -es --arg cause "$1" \
		'any(.[]; .event_id == 20299 and .cause == $cause)'
}
