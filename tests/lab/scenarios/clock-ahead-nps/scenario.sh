# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The clock is ahead, and the gateway's certificate lives long, too: NPS's seems to
# have expired.
CLIENT_CLOCK=+400d
CLIENT_CERT=user1-long
GATEWAY_CERT=gateway-long
