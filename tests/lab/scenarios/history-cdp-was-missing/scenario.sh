# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The issuing CA's certificate has never had a CDP, and NPS was told not to mind:
# the first dial connects. Then NPS stops trusting the root, and refuses: the
# missing CDP, which is still there, explains nothing.
LAB_STOCK=1
LAB_ISSUING=issuing-nocdp
NPS_REGISTRY=IgnoreNoRevocationCheck=1

scenario_dial() { lab_dial_again nps_distrusts; }

nps_distrusts() { NPS_ROOT=rogue && nps_restart; }

scenario_check() {
	check_fails "the missing CDP is no cause" cdp_among_causes
	check "the evidence says why" evidence_has \
		"it was so at the last success on"
}
cdp_among_causes() {
	record '.causes[].cause' | grep revocation-unknown
}
