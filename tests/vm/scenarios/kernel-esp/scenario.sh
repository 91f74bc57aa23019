# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The tunnel's packets are the kernel's own ESP: counted by its SAs, and by its
# statistics where the SA is gone; a trace names such a drop by its SPI and place.

scenario_requires() {
	net_kernel_has_esp && return 0
	echo "this kernel has no ESP"
	return 1
}

scenario_check() {
	check "kernel-libipsec is not loaded" libipsec_is_absent
	check "a packet crosses the tunnel" tunnel_works
	check "the client's SAs counted it, out and in" sas_have_bytes client
	check "the gateway's SAs counted it, out and in" sas_have_bytes gateway
	check "no packet was without an SA" [ "$(no_states)" = 0 ]
	spi=$(inbound_spi)
	check "a trace watches for drops" trace_up
	check "the client's SAs are gone" net_exec client ip xfrm state flush
	check_fails "no packet from inside comes back" inner_pings_client
	check "each packet without an SA was counted" [ "$(no_states)" = 3 ]
	check "the trace names each drop, by SPI and place" \
		wait_for 5 drops_are_told "$spi"
}

# The SPI of the client's inbound SA, 8 hexadecimal digits.
inbound_spi() {
	net_exec client ip xfrm state |
		sed -n '/dst 192\.0\.2\.10$/{n;s/.*spi 0x\([0-9a-f]*\).*/\1/p}'
}

trace_up() {
	local env
	mapfile -t env < <(client_environment)
	role_spawn client trace env "${env[@]}" "$AOVPN_BUILD/aovpn" \
		trace lab --json --kind packet_dropped
	wait_for 5 test -s "$LAB_DIR/log/trace.log"
}

drops_are_told() {
	jq -es --arg spi "$1" 'map(select(.kind == "packet_dropped" and
		.protocol == "esp" and .esp_spi == $spi and
		(.location | startswith("xfrm_input")))) | length == 3' \
		"$LAB_DIR/log/trace.log"
}

libipsec_is_absent() {
	grep "loaded plugins:.* kernel-netlink" \
		"$LAB_DIR/log/charon-client.log" &&
		! grep "loaded plugins:.* kernel-libipsec" \
			"$LAB_DIR/log/charon-client.log"
}

# Do both SAs of the role have bytes? (The lifetime that was used up.)
sas_have_bytes() {
	local counted
	net_exec "$1" ip -s xfrm state
	counted=$(net_exec "$1" ip -s xfrm state |
		sed -n '/lifetime current/{n;s/^\s*\([0-9]*\)(bytes).*/\1/p}')
	[ "$(grep -c '^[1-9]' <<<"$counted")" = 2 ]
}

# How many ESP packets the client got for which it had no SA.
no_states() {
	net_exec client sed -n 's/^XfrmInNoStates\s*//p' /proc/net/xfrm_stat
}

# Three packets, by the gateway's SA, to the client's address in the tunnel.
inner_pings_client() {
	local address
	address=$(net_exec client ip -o -4 address |
		sed -n 's/.* inet \(10\.99\.0\.[0-9]*\).*/\1/p')
	net_exec inner ping -q -c 3 -i 0.2 -W 1 "$address"
}
