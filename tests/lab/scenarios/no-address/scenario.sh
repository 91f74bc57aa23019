# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway has no address for the client.
GATEWAY_POOL=none

scenario_check() {
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
}
