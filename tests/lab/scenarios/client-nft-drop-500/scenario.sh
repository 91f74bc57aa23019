# shellcheck shell=bash disable=SC2034
# The client's own packet filter drops UDP 500 on its way out.

scenario_inject() { client_drop_out 500; }
