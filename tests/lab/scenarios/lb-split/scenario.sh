# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A balancer sends UDP 4500 to another server, which knows nothing of the IKE_SA.
scenario_inject() {
	net_nft nps -f - <<-END
		table inet lab {
			chain at_input {
				type filter hook input priority 0
				udp dport 4500 drop
			}
		}
	END
	net_nft router -f - <<-END
		table ip lab {
			chain at_prerouting {
				type nat hook prerouting priority -100
				udp dport 4500 dnat to 203.0.113.20
			}
		}
	END
}
