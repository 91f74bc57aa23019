# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No DNS server answers.

scenario_inject() { dns_silent; }
