# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# IKE_AUTH is answered with TEMPORARY_FAILURE alone: NPS has no part in it.
GATEWAY_NOTIFY=43@1
scenario_check() {
	check "the notify is named" evidence_has TEMPORARY_FAILURE
}
