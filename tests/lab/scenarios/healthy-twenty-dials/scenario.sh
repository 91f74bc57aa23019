# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Twenty dials in a row connect: no failure is recorded.
LAB_STOCK=1
scenario_dial() {
	local i
	for ((i = 1; i < 20; i++)); do
		{ lab_dial && lab_hangup; } >&2 || return
	done
	lab_dial
}
scenario_check() {
	check "twenty have connected" twenty
	check "and none has failed" hung_up_only
}
twenty() {
	[ "$(lab_aovpn events --json | grep -c '"event_id":20225')" = 20 ]
}
hung_up_only() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20299 and
				 (.event_id != 20226 or .ras_code == 631))'
}
