# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# All copies of IKE_AUTH answer 2 are lost.
scenario_inject() { router_drop_message in 2; }
