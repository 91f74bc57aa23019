# shellcheck shell=bash disable=SC2034
# Dial, hang up, dial again: the second time the TLS session is resumed.
NPS_RESUME=yes
NPS_TLS_MAX=1.3
PROFILE=(TLS.MinVersion=1.3)

scenario_dial() {
	lab_dial >/dev/null && lab_aovpn hangup lab &&
		wait_for 3 no_ike_sa && lab_dial
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
