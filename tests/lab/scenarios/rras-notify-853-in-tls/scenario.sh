# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway says 853 in notify 12345 while NPS refuses a certificate without SID.
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
CLIENT_CERT=user1-nosid
GATEWAY_MS_STATUS=853

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
