# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# All copies of IKE_AUTH request 1 are lost.
scenario_inject() { router_drop_message out 1; }
