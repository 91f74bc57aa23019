# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# While nobody answers, the dial says so and why after the first retransmission; it
# is no outcome, and the outcome comes later.
scenario_inject() { router_drop_udp 500; }
scenario_dial() {
	local status
	lab_dial lab
	status=$?
	lab_aovpn dial lab >"$LAB_DIR/dial.text" 2>&1 &
	wait_for 4 hint_in_status && : >"$LAB_DIR/hint-in-status"
	wait
	lab_aovpn status --json >"$LAB_DIR/status-after" 2>&1
	return $status
}

scenario_check() {
	check "one hint, before the outcome" one_hint
	check "it came long before the dial was over" early
	check "it says why, and that it is not certain" says_why
	check "the dial's text has it" \
		grep "no answer yet: .*(likely)" "$LAB_DIR/dial.text"
	check "status had it" test -f "$LAB_DIR/hint-in-status"
	check_fails "and has none after the dial" \
		jq -e '.connections[0].hint' "$LAB_DIR/status-after"
}
hint_in_status() {
	lab_aovpn status --json |
		jq -e '.connections[0].hint.cause == "udp500-no-answer"'
}
hints() { jq -c 'select(.event_id == 20298)' "$LAB_DIR/records"; }
one_hint() {
	[ "$(hints | wc -l)" = 1 ] &&
		[ "$(tail -n 1 "$LAB_DIR/records" | jq .event_id)" = 20227 ]
}
early() { hints | jq -e ".duration_ms < 2500 * $LAB_PATIENCE"; }
says_why() {
	hints | jq -e '.cause == "udp500-no-answer" and
		       .causes[0].confidence == "likely"'
}
