# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# This machine's packet filter drops one answer in the middle of EAP.
scenario_inject() {
	_client_rule input "udp sport 4500 @th,64,32 0 @th,256,32 5 drop"
}
