# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A profile is not removed under a connection, unless told so; the tunnel stays,
# and can be hung up without its profile.
scenario_check() {
	check "its settings come from its file" shows_server
	check_fails "it is not removed while connected" \
		lab_aovpn profile remove lab --yes
	check "it is with --force" lab_aovpn profile remove lab --yes --force
	check_fails "it is gone" lab_aovpn profile show lab
	check "a packet crosses the tunnel" tunnel_works
	check "hangup" lab_aovpn hangup lab
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
}
shows_server() {
	lab_aovpn profile show lab --json | jq -e --arg file \
		"$LAB_DIR/client/config/profiles/lab.conf" \
		'.settings[] | select(.key == "Server") |
		 .value == "vpn.contoso.test" and .sources[0].file == $file and
		 .sources[0].line == 2'
}
