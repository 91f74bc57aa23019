# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile insists on a revocation check of NPS, and it can be made.
PROFILE=(NPS.Revocation=hard)
