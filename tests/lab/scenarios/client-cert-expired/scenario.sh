# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The only client certificate has expired: refused before the first packet.
CLIENT_CERT=user1-expired

scenario_check() {
	check_fails "nothing was sent to the gateway" grep -q IKE_SA_INIT \
		"$LAB_DIR/log/charon-gateway.log"
}
