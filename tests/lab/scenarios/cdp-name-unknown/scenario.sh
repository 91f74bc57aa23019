# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The name of the CDP does not exist, and the profile insists on a revocation
# check of NPS: the evidence names it, with the resolver's error. (NPS is told not
# to check the client: it asks the same CDP.)
LAB_NOT_PLUGIN='it waits for BPF; without-bpf-cdp-name-unknown does not'
PROFILE=(NPS.Revocation=hard)
NPS_REGISTRY=NoRevocationCheck=1

scenario_inject() { dns_set pki.contoso.test && probes_up; }

# A trace attaches them before the dial begins; a dial itself waits for nobody.
probes_up() {
	local env
	mapfile -t env < <(client_environment)
	role_spawn client trace env "${env[@]}" "$AOVPN_BUILD/aovpn" trace &&
		wait_for 5 probes_are_attached
}
probes_are_attached() {
	lab_aovpn status --json | jq -e '.sources.kernel.hooks | map(select(.hook |
		test("getaddrinfo"))) | length == 2 and all(.state == "attached")'
}

scenario_check() {
	check "the evidence has name and error" evidence_is \
		'charon could not resolve "pki.contoso.test": Name or service not known'
}

# evidence_is TEXT: is it one line of the first cause's evidence, and no other
# line tells of a name?
evidence_is() {
	[ "$(record '.causes[0].evidence[]' | grep -F 'could not resolve')" = "$1" ]
}
