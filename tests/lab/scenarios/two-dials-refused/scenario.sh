# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two dials at once, to two gateways whose routes refuse in two ways. Each record
# has its own errno.
LAB_STOCK=1
OTHER_GATEWAY=198.51.100.11

scenario_inject() {
	profile_write other "Connection.Server=$OTHER_GATEWAY" &&
		client_route_refuse prohibit &&
		client_route_refuse unreachable $OTHER_GATEWAY
}

scenario_dial() {
	local other status
	lab_dial other >"$LAB_DIR/records-other" &
	other=$!
	lab_dial lab
	status=$?
	wait "$other"
	return $status
}

scenario_check() {
	check "this one's errno" evidence_has \
		"$NET_GATEWAY port 500, 5 of 5 times: EACCES"
	check "and no more" one_line_of_evidence
	check "the other one's errno" other_has \
		"$OTHER_GATEWAY port 500, 5 of 5 times: EHOSTUNREACH"
}
one_line_of_evidence() { [ "$(record '.causes[0].evidence | length')" = 1 ]; }
other_has() {
	tail -n 1 "$LAB_DIR/records-other" |
		jq -r '.causes[0].evidence[]' | grep -F -- "$1"
}
