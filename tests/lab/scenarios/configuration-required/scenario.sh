# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway wants a configuration request that it likes: FAILED_CP_REQUIRED.
GATEWAY_NOTIFY=37@9

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
