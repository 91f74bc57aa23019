# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The same gateway, and a profile that names what is weak.
GATEWAY_IKE=3des-sha1-modp1024
GATEWAY_ESP=3des-sha1
PROFILE=(Connection.IKEProposals= Connection.ESPProposals=
	"IKE.WeakAlgorithms=3des,sha1,modp1024")

scenario_check() {
	check "IKE has the gateway's algorithms" negotiated \
		3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024
	check "so has ESP" negotiated 3DES_CBC/HMAC_SHA1_96
	check "a packet crosses the tunnel" tunnel_works
}
negotiated() {
	charon_swanctl client --list-sas | grep -q "$1"
}
