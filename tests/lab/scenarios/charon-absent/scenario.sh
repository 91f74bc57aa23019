# shellcheck shell=bash disable=SC2034
# charon does not run.
scenario_inject() { process_stop charon-client KILL; }
