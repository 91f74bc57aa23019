# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The name resolves to a private address at which nobody answers.
scenario_inject() { dns_set vpn.contoso.test 10.9.9.9; }
