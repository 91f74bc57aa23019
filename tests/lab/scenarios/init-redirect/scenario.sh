# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway sends the client to another server (RFC 5685), where nobody
# answers: IKE_AUTH was never sent, so UDP 4500 is not to blame.
scenario_inject() { gateway_answers 16407 0304c6336409; }
scenario_check() {
	check "it was answered once" evidence_has "without an agreement"
}
