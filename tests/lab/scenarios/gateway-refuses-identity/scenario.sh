# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway refuses our identity with AUTHENTICATION_FAILED before any EAP.
GATEWAY_NOTIFY=24@1

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
