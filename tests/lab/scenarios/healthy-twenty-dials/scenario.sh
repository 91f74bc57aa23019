# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Twenty dials in a row connect: no failure is recorded.
scenario_dial() {
	local i
	for ((i = 1; i < 20; i++)); do
		lab_dial_again_quietly || return
	done
	lab_dial
}
lab_dial_again_quietly() {
	{
		lab_aovpn dial lab && lab_aovpn hangup lab &&
			wait_for 3 _client_is_idle
	} >&2
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
