# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Nothing listens at the CDP, and the profile insists on a revocation check of NPS:
# the tracer tells how charon's connection to it ended.
PROFILE=(NPS.Revocation=hard)
NPS_REGISTRY=NoRevocationCheck=1

scenario_inject() { cdp_stop; }

scenario_check() {
	check "the evidence has address and error" evidence_has \
		"charon's TCP connection to $DNS_PUBLIC port 80: Connection refused"
}
