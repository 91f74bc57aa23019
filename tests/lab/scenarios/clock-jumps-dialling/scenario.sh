# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The wall clock is set forth and back by a day or two while the dial goes on, first
# of one that connects, then of one that NPS refuses: each ends as it does else,
# after as long as it took, and the records' times are the clock's.
LAB_NOT_STOCK="aovpnd dials"
NPS_KIND=alert
CLIENT_CLOCK=jumps

scenario_inject() {
	profile_write revoked \
		"Credential.Certificate=$(pki_cert user1-revoked)" \
		"Credential.PrivateKey=$(pki_key user1-revoked)"
}

# jumping PROFILE FIRST SECOND: an answer of IKE is lost until the clock has jumped.
jumping() {
	local dial
	router_drop_message in 4
	lab_dial "$1" &
	dial=$!
	wait_for 5 held && client_clock_jumps "$2" && sleep 0.5 &&
		client_clock_jumps "$3" && sleep 0.5
	echo $? >>"$LAB_DIR/jumped-in-time"
	faults_clear
	wait "$dial"
}
held() { charon_swanctl client --list-sas | grep -q CONNECTING; }

scenario_dial() {
	local status
	jumping revoked 86400 0 >"$LAB_DIR/refused"
	jumping lab -86400 86400
	status=$?
	lab_aovpn status --json >"$LAB_DIR/status"
	return $status
}

scenario_check() {
	check "it jumped while dialling" test "$(sort -u "$LAB_DIR/jumped-in-time")" = 0
	check "the refused dial says why, not $(tail -n 1 "$LAB_DIR/refused" | jq -c '[.ras_code, .cause]')" \
		refused_is 855 client-cert-revoked
	check "its duration is that of the dial, not $(tail -n 1 "$LAB_DIR/refused" | jq .duration_ms)" \
		short_one "$LAB_DIR/refused"
	check "so is that of the one that connected, not $(record .duration_ms)" \
		test "$(record .duration_ms)" -lt 30000
	check "its time is a day ahead" a_day_ahead
	check "a packet crosses the tunnel" tunnel_works
	lab_aovpn hangup lab >&2
	client_clock_jumps 0
	wait_for 5 no_ike_sa
	check "with the clock right again the next dial connects" dials
}
refused_is() {
	tail -n 1 "$LAB_DIR/refused" | jq -e --argjson code "$1" \
		--arg cause "$2" '.ras_code == $code and .cause == $cause'
}
short_one() { tail -n 1 "$1" | jq -e '.duration_ms >= 0 and .duration_ms < 30000'; }
a_day_ahead() {
	local ahead
	ahead=$(($(date -d "$(record .time)" +%s) - $(date +%s)))
	[ $ahead -gt 86000 ] && [ $ahead -lt 86800 ]
}
dials() { lab_dial | jq -se 'last | .ras_code == 0'; }
