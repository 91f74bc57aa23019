# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The first server answers, and NPS refuses the certificate: the second, which
# asks the same NPS, is not dialled.
LAB_ISSUING=issuing-nocdp
NPS_KIND=alert
PROFILE=("Connection.Server=vpn.contoso.test,vpn2.contoso.test")

scenario_inject() { dns_set vpn2.contoso.test "$NET_GATEWAY"; }

scenario_check() {
	check "no other was dialled" test "$(record .tried)" = null
}
