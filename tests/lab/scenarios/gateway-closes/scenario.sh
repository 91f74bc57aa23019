# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway ends in order: the tunnel's end is 629 peer-closed.
scenario_check() {
	gateway_stop TERM
	check "it ends with 629" wait_for 5 ended_with 629 peer-closed
	check "status says disconnected" disconnected
}
ended_with() {
	lab_aovpn events --json | jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause'
}
disconnected() {
	lab_aovpn status --json |
		jq -e '.connections[0].state == "disconnected"'
}
