# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The machine sleeps for an hour. The gateway has forgotten the tunnel by then,
# and answers nothing.
CLIENT_CLOCK=sleeps
scenario_check() {
	gateway_restart
	client_sleeps 3600
	charon_swanctl client --rekey --ike aovpn-lab
	check "it ends with 833" wait_for 12 ended_with 833 suspended
	check "the evidence says how long it slept" says "machine slept for 3"
}
ended_with() {
	lab_aovpn events --json | jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause'
}
says() {
	lab_aovpn events --json | jq -es --arg text "$1" \
		'last | .causes[0].evidence | any(contains($text))'
}
