# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The IKE_SA is rekeyed: to the daemon it stays the same connection.
scenario_check() {
	check "rekey" charon_swanctl client --rekey --ike aovpn-lab
	check "a second IKE_SA has taken over" wait_for 3 replaced
	sleep 0.5 # time in which a wrong end would be recorded
	check_fails "no end was recorded" has_ended
	check "status says connected" connected
	check "a packet crosses the tunnel" tunnel_works
	check "hangup" lab_aovpn hangup lab
	check "and the end is recorded" wait_for 3 has_ended
}
replaced() {
	charon_swanctl client --list-sas | grep -q '^aovpn-lab: #2, ESTABLISHED'
}
has_ended() { lab_aovpn events --json | grep '"event_id":20226'; }
connected() {
	lab_aovpn status --json | jq -e '.connections[0].state == "connected"'
}
