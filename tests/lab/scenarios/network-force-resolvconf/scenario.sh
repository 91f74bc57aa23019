# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A force tunnel with an exclusion, and its DNS by openresolv: set while it is
# up, kept over a kill of aovpnd, and gone without remains when it goes.
LAB_NOT_STOCK="aovpnd sets it"
GATEWAY_TS=0.0.0.0/0,::/0
PROFILE=(Connection.RemoteNetworks= Network.Tunnel=force
	Network.ExcludedRoutes=203.0.113.0/24)
# Else charon would write resolv.conf, too.
CLIENT_CHARON="plugins {
	resolve {
		load = no
	}
}"

scenario_requires() {
	[ -d "$(openresolv)" ] && return
	openresolv
	return 1
}
openresolv() {
	BUILD=$AOVPN_BUILD "$LAB_HOME/../network/package" openresolv
}

scenario_inject() {
	local openresolv
	openresolv=$(openresolv)
	role_exec client mount -t overlay lib \
		-o "lowerdir=$openresolv/lib:/usr/lib" /usr/lib &&
		role_exec client mount -t overlay sbin \
			-o "lowerdir=$openresolv/sbin:/usr/sbin" /usr/sbin &&
		role_exec client cp "$openresolv/etc/resolvconf.conf" /etc &&
		role_exec client sh -c \
			'resolvconf -a eth0 </etc/resolv.conf && resolvconf -u' &&
		routes >"$LAB_DIR/before"
}

scenario_check() {
	check "DNS servers were asked for, once" asked_for_dns
	check "DNS is the tunnel's" wait_for 5 dns_is_the_tunnels
	check "status says who has it" says .dns.resolver openresolv
	check "and what is outside" says .excluded[0] 203.0.113.0/24
	check "what is excluded stays outside" goes 203.0.113.20 c0
	check "all else goes in" goes 192.168.77.7 ipsec0
	role_spawn client ping ping -i 0.002 "$NET_INNER"
	role_spawn client resolv sh -c "while sleep 0.01; do
		grep -qx 'nameserver $NET_NPS' /etc/resolv.conf || echo gone; done"
	process_stop aovpnd KILL
	check "aovpnd starts again" daemon_up
	check "DNS is still the tunnel's" wait_for 5 dns_is_the_tunnels
	check "its network was set again" wait_for 5 says_now .link ipsec0
	process_stop resolv
	process_stop ping INT
	check "no packet was lost on the way" nothing_lost
	check "nor was DNS gone for a moment" test ! -s "$LAB_DIR/log/resolv.log"
	check "it hangs up" lab_aovpn hangup lab
	check "no server remains" wait_for 5 dns_is_not
	check "no route or rule remains" wait_for 5 routes_are_back
	check "nor a file" test -z "$(ls "$LAB_DIR/client/aovpn/network")"
}
asked_for_dns() {
	grep -q 'IKE_AUTH request 1 .*CPRQ(ADDR ADDR6 DNS DNS6)' \
		"$LAB_DIR/log/charon-client.log"
}
# That which is under way at the end does not count.
nothing_lost() {
	awk '/packets transmitted/ { lost = $1 - $4; sent = $1 }
	     END { print sent, lost; exit !(sent > 100 && lost <= 1) }' \
		"$LAB_DIR/log/ping.log"
}
network() { lab_aovpn status --json | jq -r ".connections[0].network$1"; }
says() { wait_for 5 says_now "$@"; }
says_now() { [ "$(network "$1")" = "$2" ]; }
dns_is_the_tunnels() {
	role_exec client grep -qx "nameserver $NET_NPS" /etc/resolv.conf
}
dns_is_not() { ! dns_is_the_tunnels; }
goes() { net_exec client ip route get "$1" | grep -q " dev $2 "; }
routes() {
	local family
	for family in -4 -6; do
		net_exec client ip $family route show table all
		net_exec client ip $family rule
	done | grep 'proto 97\|^1[0-9][0-9]:'
	return 0
}
routes_are_back() { diff <(routes) "$LAB_DIR/before"; }
