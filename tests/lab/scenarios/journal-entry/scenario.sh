# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A real journald in the client's namespace gets each record as an entry with
# fields of our own.
LAB_ISSUING=issuing-nocdp
JOURNALD=/lib/systemd/systemd-journald

scenario_requires() {
	[ -x $JOURNALD ] || { echo "no $JOURNALD"; return 1; }
}

scenario_inject() {
	role_exec client mkdir -p /run/systemd/journal
	role_spawn client journald $JOURNALD &&
		wait_for 5 role_exec client test -S /run/systemd/journal/socket
}

scenario_check() {
	check "the entry is there" wait_for 5 has_entry
	check "MESSAGE is RasClient's sentence" entry_matches \
		'.MESSAGE | test("The error code returned on failure is 853.")'
	check "PRIORITY is error" entry_matches '.PRIORITY == "3"'
	check "the record's fields are there" entry_matches \
		'.AOVPN_CAUSE == "client-cert-revocation-unknown" and
		 .AOVPN_CONNECTION == "lab" and .AOVPN_STAGE == "eap-tls" and
		 (.AOVPN_CAUSES | fromjson | .[0].nps_reasons | index(258) >= 0)'
	check "and the MESSAGE_ID" entry_matches '.MESSAGE_ID | length == 32'
}
entry() {
	role_exec client journalctl --no-pager -o json \
		--directory=/run/log/journal AOVPN_EVENT_ID=20227 AOVPN_RAS_CODE=853
}
has_entry() { entry | grep -q .; }
entry_matches() { entry | tail -n 1 | jq -e "$1"; }
