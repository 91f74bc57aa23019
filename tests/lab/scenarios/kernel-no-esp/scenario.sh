# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway agrees to the tunnel, and this kernel cannot do ESP.
CLIENT_ESP=none
scenario_requires() {
	! net_kernel_has_esp || { echo "this kernel has ESP"; return 1; }
}
