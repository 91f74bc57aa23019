# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lib.sh - the lab: a stand-in for Windows RRAS, NPS and Intune Cloud PKI in
# network namespaces. README.md says what each part stands in for.
#
#      client              router                        gateway  ("RRAS")
#   +-----------+   +------------------+             +-------------------+
#   | c0        |---| r0            r1 |-------------| g0             g1 |
#   | 192.0.2.10|   | .1   198.51.100.1|             | 198.51.100.10     |
#   | 2001:db8: |   | ::1  2001:db8:   |             | 2001:db8:2::10    |
#   |   1::10   |   |          2::1    |             |        10.80.0.1  |
#   +-----------+   |      203.0.113.1 |             +---------------+---+
#    charon         |        r2        |              charon         |
#    + our plugin   +--------+---------+              eap-radius     |
#    aovpnd, aovpn           |                                       |
#                            | n1 203.0.113.20                       |
#                     +------+------+       br0 10.80.0.0/24         |
#                     |     nps     |---------------+----------------+
#                     | 10.80.0.20  |               |      (namespace "lan")
#                     +-------------+         +-----+------+
#    RADIUS + EAP-TLS server ("NPS")          |   inner    |
#    DNS of contoso.test                      | 10.80.0.10 |
#    web server of the CDP                    +------------+
#
#   Address pool of the gateway: 10.99.0.10-10.99.0.50.
#
# Every name and path of a lab contains LAB_ID or lies below LAB_DIR, so labs
# run beside each other. Faults are injected by the functions in lib/faults.sh.

LAB_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_ID=${LAB_ID:-x$$}
LAB_DIR=${LAB_DIR:-}
LAB_PKI=${LAB_PKI:-}
# A whole number: all times that the lab waits, and its timers, times that. For
# machines that are slow, such as emulated ones.
LAB_PATIENCE=${LAB_PATIENCE:-1}
# both: charon with our plugin, and BPF; plugin: without BPF; stock: charon
# without our plugin and stock eap-tls, which aovpnd watches.
export LAB_MODE=${LAB_MODE:-both}
AOVPN_BUILD=$(realpath -m "${AOVPN_BUILD:-${BUILD:-$LAB_HOME/../../build}}")

for _lab_part in process net pki keys dns charon gateway nps client stock faults plays series memory kept killed bus nm; do
	# shellcheck source=/dev/null
	. "$LAB_HOME/lib/$_lab_part.sh"
done
unset _lab_part

# lab_missing: print what this machine lacks to run a lab, one thing a line.
# Returns 1 if anything is missing.
lab_missing() {
	local need missing=0
	for need in ip nsenter unshare nft dnsmasq openssl swanctl freeradius \
		curl jq faketime /usr/sbin/charon-systemd /usr/sbin/hostapd \
		/usr/bin/python3; do
		command -v "$need" >/dev/null 2>&1 ||
			{ echo "program $need"; missing=1; }
	done
	/usr/bin/python3 -c 'import OpenSSL' 2>/dev/null ||
		{ echo "python3-openssl"; missing=1; }
	if ! unshare --net --mount true 2>/dev/null; then
		echo "the right to make network namespaces (are you root?)"
		return 1
	fi
	net_kernel_has_esp || [ -c /dev/net/tun ] ||
		{ echo "ESP in the kernel, or /dev/net/tun"; missing=1; }
	return $missing
}

# lab_standing: set LAB_ID and LAB_DIR to those of the one standing lab of this
# build directory; another checkout's has another id.
lab_standing() {
	LAB_DIR=$AOVPN_BUILD/lab
	LAB_ID=lab$(printf '%s' "$LAB_DIR" | cksum | cut -d ' ' -f 1)
}

# lab_open: namespaces, PKI, DNS and the CDP web server; no VPN part runs yet.
# Sets LAB_DIR where it is empty (a new directory).
lab_open() {
	[ -n "$LAB_DIR" ] || LAB_DIR=$(mktemp -d "${TMPDIR:-/tmp}/aovpn-lab.XXXXXX")
	LAB_PKI=${LAB_PKI:-$LAB_DIR/pki}
	if [ ${#LAB_DIR} -gt 70 ]; then
		echo "lab: $LAB_DIR is too long for the sockets below it" >&2
		return 1
	fi
	mkdir -p "$LAB_DIR"/{log,pids} && pki_make && net_up &&
		dns_up && cdp_up
}

# lab_start: the gateway, NPS, charon of the client and aovpnd, at once. aovpnd
# is first, so that charon's plugin need not wait before it tries again.
lab_start() {
	daemon_launch && nps_launch && gateway_launch && client_launch &&
		nps_ready && gateway_ready && client_ready && daemon_ready &&
		if [ "$LAB_MODE" = stock ]; then stock_client_up lab "${PROFILE[@]}"; fi
}

# lab_close: end every process of this lab and remove its namespaces. The
# directory stays. Safe to call at any time, more than once.
lab_close() {
	process_stop_all
	net_down
}

# lab_discard: lab_close and remove LAB_DIR.
lab_discard() {
	lab_close
	[ -n "$LAB_DIR" ] && rm -rf "$LAB_DIR"
	return 0
}
