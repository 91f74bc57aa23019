# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway sends its own certificate only. Ours comes from the same CA, so its
# name is known here and the root is trusted.
GATEWAY_CHAIN=none
