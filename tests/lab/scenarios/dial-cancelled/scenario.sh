# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Ctrl-C during a dial: it ends with 631 and leaves nothing.
scenario_inject() { router_drop_udp 500; }

scenario_dial() {
	local env
	mapfile -t env < <(client_environment)
	role_exec client env "${env[@]}" timeout --signal=INT --kill-after=5 1 \
		"$AOVPN_BUILD/aovpn" dial lab --json
	local status=$?
	# timeout(1) says 124; that the client itself ended is what counts.
	[ $status = 124 ] && status=1
	return $status
}

scenario_check() {
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
	check "it ended before the gateway could time out" ended_soon
}
ended_soon() { [ "$(record .duration_ms)" -lt 2500 ]; }
