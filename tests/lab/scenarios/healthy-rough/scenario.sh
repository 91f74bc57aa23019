# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A slow path that changes the order of packets, loses one in ten and doubles one
# in five.
scenario_inject() { router_rough 30 60 10 5; }
scenario_check() {
	check "no failure was recorded" no_failure
	check "a packet crosses the tunnel" wait_for 5 tunnel_works
}
no_failure() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20226 and
				 .event_id != 20299)'
}
