# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A connection is hung up: event 20226 with 631, and nothing is left in charon.
scenario_check() {
	check "hangup" lab_aovpn hangup lab
	check "it ends with 631" wait_for 3 ended_with 631 user-disconnected
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
	check "no connection is left in charon" no_connection
	check_fails "a second hangup says that nothing is up" \
		lab_aovpn hangup lab
	check "and it connects again" lab_aovpn dial lab
	check "dialling what is up is 756" dial_is 756 dial-in-progress
}
ended_with() {
	lab_aovpn events --json | jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause'
}
no_connection() { [ -z "$(charon_swanctl client --list-conns)" ]; }
dial_is() {
	lab_dial lab | jq -es --argjson code "$1" --arg cause "$2" \
		'last | .ras_code == $code and .cause == $cause'
}
