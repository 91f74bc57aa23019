# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2016
# RasClient's events of dials that fail: each step that was reached once, in
# order, and then 20227 with the code; where nothing was sent, only the first and
# the last.
LAB_NOT_STOCK='with remote.id %any stock strongSwan checks no name'
GATEWAY_CERT=gateway-wrong-name

scenario_check() {
	lab_aovpn dial nosuch
	lab_aovpn dial no/name
	router_drop_gateway
	lab_aovpn dial lab & sleep 1; lab_aovpn hangup lab; wait $!
	check "the series of each" events \
		'[group_by(.attempt_id) | sort_by(.[0].time)[] |
		  map(.event_id | select(. < 20290))] ==
		 [[20221,20222,20223,20227], [20221,20227], [20221,20227],
		  [20221,20222,20227]]'
	check "failed, with the code" events \
		'map(select(.event_id == 20227)) | map(.ras_code) as $codes |
		 all(.message | test("The user [^ ]+ dialed a connection named [^ ]+ which has failed\\. The error code returned on failure is -?[0-9]+\\."))
		 and $codes[0] == 13801 and $codes[1] == 623'
	check "nothing is said to have connected" events \
		'all(.event_id != 20225 and .event_id != 20226)'
}
events() { lab_aovpn events --json | jq -es "$1"; }
