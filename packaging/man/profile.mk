# SPDX-License-Identifier: GPL-2.0-or-later
# profile.mk - the manual of profiles and an example with every setting, made out
# of the table that their reader goes by.

PROFILE_OUTPUTS := $(BUILD)/aovpn-profile.5 $(BUILD)/every-setting.conf

$(BUILD)/packaging/%.o: packaging/%.c Makefile VERSION
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CPPFLAGS) $(OUR_CFLAGS) -fPIE -MMD -MP -c -o $@ $<

$(BUILD)/write-profile: $(BUILD)/packaging/man/write_profile.o \
		$(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(LIB_PKGS) $(KEY_PKGS)) -lpthread

$(BUILD)/aovpn-profile.5: $(BUILD)/write-profile
	@echo "  GEN     $@"
	$(Q)$< man >$@.new && mv $@.new $@

$(BUILD)/every-setting.conf: $(BUILD)/write-profile
	@echo "  GEN     $@"
	$(Q)$< example >$@.new && mv $@.new $@

.PHONY: profile-manual
profile-manual: $(PROFILE_OUTPUTS)
