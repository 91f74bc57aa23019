# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A device on the way damages the gateway's packets: their checksum is wrong.
scenario_inject() { router_damage_answers; }
