# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The dial connects without a CDP above the certificate. Then another certificate
# of the same CA takes its place, without a SID, and is refused: what is new is
# the cause, what was there before is none.
LAB_STOCK=1
LAB_ISSUING=issuing-nocdp
NPS_KIND=alert
NPS_REGISTRY=IgnoreNoRevocationCheck=1

scenario_dial() { lab_dial_again lose_sid; }

# The lab's NPS does not map accounts: it refuses whatever comes now.
lose_sid() {
	CLIENT_CERT=user1-nosid
	profile_write lab && nps_registry_set IgnoreNoRevocationCheck 0
}

scenario_check() {
	check "the evidence says what has changed" evidence_has \
		"it was not so at the last success on"
	check_fails "the missing CDP is no cause" cdp_among_causes
}
cdp_among_causes() {
	record '.causes[].cause' | grep revocation-unknown
}
