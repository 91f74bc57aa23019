# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Somebody floods this machine from UDP port 500 while a dial goes on: the kernel
# keeps back what is too much and counts it, the dial is seen as ever, and aovpnd
# does not grow.
LAB_STOCK=1
FLOOD=30000

scenario_dial() {
	memory >"$LAB_DIR/before"
	flood &
	lab_dial
	wait $!
}

# From a port of IKE to one where nobody listens: each is a drop that matches.
flood() {
	net_exec router /usr/bin/python3 - "$FLOOD" <<-END
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("192.0.2.1", 500))
		for i in range(int(sys.argv[1])):
		    s.sendto(b"x" * 64, ("192.0.2.10", 9000 + i % 500))
	END
}

# KiB of memory of its own that aovpnd has.
memory() {
	awk '/^Private_(Clean|Dirty)/ { sum += $2 } END { print sum }' \
		"/proc/$(process_pid aovpnd)/smaps_rollup"
}

grown_little() { [ $(($(memory) - $(cat "$LAB_DIR/before"))) -lt 2048 ]; }

scenario_check() {
	check "what was too much was kept back and counted" \
		record_is '.suppressed_events > 1000'
	check "and nothing was lost" record_is '.lost_events == 0'
	check "aovpnd has not grown" grown_little
	check "status counts it, too" told_by_status
	check "a packet crosses the tunnel" tunnel_works
}
record_is() { record "$1" | grep -qx true; }
told_by_status() {
	lab_aovpn status --json |
		jq -e '.sources.kernel | .suppressed_events > 1000 and
			.lost_events == 0'
}
