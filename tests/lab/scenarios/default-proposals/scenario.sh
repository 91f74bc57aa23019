# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A gateway with the policy that Microsoft's guide for Always On VPN sets, and a
# profile that names no proposals.
GATEWAY_IKE=aes128-sha256-modp2048
GATEWAY_ESP=aes128-sha256-modp2048
PROFILE=(Connection.IKEProposals= Connection.ESPProposals=)

scenario_check() {
	check "IKE has the gateway's algorithms" negotiated \
		AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
	check "a packet crosses the tunnel" tunnel_works
	check "rekey" charon_swanctl client --rekey --child aovpn-lab
	check "a rekeyed CHILD_SA has PFS" wait_for 3 negotiated \
		AES_CBC-128/HMAC_SHA2_256_128/MODP_2048
}
negotiated() {
	charon_swanctl client --list-sas | grep -q "$1"
}
