# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Three servers, and none answers, and the time of the dial is over after two of
# them: DialTimeout is that of all together.
PROFILE=("Connection.Server=vpn.contoso.test,silent.contoso.test,silent2.contoso.test"
	"Connection.DialTimeout=$((7 * LAB_PATIENCE))")

scenario_inject() {
	dns_set silent.contoso.test 198.51.100.20
	dns_set silent2.contoso.test 198.51.100.21
	router_drop_udp 500
}

scenario_check() {
	check "two were dialled" \
		test "$(record '[.tried[].server] | join(",")')" = \
		vpn.contoso.test,silent.contoso.test
}
