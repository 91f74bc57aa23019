# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client's packet filter rejects IKE with an ICMP message from itself.
scenario_inject() {
	net_nft client -f - <<-'END'
		table inet lab_reject {
			chain out {
				type filter hook output priority 0;
				udp dport 500 reject
			}
		}
	END
}
