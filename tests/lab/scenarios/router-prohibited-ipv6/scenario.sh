# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A firewall on the way answers by IPv6 that IKE is prohibited.
LAB_GATEWAY_FAMILY=ipv6

scenario_inject() { router_reject_udp6 500 admin-prohibited; }
