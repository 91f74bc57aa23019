# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client's own packet filter drops UDP 500 on its way out.

scenario_inject() { client_drop_out 500; }

scenario_check() {
	check "the tracer saw the drop" evidence_has NETFILTER_DROP
	check "the evidence names the errno" evidence_has \
		"$NET_GATEWAY port 500, 5 of 5 times: EPERM, a packet filter"
}
