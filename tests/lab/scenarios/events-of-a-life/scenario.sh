# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# RasClient's events of a connection, dialled and hung up twice: each once for
# each dial, in order, all with the dial's id, and with RasClient's sentences.
scenario_check() {
	lab_aovpn hangup lab
	wait_for 3 ends_are 1
	lab_aovpn dial lab
	lab_aovpn hangup lab
	wait_for 3 ends_are 2
	check "the series of both" series_are \
		'[[20221,20222,20223,20224,20225,20226],
		  [20221,20222,20223,20224,20225,20226]]'
	check "dialling" said 20221 'The user [^ ]+ has started dialing a VPN connection using an all-user connection profile named lab\.$'
	check "connecting" said 20222 'is trying to establish a link to the Remote Access Server for the connection named lab using the following device: Server address/Phone Number = [^ ]+, Device = IKEv2, MediaType = VPN\.$'
	check "device link" said 20223 'has successfully established a link to the Remote Access Server for the connection named lab using the following device: '
	check "link" said 20224 'The link to the Remote Access Server has been established by user [^ ]+\.$'
	check "connected" said 20225 'dialed a connection named lab to the Remote Access Server which has successfully connected\.'
	check "terminated, with the reason" said 20226 'dialed a connection named lab which has terminated\. The reason code returned on termination is 631\.'
	check "durations do not go back" \
		events 'group_by(.attempt_id) | all(map(.duration_ms) |
			. == sort)'
}
events() { lab_aovpn events --json | jq -es "$1"; }
ends_are() { events "map(select(.event_id == 20226)) | length == $1"; }
series_are() {
	events "[group_by(.attempt_id) | sort_by(.[0].time)[] |
		map(.event_id | select(. < 20290))] == $1"
}
said() {
	lab_aovpn events --json | jq -es --argjson id "$1" \
		--arg pattern "^CoId=\\{[-0-9a-f]{36}\\}: .*$2" \
		'map(select(.event_id == $id)) | length == 2 and
		 all(.message | test($pattern))'
}
