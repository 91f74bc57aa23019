# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A firewall on the way answers that IKE is prohibited.
scenario_inject() { router_reject_udp 500 admin-prohibited; }
