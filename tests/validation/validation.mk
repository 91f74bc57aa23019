# SPDX-License-Identifier: GPL-2.0-or-later
# validation.mk - the plugin's own verification as a program, for suites of
# certification paths. The objects are those of the plugin, not compiled anew.

VALIDATE_OBJS := $(BUILD)/tests/validation/validate.o \
	$(addprefix $(BUILD)/plugins/aovpn/,aovpn_verify.o aovpn_revocation.o \
		aovpn_crls.o aovpn_crypto.o) \
	$(addprefix $(BUILD)/plugins/libaovpn/,escape.o server_name.o)

$(BUILD)/tests/validation/validate.o: tests/validation/validate.c \
		$(STRONGSWAN_STAMP) $(SS_ABI) Makefile \
		tests/validation/validation.mk
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(CC) -I. $(SS_CPPFLAGS) $(OUR_CFLAGS) -fPIE -MMD -MP -c -o $@ $<

$(BUILD)/tests/validate: $(VALIDATE_OBJS)
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ -lssl -lcrypto \
		-L$(SS_LIB_DIR) -l:libstrongswan.so.0 -Wl,-rpath,$(SS_RUNPATH)
