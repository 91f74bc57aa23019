# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The way to the CDP swallows what is sent there, and the profile insists on a
# revocation check of NPS: the tracer tells that charon gave up.
PROFILE=(NPS.Revocation=hard)
NPS_REGISTRY=NoRevocationCheck=1
# charon itself asks the same CDP about the gateway, ten seconds each otherwise
CLIENT_CHARON='plugins { revocation { timeout = 2 } }'

scenario_inject() { router_drop_tcp 80; }

scenario_check() {
	check "the evidence says that it was given up" evidence_has \
		"charon's TCP connection to $DNS_PUBLIC port 80: was given up"
	check_fails "and not again that it got no answer" evidence_has \
		"got no answer in time"
}
