# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# strongSwan 5.9.8's server speaks TLS 1.3 as it was before RFC 9190: no
# protected success indication and other keys. It is refused, for without the
# indication anybody on the way could have forged EAP-Success; TLS 1.2 works.
LAB_NOT_STOCK='two stock strongSwans agree on what RFC 9190 forbids'
NPS_KIND=strongswan
NPS_TLS_MAX=1.3

scenario_requires() {
	[ -z "$LAB_STRONGSWAN" ] && return 0
	echo "this is about the distribution's strongSwan; 6.0.6 knows RFC 9190"
	return 1
}

scenario_check() {
	check "TLS 1.3 was negotiated" \
		grep -F "aovpn: TLSv1.3 with" "$LAB_DIR/log/charon-client.log"
	check "the missing success indication is named" \
		grep -F "without the protected success indication of RFC 9190" \
		"$LAB_DIR/log/charon-client.log"
	profile_write lab TLS.MaxVersion=1.2
	check "with TLS.MaxVersion=1.2 it connects" lab_dial
	check "a packet crosses the tunnel" tunnel_works
}
