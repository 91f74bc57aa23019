# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd is killed while a tunnel is up and started again: it finds the tunnel,
# the same one, tells its end, and what ended while it was away is told, too.
LAB_NOT_STOCK="aovpnd dials"

scenario_check() {
	local before
	before=$(ike_sa_ids)
	process_stop aovpnd KILL
	check "aovpnd starts again" daemon_up
	check "the tunnel is found" wait_for 5 kept_state connected
	check "it is the same one" test "$before" = "$(ike_sa_ids)"
	check "the plugin knows it again" wait_for 5 registered_again
	check "a packet crosses the tunnel" tunnel_works
	check "the gateway ends it" gateway_closes
	check "the end is told" wait_for 5 kept_ended_with 629 peer-closed

	check "it connects anew" lab_aovpn dial lab
	process_stop aovpnd KILL
	check "the gateway ends it unseen" gateway_closes
	check "aovpnd starts again" daemon_up
	check "this end is told as well" wait_for 5 ends 2
	check "status says disconnected" wait_for 5 kept_state disconnected
}
ike_sa_ids() { charon_swanctl client --list-sas | grep -o 'aovpn-lab: #[0-9]*, [A-Z]*, IKEv2, [0-9a-f]*'; }
gateway_closes() { charon_swanctl gateway --terminate --ike rras --timeout 3; }
registered_again() {
	grep -c 'connection .aovpn-lab. registered' "$LAB_DIR/log/charon-client.log" |
		grep -qx '[2-9]'
}
ends() {
	lab_aovpn events --json |
		jq -es --argjson n "$1" 'map(select(.event_id == 20226)) | length == $n'
}
