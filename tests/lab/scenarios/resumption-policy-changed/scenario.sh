# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile expects another name of NPS than at the first dial: that dial's
# session, which stands for the first name, is not resumed.
NPS_RESUME=yes

scenario_dial() { lab_dial_again profile_write lab NPS.ServerNames=other.contoso.test; }

scenario_check() {
	check_fails "none was offered" grep "offering to resume a TLS session" \
		"$LAB_DIR/log/charon-client.log"
	check "the record says that none was resumed" \
		test "$(record .resumed)" = false
	profile_write lab
	check "with the first profile again, too, none is left" connects_in_full
}
connects_in_full() {
	lab_dial | jq -es 'last | .event_id == 20225 and (.resumed | not)'
}
