# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# net.sh - the network: namespaces, links, addresses (drawing: lib.sh).

NET_NAMES="client router gateway nps inner lan"
NET_GATEWAY=198.51.100.10
NET_GATEWAY6=2001:db8:2::10
NET_NPS=10.80.0.20
NET_INNER=10.80.0.10

# net_name NAME: the network namespace's name, net_path: its file.
net_name() { echo "aovpn-$LAB_ID-$1"; }
net_path() { echo "/run/netns/$(net_name "$1")"; }

# net_exec NAME COMMAND...: run in a network namespace (mounts are the host's).
net_exec() {
	local path
	path=$(net_path "$1")
	shift
	nsenter --net="$path" -- "$@"
}

# net_nft NAME [nft argument...]: nft there.
net_nft() {
	local name=$1
	shift
	net_exec "$name" nft "$@"
}

# net_kernel_has_esp: can this kernel do ESP? (Else kernel-libipsec does.)
net_kernel_has_esp() {
	unshare --net ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp \
		spi 0x1000 mode tunnel enc 'cbc(aes)' "0x$(printf '%032d' 1)" \
		auth 'hmac(sha256)' "0x$(printf '%064d' 1)" 2>/dev/null
}

# _net_link NAME1 IF1 NAME2 IF2: a veth pair, both ends up.
_net_link() {
	ip link add "$2" netns "$(net_name "$1")" type veth \
		peer name "$4" netns "$(net_name "$3")"
}

# _net_address NAME IF ADDRESS...: set the addresses and bring the link up.
_net_address() {
	local name=$1 link=$2 address
	shift 2
	for address in "$@"; do
		echo "address replace $address dev $link"
	done | net_exec "$name" ip -batch -
	net_exec "$name" ip link set "$link" up
}

_net_links() {
	_net_link client c0 router r0 && _net_link gateway g0 router r1 &&
		_net_link nps n1 router r2 && _net_link gateway g1 lan l0 &&
		_net_link nps n0 lan l1 && _net_link inner i0 lan l2 || return
	net_exec lan ip -batch - <<-END
		link add br0 type bridge
		link set br0 up
		link set l0 master br0 up
		link set l1 master br0 up
		link set l2 master br0 up
	END
}

# net_client_restore: the client's link, addresses and routes as they should be.
net_client_restore() {
	_net_address client c0 192.0.2.10/24 2001:db8:1::10/64
	net_exec client ip route replace default via 192.0.2.1
	net_exec client ip -6 route replace default via 2001:db8:1::1
}

_net_addresses() {
	_net_address router r0 192.0.2.1/24 2001:db8:1::1/64
	_net_address router r1 198.51.100.1/24 2001:db8:2::1/64
	_net_address router r2 203.0.113.1/24
	_net_address gateway g0 $NET_GATEWAY/24 $NET_GATEWAY6/64
	_net_address gateway g1 10.80.0.1/24
	_net_address nps n1 203.0.113.20/24
	_net_address nps n0 $NET_NPS/24
	_net_address inner i0 $NET_INNER/24
}

_net_routes() {
	net_client_restore
	net_exec gateway ip route add default via 198.51.100.1
	net_exec gateway ip -6 route add default via 2001:db8:2::1
	net_exec nps ip route add default via 203.0.113.1
	net_exec nps ip route add 10.99.0.0/24 via 10.80.0.1
	net_exec inner ip route add default via 10.80.0.1
	local name
	for name in router gateway; do
		net_exec "$name" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1
	done
}

# net_up: make the whole network afresh.
net_up() {
	local name
	net_down
	for name in $NET_NAMES; do
		ip netns add "$(net_name "$name")" || return
		net_exec "$name" ip link set lo up
		# Else the first IPv6 packets would wait for duplicate detection.
		net_exec "$name" sysctl -qw net.ipv6.conf.default.accept_dad=0
	done
	_net_links && _net_addresses && _net_routes
}

# net_down: remove the namespaces; with them go links, routes and rules.
net_down() {
	local name
	for name in $NET_NAMES; do
		[ -e "$(net_path "$name")" ] && ip netns del "$(net_name "$name")"
	done
	return 0
}
