# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway has lost the key of its certificate, and says no more than
# AUTHENTICATION_FAILED.
scenario_inject() {
	rm "$LAB_DIR/gateway/swanctl/private/gateway.key" &&
		charon_swanctl gateway --load-creds --clear
}
