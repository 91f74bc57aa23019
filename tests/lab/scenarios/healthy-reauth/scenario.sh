# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The IKE_SA is authenticated anew, by another one: the connection stays.
scenario_check() {
	check "reauthentication" charon_swanctl client --rekey --reauth --ike aovpn-lab
	check "another IKE_SA is there" wait_for 5 replaced
	sleep 0.5 # time in which a wrong end would be recorded
	check "no failure was recorded" no_failure
	check "a packet crosses the tunnel" tunnel_works
}
replaced() {
	charon_swanctl client --list-sas | grep -q '^aovpn-lab: #[2-9], ESTABLISHED'
}
no_failure() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20226 and
				 .event_id != 20299)'
}
