# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The name resolves to this machine itself, as some filters of names answer.
scenario_inject() { dns_set vpn.contoso.test 127.0.0.1; }
