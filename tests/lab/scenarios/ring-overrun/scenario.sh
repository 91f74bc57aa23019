# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd does not run for a while, in the middle of a dial, and packets in the
# gateway's name, each of another flow, fill the tracer's ring buffer over and
# over: what was lost is counted and said, and the dial connects.
LAB_NOT_PLUGIN="no BPF, no ring buffer"
LAB_NOT_STOCK="aovpnd dials"
FLOOD=30000

scenario_dial() {
	local dial status
	router_drop_message in 4
	lab_dial lab >"$LAB_DIR/records" &
	dial=$!
	wait_for 5 held
	kill -STOP "$(process_pid aovpnd)"
	flood >&2
	kill -CONT "$(process_pid aovpnd)"
	faults_clear
	wait "$dial"
	status=$?
	cat "$LAB_DIR/records"
	return $status
}
held() {
	grep -q "generating IKE_AUTH request 4" "$LAB_DIR/log/charon-client.log"
}

# By raw sockets, from the router, to ports where nobody listens.
flood() {
	net_exec router /usr/bin/python3 - "$FLOOD" "$NET_GATEWAY" <<-'END'
		import socket, struct, sys
		raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
		source, target = socket.inet_aton(sys.argv[2]), socket.inet_aton("192.0.2.10")
		for i in range(int(sys.argv[1])):
		    udp = struct.pack("!HHHH", 500, 9000 + i, 40, 0) + bytes(32)
		    raw.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0,
		                           64, 17, 0, source, target) + udp,
		               ("192.0.2.10", 0))
	END
}

scenario_check() {
	check "events were lost, $(record .lost_events) of them, and the record says so" \
		record_is '.lost_events > 1000'
	check "of the kernel's" record_is '.lost_by_source.kernel > 1000'
	check "status counts them, too" told_by_status
	check "a packet crosses the tunnel" tunnel_works
	check "the next dial lost nothing" next_is_whole
}
record_is() { record "$1" | grep -qx true; }
told_by_status() {
	lab_aovpn status --json | jq -e '.sources.kernel.lost_events > 1000'
}
next_is_whole() {
	lab_aovpn hangup lab && wait_for 3 no_ike_sa && lab_dial |
		jq -se 'last | .ras_code == 0 and .lost_events == 0'
}
