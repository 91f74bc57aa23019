# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# As fragments-dropped, where aovpnd may not use BPF.
LAB_NOT_STOCK='charon knows the issuing CA, so the answer fits one packet'
# shellcheck source=/dev/null
. "$LAB_HOME/scenarios/without-bpf/scenario.sh"
eval "start_without_bpf() $(declare -f scenario_inject | tail -n +2)"
GATEWAY_FRAGMENTATION=no

scenario_inject() { start_without_bpf && router_drop_later_fragments; }

scenario_check() {
	check "the record says that the tracer is absent" record_says_absent
	check "and that fragments are seen" record_says_fragments
}
record_says_fragments() { [ "$(record .sources.fragments)" = live ]; }
