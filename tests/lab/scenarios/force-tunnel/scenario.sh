# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A force tunnel proposes all addresses of both families; a gateway that offers
# everything grants it.
GATEWAY_TS=0.0.0.0/0,::/0
PROFILE=(Connection.RemoteNetworks= Network.Tunnel=force IKE.Fragmentation=force
	IKE.MOBIKE=no IKE.DPDDelay=7 IKE.RekeyTime=1000 IKE.ESPRekeyTime=900)

scenario_check() {
	check "all addresses are behind the gateway" \
		shows --list-sas '^ *remote +0\.0\.0\.0/0'
	check "IPv6 was proposed, too" \
		shows --list-conns 'remote: +0\.0\.0\.0/0 ::/0'
	check "charon has the profile's timers" \
		shows --list-conns 'rekeying every 1000s, dpd delay 7s'
	check "of the CHILD_SA, too" \
		shows --list-conns 'aovpn-lab: TUNNEL, rekeying every 900s'
	check "the gateway is told that there is no MOBIKE" without_mobike
	check "a packet crosses the tunnel" tunnel_works
}
shows() {
	charon_swanctl client "$1" | grep -Eq -- "$2"
}
without_mobike() {
	! grep -q 'IKE_AUTH request 1.*MOBIKE_SUP\|N(MOBIKE_SUP)' \
		"$LAB_DIR/log/charon-client.log"
}
