# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway knows no IKE fragmentation, and fragments of IP get lost on the way
# to it: no packet of ours may need any, although the profile allows larger ones.
GATEWAY_FRAGMENTATION=no
PROFILE=(TLS.FragmentSize=1400)

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "certificates were sent in large packets" sent_larger_than 1000
	check_fails "but none was larger than 1280 bytes" sent_larger_than 1252
}
# Bytes of UDP's payload, without the 28 of IPv4 and UDP.
sent_larger_than() {
	awk -v limit="$1" '/sending packet: / {
			sub(/.*\(/, "")
			if ($1 > limit) found = 1
		}
		END { exit !found }' "$LAB_DIR/log/charon-client.log"
}
