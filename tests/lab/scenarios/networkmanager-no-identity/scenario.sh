# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# NetworkManager's connection has an address and names no identity of the
# gateway: charon-nm wants a certificate for that address, and it has none.
NM_IDENTITY=
LAB_STOCK=1

scenario_requires() { ! nm_missing; }
scenario_inject() { nm_up && wait_for 4 daemon_sees_charon_nm; }
scenario_dial() { nm_dial nm; }

scenario_check() {
	check "the evidence has both names" evidence_has \
		"it names \"CN=vpn.contoso.test\", expected is \"$NET_GATEWAY\""
}
