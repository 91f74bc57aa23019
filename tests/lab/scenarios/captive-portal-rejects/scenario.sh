# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A portal that answers every name with its address, and rejects IKE.
scenario_inject() {
	portal_up && net_nft nps insert rule inet portal at_input \
		'udp dport { 500, 4500 } reject'
}
