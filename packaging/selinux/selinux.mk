# SPDX-License-Identifier: GPL-2.0-or-later
# selinux.mk - the policy module, by the distribution's development files
# (selinux-policy-devel, Debian's selinux-policy-dev). Of its own folder, for the
# tools take every *.te of the directory that they are called in.

SELINUX_DEVEL ?= /usr/share/selinux/devel/Makefile

.PHONY: selinux
selinux: $(BUILD)/selinux/aovpn.pp.bz2

$(BUILD)/selinux/aovpn.pp.bz2: $(wildcard packaging/selinux/aovpn.*)
	@echo "  SELINUX $@"
	@mkdir -p $(@D)
	$(Q)cp $^ $(@D)
	$(Q)$(MAKE) --no-print-directory -C $(@D) -f $(SELINUX_DEVEL) aovpn.pp >&2
	$(Q)bzip2 -9 -f -k $(@D)/aovpn.pp
