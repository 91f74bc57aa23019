# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Without BPF the plugin's observations still give a code and a cause.
# shellcheck source=/dev/null
. "$LAB_HOME/scenarios/without-bpf/scenario.sh"
eval "start_without_bpf() $(declare -f scenario_inject | tail -n +2)"

scenario_inject() { start_without_bpf && router_drop_udp 500; }

scenario_check() {
	check "status says that the tracer is absent, and why" tracer_is_absent
}
