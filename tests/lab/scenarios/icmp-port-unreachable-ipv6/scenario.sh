# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A router answers by IPv6 that nothing listens on UDP 500.
LAB_GATEWAY_FAMILY=ipv6

scenario_inject() { router_reject_udp6 500; }
