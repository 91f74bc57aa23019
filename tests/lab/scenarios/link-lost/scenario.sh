# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The tunnel is up, the gateway vanishes, and a rekeying gets no answer.
scenario_check() {
	router_drop_gateway
	charon_swanctl client --rekey --ike aovpn-lab
	check "it ends with 829" wait_for 9 ended_with 829 link-lost
}
ended_with() {
	lab_aovpn events --json | jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause'
}
