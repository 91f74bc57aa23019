# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The portal has a private address, as most have.
scenario_inject() { portal_up 10.200.0.1; }
