# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpn-fetch is started and dies without an answer, as it would by a DNS server's
# doing: aovpnd does not expose itself to the same.
LAB_NOT_STOCK="aovpnd dials"

scenario_inject() {
	local helper=$LAB_DIR/client/helper
	printf '#!/bin/sh\nexec head -c 1 >/dev/null\n' >"$helper" &&
		chmod +x "$helper" && daemon_down &&
		AOVPN_FETCH=$helper daemon_up && : >"$LAB_DIR/log/dns.log"
}

scenario_check() {
	check "the record says why" evidence_has aovpn-fetch
	check_fails "nobody asked for the name" \
		grep -q 'query.*vpn.contoso.test' "$LAB_DIR/log/dns.log"
}
