# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A router answers ICMP port unreachable for UDP 500.

scenario_inject() { router_reject_udp 500; }
