# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Without BPF the errno that the plugin reports says that there is no route.
# shellcheck source=/dev/null
. "$LAB_HOME/scenarios/without-bpf/scenario.sh"
eval "start_without_bpf() $(declare -f scenario_inject | tail -n +2)"

scenario_inject() { start_without_bpf && client_route_none; }

scenario_check() {
	check "status says that the tracer is absent, and why" tracer_is_absent
	check "the evidence names the errno" evidence_has \
		"$NET_GATEWAY port 500, 5 of 5 times: ENETUNREACH, no route"
	check "the cause is certain" confidence_is_certain
}
confidence_is_certain() { [ "$(record '.causes[0].confidence')" = certain ]; }
