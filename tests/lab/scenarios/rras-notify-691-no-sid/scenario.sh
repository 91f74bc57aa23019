# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS finds no account by the certificate, and the gateway says 691.
CLIENT_CERT=user1-nosid
NPS_ACCOUNTS="user1@contoso.test=$PKI_SID"
GATEWAY_MS_STATUS=691

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
