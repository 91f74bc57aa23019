# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A tunnel over the kernel's own ESP has an XFRM interface and a routing table
# of its own: packets cross it, what is excluded stays outside, a killed aovpnd
# finds it again, and nothing of it remains; split and force.
GATEWAY_TS=0.0.0.0/0
PROFILE=(Connection.RemoteNetworks= Network.Routes=10.80.0.0/24
	Network.ExcludedRoutes=10.80.0.20/32 Network.RouteMetric=50)
TABLE=1634664449

scenario_requires() {
	net_kernel_has_esp && return 0
	echo "this kernel has no ESP"
	return 1
}

scenario_inject() { snapshot >"$LAB_DIR/before"; }

# Twice, where it must: NPS gives its check of revocation ten seconds, and the
# first one may take longer in an emulated machine that others slow down.
scenario_dial() {
	local records
	records=$(lab_dial) || records=$(lab_dial)
	echo "$records"
}

scenario_check() {
	check "the link is an XFRM interface" wait_for 5 link_is_there
	check "a packet crosses it" tunnel_works
	check "charon does not tell of its address" address_untold
	check "the route goes into it" goes "$NET_INNER" aovpn-lab
	check "with the profile's metric" has_metric 50
	check "what is excluded stays outside" goes 10.80.0.20 c0
	check "all else does, too" goes 192.168.77.7 c0
	check "charon has set no route" test -z \
		"$(net_exec client ip route show table 220)"
	check "status says so" says_routes_by aovpn
	process_stop aovpnd KILL
	check "aovpnd starts again" daemon_up
	check "the link is still there, or again" wait_for 5 link_is_there
	check "a packet crosses it still" wait_for 5 tunnel_works
	check "it hangs up" lab_aovpn hangup lab
	check "nothing remains" wait_for 5 unchanged

	profile_write lab Connection.RemoteNetworks= Network.Tunnel=force \
		Network.ExcludedRoutes=203.0.113.0/24
	check "a force tunnel connects" lab_aovpn dial lab
	check "everything goes in" wait_for 5 goes 192.168.77.7 aovpn-lab
	check "a packet crosses it, too" tunnel_works
	check "but the gateway" goes "$NET_GATEWAY" c0
	check "and what is excluded" goes 203.0.113.20 c0
	check "and the local subnet" goes 192.0.2.77 c0
	check "IPv6 goes nowhere" no_way_to 2001:db8:5::1
	check "it hangs up again" lab_aovpn hangup lab
	check "nothing remains of it, too" wait_for 5 unchanged
}
link_is_there() {
	net_exec client ip -d -j link show aovpn-lab | jq -e '.[0].linkinfo |
		.info_kind == "xfrm" and .info_data.if_id == "0x616f0001"'
}
# Of IPv4 the client has one address only beside that of the tunnel: the one that
# it goes out by, which is not told of.
address_untold() {
	! grep 'generating INFORMATIONAL request.*ADD_4_ADDR' \
		"$LAB_DIR/log/charon-client.log"
}
goes() { net_exec client ip route get "$1" | grep -q " dev $2 "; }
no_way_to() { ! net_exec client ip route get "$1"; }
has_metric() {
	net_exec client ip route show table $TABLE dev aovpn-lab |
		grep -q "^10\.80\.0\.0/24 .*metric $1"
}
says_routes_by() {
	lab_aovpn status --json |
		jq -e --arg by "$1" '.connections[0].network.routes_by == $by'
}
# Links, addresses, routes and rules; ages and counters left out.
snapshot() {
	local family
	net_exec client ip -j link | jq -c 'map({ifname, flags, mtu})'
	net_exec client ip -j address | jq -c \
		'map({ifname, addr: [.addr_info[] | .local]})'
	for family in -4 -6; do
		net_exec client ip $family route show table all |
			sed 's/ expires [^ ]*//' | sort
		net_exec client ip $family rule
	done
}
unchanged() { diff "$LAB_DIR/before" <(snapshot); }
