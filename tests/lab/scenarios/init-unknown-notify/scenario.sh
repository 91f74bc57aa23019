# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# IKE_SA_INIT is answered with an error notify that has no meaning there
# (INVALID_SELECTORS): the record names it, and speaks of no lost packet.
scenario_inject() { gateway_answers 39; }
scenario_check() {
	check "the notify is named" evidence_has INVALID_SELECTORS
}
