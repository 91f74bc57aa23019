# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The router puts its own address and other ports into what the client sends.
scenario_inject() { router_translates; }
scenario_check() { check "a packet crosses the tunnel" tunnel_works; }
