# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# One connection is up while another one fails: each record tells of its own.
NPS_KIND=alert

scenario_inject() {
	profile_write up
	profile_write lab "Credential.Certificate=$(pki_cert user1-revoked)"
}
scenario_dial() {
	lab_aovpn dial up >&2 && lab_dial lab
}
scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "the other one is still up" other_is_up
}
other_is_up() {
	lab_aovpn status --json | jq -e 'any(.connections[];
		.connection == "up" and .state == "connected")'
}
