# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The name resolves to 0.0.0.0, as filters of names answer. charon takes that for
# no address at all.
scenario_inject() { dns_answers address 0.0.0.0; }
