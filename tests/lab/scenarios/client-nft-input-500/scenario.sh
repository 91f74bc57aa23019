# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's answers reach the client, whose packet filter drops them.
scenario_inject() { client_drop_in 500; }
