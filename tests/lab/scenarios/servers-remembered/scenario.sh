# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No DNS server answers, and an earlier dial has connected: its address is
# dialled. Where DNS answers that the name is gone, it is not.
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() { lab_dial_again dns_silent; }

scenario_check() {
	check "the record says so" test "$(record .address_remembered)" = true
	check "a packet crosses the tunnel" tunnel_works
	lab_aovpn hangup lab
	faults_clear
	dns_set vpn.contoso.test
	check_fails "a name that is gone is not dialled" lab_aovpn dial lab
	check "it is told as such" fails_as_unknown
}
fails_as_unknown() {
	lab_aovpn events --json | jq -es 'last | .ras_code == 868 and
		.cause == "dns-no-such-name"'
}
