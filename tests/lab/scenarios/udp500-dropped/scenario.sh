# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A router drops UDP 500.

scenario_inject() { router_drop_udp 500; }
