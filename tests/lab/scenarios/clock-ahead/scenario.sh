# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The clock is more than a year ahead: our own certificate seems to have expired. A
# web server says what time it is.
CLIENT_CLOCK=+400d

scenario_check() { check "the evidence is that server's time" evidence_has "the web server of our CA's CRL said"; }
