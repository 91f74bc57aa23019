# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd may not use BPF: it works, and says what is missing.
scenario_inject() {
	daemon_down
	daemon_launch_without_bpf && daemon_ready
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "status says that the tracer is absent, and why" tracer_is_absent
	check "the record says so too" record_says_absent
}
tracer_is_absent() {
	lab_aovpn status --json |
		jq -e '.sources.kernel | .state == "absent" and .reason != ""'
}
record_says_absent() { [ "$(record .sources.kernel)" = absent ]; }
