# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Packets cross the tunnel in both directions: nothing is wrong with it.
scenario_check() {
	check "packets cross" net_exec client ping -c 8 -i 0.1 -W 1 "$NET_INNER"
	sleep 3 # two looks at it
	check "no failure and no warning was recorded" no_failure
}
no_failure() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20226 and
				 .event_id != 20299)'
}
