# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway does not serve the network that the profile asks for.
PROFILE=(Connection.RemoteNetworks=172.31.0.0/24)

scenario_check() {
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
}
