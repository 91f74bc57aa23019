# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway says 13806 in notify 12345 beside an EAP-Failure.
NPS_REJECT=identity
GATEWAY_MS_STATUS=13806

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
