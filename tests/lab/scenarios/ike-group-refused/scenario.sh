# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway wants another group for the key exchange, for ever.

scenario_inject() { gateway_answers 17 0013; }
