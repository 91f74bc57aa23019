# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway says 812 in notify 12345 after EAP-TLS went through.
NPS_REJECT=after-tls
GATEWAY_MS_STATUS=812

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
