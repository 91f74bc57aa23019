# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The clock is set forward by more than a year after a dial that connected, and no
# server can say what time it is.
LAB_NOT_STOCK="only aovpnd's clock is wrong, and charon judges certificates"
scenario_inject() {
	lab_aovpn dial lab >&2 && lab_aovpn hangup lab >&2 && daemon_down &&
		cdp_stop && dns_set pki.contoso.test || return
	rm -rf "$LAB_DIR/client/cache"
	CLIENT_CLOCK=+400d
	daemon_up
}
scenario_check() {
	check "the evidence is the step" evidence_has "it was put forward by 400 days"
}
