# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# UDP 500 works, UDP 4500 is answered by ICMP host-prohibited.
scenario_inject() { router_reject_udp 4500 host-prohibited; }
