# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The router answers that the gateway's host cannot be reached.
scenario_inject() { router_unreachable; }
