# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What a DNS server may answer: failures each have their cause, and what ends in
# an address connects.
scenario_dial() {
	local way cause
	while read -r way cause; do
		dns_answers "$way" >&2
		lab_dial lab >"$LAB_DIR/dns-$way"
		tail -n 1 "$LAB_DIR/dns-$way" | jq -r --arg way "$way" \
			--arg cause "$cause" \
			'(if .event_id == 20225 then "connected" else .cause end) |
			 select(. != $cause) | "\($way): \(.), not \($cause)"' \
			>>"$LAB_DIR/wrong"
		lab_aovpn hangup lab >&2
		wait_for 3 no_ike_sa
	done <<-END
		servfail dns-no-answer
		refused dns-no-answer
		truncated dns-no-answer
		strange dns-no-answer
		nxdomain dns-no-such-name
		empty dns-no-such-name
		dangling dns-no-such-name
		loop dns-no-such-name
		aaaa-servfail connected
		aaaa-silent connected
		alias connected
		slow connected
	END
	cat "$LAB_DIR/dns-slow"
}
scenario_check() {
	check "twelve ways: $(cat "$LAB_DIR/wrong")" test ! -s "$LAB_DIR/wrong"
}
