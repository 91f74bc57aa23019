# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Without BPF the plugin tells which name of a CDP does not resolve; it does not
# know the resolver's error.
# shellcheck source=/dev/null
. "$LAB_HOME/scenarios/cdp-name-unknown/scenario.sh"
# shellcheck source=/dev/null
. "$LAB_HOME/scenarios/without-bpf/scenario.sh"
eval "start_without_bpf() $(declare -f scenario_inject | tail -n +2)"

scenario_inject() { start_without_bpf && dns_set pki.contoso.test; }

scenario_check() {
	check "status says that the tracer is absent, and why" tracer_is_absent
	check "the evidence has the name" evidence_is \
		'charon could not resolve "pki.contoso.test"'
}
