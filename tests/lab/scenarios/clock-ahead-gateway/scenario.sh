# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The clock is ahead, and our own certificate lives long: the gateway's seems to have
# expired first.
CLIENT_CLOCK=+400d
CLIENT_CERT=user1-long
