# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The same with a ticket of TLS 1.3. The protected success indication of RFC 9190
# takes one exchange more.
NPS_RESUME=yes
NPS_TLS_MAX=1.3
PROFILE=(TLS.MinVersion=1.3)

scenario_dial() { lab_dial_again true; }

scenario_check() {
	check "the record says so" test "$(record .resumed)" = true
	check "7 exchanges" test "$(ike_exchanges)" -le 7
	check "a packet crosses the tunnel" tunnel_works
	check "hang up" lab_aovpn hangup lab
	# FreeRADIUS 3.2.1 keeps no attributes of a session that was resumed, and
	# without them it resumes none
	check "a third dial connects in full" connects_in_full
}
connects_in_full() {
	lab_dial | jq -es 'last | .event_id == 20225 and (.resumed | not)'
}
