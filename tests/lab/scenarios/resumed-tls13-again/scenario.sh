# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A ticket of TLS 1.3 serves once; each resumed dial brings the next one's.
NPS_KIND=alert
NPS_RESUME=yes
NPS_TLS_MAX=1.3
PROFILE=(TLS.MinVersion=1.3)

scenario_dial() { lab_dial_again true; }

scenario_check() {
	check "the record says so" test "$(record .resumed)" = true
	check "7 exchanges" test "$(ike_exchanges)" -le 7
	check "hang up" lab_aovpn hangup lab
	check "a third dial resumes, too, and says so" says_resumed
	check "NPS resumed twice" test \
		"$(grep -c "resumed a session" "$LAB_DIR/log/nps.log")" = 2
}
says_resumed() { lab_aovpn dial lab | grep '^connected to .*, resumed$'; }
