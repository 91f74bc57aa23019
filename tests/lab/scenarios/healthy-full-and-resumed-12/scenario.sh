# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A full and then a resumed handshake of TLS 1.2: no failure is recorded.
NPS_KIND=alert
NPS_RESUME=yes
NPS_TLS_MAX=1.2

scenario_dial() { lab_dial_again; }
scenario_check() {
	check "the second was resumed" [ "$(record .resumed)" = true ]
	check "no failure was recorded" hung_up_only
}
hung_up_only() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20299 and
				 (.event_id != 20226 or .ras_code == 631))'
}
