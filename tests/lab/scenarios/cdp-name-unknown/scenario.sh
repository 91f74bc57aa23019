# shellcheck shell=bash disable=SC2034
# The name of the CDP does not exist, and the profile insists on a revocation
# check of NPS: the evidence names it, with the resolver's error. (NPS is told not
# to check the client: it asks the same CDP.)
PROFILE=(NPS.Revocation=hard)
NPS_REGISTRY=NoRevocationCheck=1

scenario_inject() { dns_set pki.contoso.test; }

scenario_check() {
	check "the evidence has name and error" evidence_is \
		'charon could not resolve "pki.contoso.test": Name or service not known'
}

# evidence_is TEXT: is it one line of the first cause's evidence, and no other
# line tells of a name?
evidence_is() {
	[ "$(record '.causes[0].evidence[]' | grep -F 'could not resolve')" = "$1" ]
}
