# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CRLs are there for everybody but NPS, which waits for them in vain. The time
# that it takes is all that shows here.
NPS_KIND=alert
scenario_inject() {
	net_nft nps -f - <<-END
		table inet lab {
			chain at_output {
				type filter hook output priority 0
				oifname lo tcp dport 80 drop
			}
		}
	END
}
scenario_check() {
	check "the time is the evidence" evidence_has "the answer took"
	check "NPS logged 259" nps_logged "reason 259"
}
nps_logged() { nps_events | grep -F "$1"; }
