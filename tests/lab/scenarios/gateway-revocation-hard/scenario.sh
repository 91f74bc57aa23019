# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Revocation cannot be checked (the CDP is down) and the profile insists.
PROFILE=(Gateway.Revocation=hard)

scenario_inject() { cdp_stop; }
