# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway is not there when the dial begins, and says so by ICMP; it is back
# before charon gives up.
scenario_inject() {
	gateway_stop
	gateway_returns >/dev/null 2>&1 &
}
gateway_returns() { sleep 1.5 && gateway_restart; }
scenario_check() { check "a packet crosses the tunnel" tunnel_works; }
