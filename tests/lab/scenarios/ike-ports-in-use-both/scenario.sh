# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Another IKE daemon had UDP 500 of both families when charon started: charon
# runs, but has no socket at all.
scenario_inject() { client_port_held 500 :: && client_charon_back; }
