# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two dials at once to one gateway: one connects, the other's certificate is
# revoked. Each record tells of its own.
NPS_KIND=alert

scenario_inject() {
	profile_write revoked \
		"Credential.Certificate=$(pki_cert user1-revoked)" \
		"Credential.PrivateKey=$(pki_key user1-revoked)"
}

scenario_dial() {
	local other
	lab_dial revoked >"$LAB_DIR/records-revoked" &
	other=$!
	lab_dial lab
	local status=$?
	wait "$other"
	return $status
}

scenario_check() {
	check "the other dial failed with 855" other_is 855 client-cert-revoked
	check "its IKE_SA is gone, ours is up" one_ike_sa
	check "a packet crosses the tunnel" tunnel_works
}
other_is() {
	tail -n 1 "$LAB_DIR/records-revoked" |
		jq -e --argjson code "$1" --arg cause "$2" \
			'.ras_code == $code and .cause == $cause and
			 .connection == "revoked"'
}
one_ike_sa() {
	[ "$(charon_swanctl client --list-sas | grep -c '^aovpn-')" = 1 ]
}
