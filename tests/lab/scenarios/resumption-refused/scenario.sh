# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS has lost its sessions meanwhile: it shakes hands in full, and nobody is the
# wiser.
NPS_RESUME=yes

scenario_dial() { lab_dial_again nps_restart; }

scenario_check() {
	check "one was offered" grep -q "offering to resume a TLS session" \
		"$LAB_DIR/log/charon-client.log"
	check "the record says that none was resumed" \
		test "$(record .resumed)" = false
	check "no second try was needed" \
		test "$(record .resumption_refused)" = false
	check "a packet crosses the tunnel" tunnel_works
	check "hang up" lab_aovpn hangup lab
	check "the new session is resumed" resumes
}
resumes() { lab_dial | jq -es 'last | .event_id == 20225 and .resumed'; }
