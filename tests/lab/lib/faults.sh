# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# faults.sh - what a scenario breaks, after all is up (scenario_inject).
# More faults: dns_set, cdp_stop, cdp_stale, cdp_remove (dns.sh) and
# nps_registry_set (nps.sh).

# router_rule HOOK PRIORITY RULE: a rule in the router; HOOK prerouting sees
# packets before defragmentation at priority -500.
router_rule() {
	net_nft router -f - <<-END
		table inet lab {
			chain at_$1 {
				type filter hook $1 priority $2
				$3
			}
		}
	END
}

# router_drop_udp PORT: datagrams to and from the port vanish.
router_drop_udp() {
	router_rule forward 0 "udp dport $1 drop"
}

# router_drop_message in|out ID: what the client (out) or the gateway (in) sends
# of that IKE message id on UDP 4500 vanishes, its fragments too (RFC 7296 3.1:
# the id is in the clear, behind the non-ESP marker).
router_drop_message() {
	router_rule forward 0 \
		"$(_router_way "$1") udp dport 4500 @th,64,32 0 @th,256,32 $2 drop"
}

# _router_way in|out: matches packets from the gateway, or to it. Both ends use
# the same ports, so that these tell no direction.
_router_way() {
	if [ "$1" = in ]; then echo "iifname r1"; else echo "oifname r1"; fi
}

# router_drop_esp in|out: ESP in UDP that the gateway (in) or the client (out)
# sends vanishes; IKE on the same port passes.
router_drop_esp() {
	router_rule forward 0 "$(_router_way "$1") udp dport 4500 \
		@th,64,32 != 0 udp length > 9 drop"
}

# router_damage_answers: what the gateway sends on UDP 500 arrives with a checksum
# that does not fit. Its own kernel must make a checksum first: between two ends
# of a veth pair it is left out, and nobody looks at it.
router_damage_answers() {
	role_exec gateway /usr/bin/python3 -c '
import ctypes, fcntl, socket, struct
ETHTOOL_STXCSUM, SIOCETHTOOL = 0x17, 0x8946
value = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_STXCSUM, 0))
request = struct.pack("16sP", b"g0", ctypes.addressof(value))
fcntl.ioctl(socket.socket(), SIOCETHTOOL, request)' &&
		router_rule forward 0 "udp sport 500 @th,48,16 set 0xdead"
}

# client_starves: from now on, as often as the client's charon has sent IKE_SA_INIT,
# it is stopped until a flood has filled the buffer of its socket and the gateway,
# which is held back until then, has answered. Runs until charon ends: in the
# background.
client_starves() {
	local client gateway sent=0 now
	client=$(process_pid charon-client) &&
		gateway=$(process_pid charon-gateway) || return
	kill -STOP "$gateway"
	while [ "$(process_pid charon-client)" = "$client" ]; do
		now=$(grep -c 'sending packet: .*\[500\] (' \
			"$LAB_DIR/log/charon-client.log")
		if [ "$now" -gt "$sent" ]; then
			sent=$now
			kill -STOP "$client"
			router_flood_client
			kill -CONT "$gateway"
			sleep 0.1
			kill -STOP "$gateway"
			kill -CONT "$client"
		fi
		sleep 0.01
	done
}

# router_flood_client: more than fits into the buffer of a socket, to UDP 500 of
# the client, from another address than the gateway's.
router_flood_client() {
	net_exec router /usr/bin/python3 -c '
import socket
flood = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(400):
    flood.sendto(bytes(1200), ("192.0.2.10", 500))'
}

# router_lossy N: one in N packets of UDP 500 and 4500 vanishes, of both
# directions together; not by chance, so that no run is an unlucky one.
router_lossy() {
	router_rule forward 0 "udp dport { 500, 4500 } numgen inc mod $1 == 1 drop"
}

# router_rough DELAY JITTER LOSS DUPLICATE: packets between client and gateway
# are late, change their order, are lost or come twice (rough.py).
router_rough() {
	exec nsenter --net="$(net_path router)" \
		/usr/bin/python3 -B "$LAB_HOME/rough.py" "$@" \
		</dev/null >"$LAB_DIR/log/rough.log" 2>&1 &
	process_note rough $!
	disown
	wait_for 5 grep -q ready "$LAB_DIR/log/rough.log"
}

# router_translates: what leaves for the gateway has the router's address, and
# another port (NAT).
router_translates() {
	net_nft router -f - <<-END
		table ip lab_nat {
			chain at_postrouting {
				type nat hook postrouting priority 100
				oifname r1 masquerade random
			}
		}
	END
}

# router_drop_tcp PORT: what anybody sends to the port vanishes.
router_drop_tcp() {
	router_rule forward 0 "tcp dport $1 drop"
}

# router_reject_udp PORT [ICMP_TYPE]: the router answers port-unreachable, or
# host-unreachable, net-unreachable, admin-prohibited... router_reject_udp6: the
# same by IPv6, with addr-unreachable, no-route, policy-fail...
router_reject_udp() {
	router_rule forward 0 \
		"udp dport $1 reject with icmp type ${2:-port-unreachable}"
}
router_reject_udp6() {
	router_rule forward 0 \
		"udp dport $1 reject with icmpv6 type ${2:-port-unreachable}"
}

# router_drop_fragments: every IP fragment vanishes.
router_drop_fragments() {
	router_rule prerouting -500 "ip frag-off & 0x3fff != 0 drop"
}

# router_drop_later_fragments: only the first of each packet passes.
router_drop_later_fragments() {
	router_rule prerouting -500 "ip frag-off & 0x1fff != 0 drop
		frag frag-off != 0 drop"
}

# router_mtu BYTES: the way to the gateway carries no larger packets, and the
# router says so. router_swallow BYTES: larger ones vanish, in both directions.
router_mtu() {
	net_exec router ip route replace 198.51.100.0/24 dev r1 mtu lock "$1"
}
router_swallow() { router_rule forward 0 "udp length > $(($1 - 20)) drop"; }

# router_hops PORT: packets of IPv4 and IPv6 for the port have come to their last
# hop at the router, as in a loop of routes.
router_hops() {
	router_rule prerouting -150 "udp dport $1 ip ttl set 1
		udp dport $1 ip6 hoplimit set 1"
}

# router_drop_gateway: nothing reaches the gateway's host, and nobody says so.
router_drop_gateway() {
	router_rule forward 0 "ip daddr $NET_GATEWAY drop"
}

# router_unreachable: the router answers host-unreachable for the gateway.
router_unreachable() {
	net_exec router ip route add unreachable "$NET_GATEWAY/32"
}

# dns_silent: queries of the client reach nobody.
dns_silent() {
	router_rule forward 0 "iifname r0 meta l4proto { tcp, udp } th dport 53 drop"
}

# client_port_held PORT [ADDRESS]: the client's charon is started anew while
# another program has that UDP port, of all IPv4 addresses; of IPv6, too, where
# ADDRESS is "::".
client_port_held() {
	process_stop charon-client KILL
	role_spawn client port-holder /usr/bin/python3 -c '
import signal, socket, sys
family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
held = socket.socket(family, socket.SOCK_DGRAM)
held.bind((sys.argv[2], int(sys.argv[1])))
print("ready", flush=True)
signal.pause()' "$1" "${2:-0.0.0.0}" &&
		wait_for 5 grep -q ready "$LAB_DIR/log/port-holder.log" &&
		client_launch
}

# client_charon_back: wait until the client's charon, which was started anew,
# answers and aovpnd has found it.
client_charon_back() {
	wait_for 8 charon_swanctl client --stats && daemon_ready || return
	[ "$LAB_MODE" != stock ] || stock_client_up lab "${PROFILE[@]}"
}

# client_sleeps SECONDS: to charon and aovpnd the machine has slept for so long,
# where CLIENT_CLOCK is "sleeps".
client_sleeps() {
	echo "$1" >"$LAB_DIR/slept.new" && mv "$LAB_DIR/slept.new" "$LAB_DIR/slept"
}

# client_clock_jumps SECONDS: from now on the wall clock of charon and aovpnd is off
# by so much, where CLIENT_CLOCK is "jumps".
client_clock_jumps() {
	echo "$1" >"$LAB_DIR/jumped.new" && mv "$LAB_DIR/jumped.new" "$LAB_DIR/jumped"
}

# _client_rule HOOK RULE: a rule of the client's own packet filter.
_client_rule() {
	net_nft client -f - <<-END
		table inet lab {
			chain at_$1 {
				type filter hook $1 priority 0
				$2
			}
		}
	END
}

# client_drop_out PORT, client_drop_in PORT: its packet filter eats UDP.
client_drop_out() { _client_rule output "udp dport $1 drop"; }
client_drop_in() { _client_rule input "udp sport $1 drop"; }

# client_route_remove: no default route. client_link_down: no link. Names do not
# resolve any more.
client_route_remove() { net_exec client ip route del default; }
client_link_down() { net_exec client ip link set c0 down; }

# client_route_none: no route to the gateway, but names resolve.
client_route_none() {
	net_exec client ip route add 203.0.113.0/24 via 192.0.2.1 &&
		client_route_remove
}

# client_route_refuse TYPE [ADDRESS]: a route to the gateway, or another address,
# of a type (ip-route(8)) that refuses: unreachable, blackhole, prohibit.
client_route_refuse() {
	net_exec client ip route add "$1" "${2:-$NET_GATEWAY}/32"
}

# client_next_hop_absent: the way to the gateway leads by an address of the link
# that nobody has.
client_next_hop_absent() {
	net_exec client ip route add "$NET_GATEWAY/32" via 192.0.2.99
}

# client_answers_elsewhere: the gateway's packets come in by a second link of the
# client, whose reverse-path filter is strict.
client_answers_elsewhere() {
	_net_link client c1 router r9 &&
		net_exec client sysctl -qw net.ipv4.conf.all.rp_filter=1 \
			net.ipv4.conf.c1.rp_filter=1 &&
		_net_address client c1 192.0.3.10/24 &&
		_net_address router r9 192.0.3.1/24 &&
		net_exec router ip route add 192.0.2.10/32 via 192.0.3.10 \
			dev r9 table 9 &&
		net_exec router ip rule add from "$NET_GATEWAY" lookup 9
}

# gateway_stop [SIGNAL]: its charon is killed (KILL, default) or ends in order
# and takes leave of its peers (TERM). The host stays: UDP 500 is closed.
gateway_stop() { process_stop charon-gateway "${1:-KILL}"; }

# gateway_answers TYPE [HEX]: in place of the gateway, something that answers each
# IKE_SA_INIT with this notify (rras/init_server.py).
gateway_answers() {
	gateway_stop &&
		role_spawn gateway init-server /usr/bin/python3 -B \
			"$LAB_HOME/rras/init_server.py" "$NET_GATEWAY" "$@" &&
		wait_for 5 grep -q ready "$LAB_DIR/log/init-server.log"
}

# nps_stop: nothing listens on the RADIUS port. nps_silent: requests vanish.
nps_stop() { process_stop nps KILL; }
nps_silent() {
	net_nft nps -f - <<-END
		table inet lab {
			chain at_input {
				type filter hook input priority 0
				udp dport 1812 drop
			}
		}
	END
}

# faults_clear: take back every fault of this file, but processes stay ended
# (gateway_restart, nps_restart).
faults_clear() {
	local name
	for name in client router nps; do net_nft "$name" flush ruleset; done
	net_exec router ip route replace 198.51.100.0/24 dev r1
	net_exec router ip route del unreachable "$NET_GATEWAY/32" 2>/dev/null
	net_exec client ip route del "$NET_GATEWAY/32" 2>/dev/null
	net_exec client ip route del 203.0.113.0/24 2>/dev/null
	net_exec client ip link del c1 2>/dev/null
	net_exec router ip rule del lookup 9 2>/dev/null
	net_client_restore
}

# tunnel_works: does a packet to the inner host come back through the tunnel?
tunnel_works() {
	net_exec client ping -c 1 -W $((2 * LAB_PATIENCE)) "$NET_INNER" >/dev/null
}
