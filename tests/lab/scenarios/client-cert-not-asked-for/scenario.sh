# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate comes from a CA that the server's list in its request does not
# name: it is shown all the same, and the list is the evidence.
CLIENT_CERT=user1-rogue CLIENT_CHAIN=none
scenario_check() {
	check "the server's list is the evidence" list_is_evidence
}
list_is_evidence() {
	record '[.causes[0].evidence[]] | join("; ")' |
		grep "none of them is in our chain: .*CN=Contoso Cloud PKI"
}
