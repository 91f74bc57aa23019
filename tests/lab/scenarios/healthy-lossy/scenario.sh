# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# One packet in six is lost: charon sends them again, and
# nothing has failed.
scenario_inject() { router_lossy 6; }
scenario_check() { check "no failure was recorded" no_failure; }
no_failure() {
	lab_aovpn events --json |
		jq -es 'all(.[]; .event_id != 20227 and .event_id != 20226 and
				 .event_id != 20299)'
}
