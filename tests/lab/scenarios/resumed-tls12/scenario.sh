# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The TLS 1.2 session of the first dial is resumed by the second, which takes six
# exchanges.
NPS_RESUME=yes
NPS_TLS_MAX=1.2

scenario_dial() { lab_dial_again true; }

scenario_check() {
	check "the record says so" test "$(record .resumed)" = true
	check "6 exchanges" test "$(ike_exchanges)" -le 6
	check "NPS knows whom it lets in" same_user_twice
	check "a packet crosses the tunnel" tunnel_works
	check "hang up" lab_aovpn hangup lab
	check "a third dial resumes it again" resumes
}
same_user_twice() {
	nps_events | grep '^.* event 6272 .* user [^ :]' |
		sed 's/.* user //' | uniq -c | grep '^ *2 '
}
resumes() { lab_dial | jq -es 'last | .event_id == 20225 and .resumed'; }
