# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A gateway with AES-GCM and another group than the one for which a key goes
# along, without PFS, and a profile that names no proposals.
GATEWAY_IKE=aes256gcm16-prfsha384-ecp384
GATEWAY_ESP=aes256gcm16
PROFILE=(Connection.IKEProposals= Connection.ESPProposals=)

scenario_check() {
	check "IKE has the gateway's algorithms" negotiated \
		AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384
	check "a packet crosses the tunnel" tunnel_works
	check "rekey" charon_swanctl client --rekey --child aovpn-lab
	check "a rekeyed CHILD_SA has no PFS" wait_for 3 rekeyed
}
negotiated() {
	charon_swanctl client --list-sas | grep -q "$1"
}
rekeyed() {
	charon_swanctl client --list-sas | grep -A 3 'aovpn-lab: #[2-9]' |
		grep -q "INSTALLED.*ESP:AES_GCM_16-256$"
}
