# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CHILD_SA is rekeyed: the connection stays.
scenario_check() {
	check "rekey" charon_swanctl client --rekey --child aovpn-lab
	check "another SPI is in use" wait_for 3 rekeyed
	sleep 0.5 # time in which a wrong end would be recorded
	check "no failure was recorded" no_failure
	check "a packet crosses the tunnel" tunnel_works
}
rekeyed() {
	charon_swanctl client --list-sas |
		grep -q 'aovpn-lab: #[2-9], reqid 1, INSTALLED'
}
no_failure() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20226 and
				 .event_id != 20299)'
}
