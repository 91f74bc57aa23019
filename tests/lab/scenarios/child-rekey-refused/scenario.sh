# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The tunnel is up. Its keys are renewed with a group that the gateway does not
# have for them, which shows only then; and their time is over.
PROFILE=(Connection.ESPProposals=aes256-sha256-modp2048)
GATEWAY_CHILD="rekey_time = 0
	life_time = 4s"
scenario_check() {
	charon_swanctl client --rekey --child aovpn-lab
	check "it ends with 829" wait_for 9 ended_with 829 child-rekey-failed
	check "and is not there any more" wait_for 3 no_ike_sa
	check "status says so" is_idle
}
ended_with() {
	lab_aovpn events --json | jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause'
}
is_idle() {
	lab_aovpn status --json | jq -e '.connections[0].state == "disconnected"'
}
