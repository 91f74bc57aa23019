# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Client and gateway have no ESP proposal in common.
GATEWAY_ESP=aes128gcm16

scenario_check() {
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
}
