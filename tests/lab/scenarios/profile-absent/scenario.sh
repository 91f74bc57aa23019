# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No such connection.
scenario_dial() { lab_dial nowhere; }
