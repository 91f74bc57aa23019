# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Until its users have signed in, the network answers every name with the address
# of its portal, which redirects all of HTTP to its page, and drops all else.
scenario_inject() { portal_up; }
