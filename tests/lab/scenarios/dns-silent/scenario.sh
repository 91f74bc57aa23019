# shellcheck shell=bash disable=SC2034
# No DNS server answers.

scenario_inject() { dns_silent; }
