# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon is killed while a tunnel is up and started again: the end is told, the
# daemon goes on, and the connection can be dialled anew.
scenario_check() {
	process_stop charon-client KILL
	check "charon starts again" start_charon
	check "the tunnel's end is told" wait_for 5 ended
	check "and it connects again" lab_aovpn dial lab
	check "a packet crosses the tunnel" tunnel_works
}
start_charon() { charon_launch client && client_ready; }
ended() {
	lab_aovpn events --json |
		jq -es 'map(select(.event_id == 20226)) | length == 1'
}
