# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway says 13801 in notify 12345 beside AUTHENTICATION_FAILED, before EAP.
GATEWAY_CLIENT_ID=nobody@contoso.test
GATEWAY_MS_STATUS=13801

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
