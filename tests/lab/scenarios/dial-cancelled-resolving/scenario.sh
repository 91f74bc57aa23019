# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The dial is cancelled while the name is still being resolved: whatever the dial
# does afterwards, no tunnel stays.
scenario_inject() {
	# The resolver asks again after a second, and then gets its answer.
	role_exec client sed -i 's/attempts:1/attempts:3/' /etc/resolv.conf
	dns_silent
}

scenario_dial() {
	lab_dial lab >"$LAB_DIR/dialled" &
	local dial=$!
	wait_for 3 is_dialling
	lab_aovpn hangup lab >&2 &
	sleep 0.2
	faults_clear
	wait "$dial"
	local status=$?
	cat "$LAB_DIR/dialled"
	return $status
}

scenario_check() {
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
	check "no connection is left in charon" no_connection
}
is_dialling() {
	lab_aovpn status --json |
		jq -e '.connections[0].state == "connecting"'
}
no_connection() { [ -z "$(charon_swanctl client --list-conns)" ]; }
