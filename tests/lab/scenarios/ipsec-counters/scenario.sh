# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the kernel's IPsec counts while a tunnel is up is evidence when it ends
# for no reason that is seen.
scenario_requires() {
	[ -r /proc/net/xfrm_stat ] || {
		echo "this kernel does not count IPsec's errors"
		return 1
	}
}

scenario_check() {
	net_exec client ip xfrm policy add dst 203.0.113.99/32 dir out action block
	check_fails "a policy blocks what goes out" \
		net_exec client ping -c 1 -W 1 203.0.113.99
	check "the tunnel is ended" charon_swanctl client --terminate \
		--ike aovpn-lab
	check "the end names the counter" wait_for 5 ended_with_counter
}
ended_with_counter() {
	lab_aovpn events --json | jq -es 'map(select(.event_id == 20226)) | last |
		.cause == "link-lost" and (.causes[0].evidence | any(
			test("XfrmOutPolBlock [0-9]+ times?: a policy")))'
}
