# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# pair.sh - two network namespaces on one wire, for tests/bench/tracer and tunnel.
#
#   client 192.0.2.2/24  link0 <-- veth --> link0  192.0.2.1/24 peer
#
# The programs find the addresses in the environment, as in tests/tracer/run.

PAIR_CLIENT=aovpn-bench-$$-c
PAIR_PEER=aovpn-bench-$$-p

export AOVPN_TEST_LOCAL4=192.0.2.2 AOVPN_TEST_PEER4=192.0.2.1
export AOVPN_TEST_PEER=/run/netns/$PAIR_PEER

# pair_up: make them; pair_down: delete them, at any time.
pair_up() {
	ip netns add "$PAIR_CLIENT" && ip netns add "$PAIR_PEER" &&
		ip -n "$PAIR_CLIENT" link add link0 type veth \
			peer name link0 netns "$PAIR_PEER" &&
		_pair_end "$PAIR_CLIENT" "$AOVPN_TEST_LOCAL4" &&
		_pair_end "$PAIR_PEER" "$AOVPN_TEST_PEER4" &&
		pair_exec ping -q -c 1 -w 5 "$AOVPN_TEST_PEER4" >/dev/null
}

_pair_end() {
	ip -n "$1" -batch - <<-END
		address add $2/24 dev link0
		link set link0 up
		link set lo up
	END
}

pair_down() {
	ip netns delete "$PAIR_CLIENT" 2>/dev/null
	ip netns delete "$PAIR_PEER" 2>/dev/null
	return 0
}

# pair_exec COMMAND...: in the client. Not "ip netns exec": that mounts a /sys
# without cgroups.
pair_exec() { nsenter --net="/run/netns/$PAIR_CLIENT" "$@"; }

# firewall COMMAND...: COMMAND enters a network namespace, whose OUTPUT is to
# drop the packets of the rules on standard input.
firewall() {
	"$@" nft -f - <<-RULES
		table inet bench {
			chain output {
				type filter hook output priority 0;
				$(cat)
			}
		}
	RULES
}
