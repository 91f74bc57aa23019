# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A device's certificate, with a DNS name and no UPN: it calls itself as a
# Windows computer does, and a candidate without a SID is dialled with a warning.
LAB_NOT_STOCK='stock.sh knows users only'
CLIENT_CERT=user1-device

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "NPS is asked for host/NAME" grep -F "host/$PKI_DEVICE" \
		"$LAB_DIR/log/nps.log"
	check "the lack of a SID is a warning" grep -F "no SID" \
		<<<"$(record '.candidates[0].warnings | join(" ")')"
}
