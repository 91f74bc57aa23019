# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Another IKE daemon had UDP 500 of IPv4 when charon started. charon runs, but
# cannot send.
scenario_inject() { client_port_held 500 && client_charon_back; }
