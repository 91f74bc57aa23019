# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# NetworkManager's own charon dials, beside the one that has our plugin, and NPS
# refuses its certificate. aovpnd hears both.
LAB_ISSUING=issuing-nocdp
LAB_STOCK=1

scenario_requires() { ! nm_missing; }
scenario_inject() { nm_up && wait_for 4 daemon_sees_charon_nm; }
scenario_dial() { nm_dial nm; }

scenario_check() {
	check "the record says who told" record_says_charon
	check "its certificate's chain was looked at" \
		evidence_has "CRL distribution point"
	check "status shows both" both_are_live
	check "a dial of ours is told apart" ours_is_told_once
	check "charon-nm goes" process_stop charon-nm
	check "and is missed" wait_for 3 charon_nm_is_absent
	check "it comes back" nm_is_back
}
record_says_charon() {
	record '[.watched, .sources.charon, .sources.plugin, .user]' |
		jq -e '. == [true, "live", "absent", "user1@contoso.test"]'
}
both_are_live() {
	lab_aovpn status --json | jq -e '.sources |
		.charon.state == "live" and .charon_nm.state == "live" and
		.charon.charon_pid != .charon_nm.charon_pid'
}
# NPS refuses us for the same reason.
ours_is_told_once() {
	! lab_aovpn dial lab &&
		[ "$(_stock_records lab | wc -l)" = 0 ] &&
		[ "$(_stock_records nm | jq -s 'map(select(.event_id ==
			20227)) | length')" = 1 ]
}
charon_nm_is_absent() {
	lab_aovpn status --json | jq -e '.sources.charon_nm.state == "absent"'
}
nm_is_back() {
	nm_up && wait_for 4 daemon_sees_charon_nm && ! nm_dial nm &&
		[ "$(_stock_records nm | jq -s 'map(select(.event_id ==
			20227)) | length')" = 2 ]
}
