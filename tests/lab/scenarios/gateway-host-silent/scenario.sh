# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Nothing that is sent to the gateway arrives anywhere.

scenario_inject() { router_drop_gateway; }
