# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The router on the way to the gateway is not there: nobody answers ARP.
scenario_inject() { client_next_hop_absent; }
