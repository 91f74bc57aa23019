# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Revocation of NPS cannot be checked and the profile does not insist.
NPS_REGISTRY=NoRevocationCheck=1

scenario_inject() { cdp_stop; }

scenario_check() {
	check "it connects again without waiting" quick_again
}
quick_again() {
	lab_aovpn hangup lab
	lab_dial | jq -es 'last | .event_id == 20225 and .duration_ms < 2000'
}
