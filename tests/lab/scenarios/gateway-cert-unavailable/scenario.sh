# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway has no certificate for IKE, and says so: AUTHENTICATION_FAILED to
# the first IKE_AUTH, and 13806 in notify 12345 beside it.
GATEWAY_NOTIFY=24@1
GATEWAY_MS_STATUS=13806

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
