# SPDX-License-Identifier: GPL-2.0-or-later
# rras.mk - builds libstrongswan-rras.so, the plugin of the lab's gateway.
#
# Included by the top Makefile after plugins/plugin.mk, whose SS_ variables and
# STRONGSWAN_STAMP it uses.

RRAS_PLUGIN := $(BUILD)/libstrongswan-rras.so

.PHONY: lab-plugin
lab-plugin: $(RRAS_PLUGIN)

$(RRAS_PLUGIN): tests/lab/rras/rras_plugin.c tests/lab/rras/rras.mk \
		$(STRONGSWAN_STAMP) $(SS_ABI) plugins/check-symbols
	@echo "  CC      $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(SS_CPPFLAGS) $(SS_CFLAGS) $(SS_LDFLAGS) -o $@.tmp $<
	$(Q)$(call ss_check,$@.tmp)
	$(Q)mv $@.tmp $@

# Our plugin as built for a release that is not the installed one, for the
# scenario that charon must not run it.
WRONG_DIR := $(BUILD)/tests/wrong-release
WRONG_PLUGIN := $(WRONG_DIR)/libstrongswan-aovpn.so
WRONG_SRCS := aovpn_plugin.c aovpn_version.c

lab-plugin: $(WRONG_PLUGIN)

$(WRONG_DIR)/abi.h: $(SS_ABI) tests/lab/rras/rras.mk
	@mkdir -p $(@D)
	$(Q)sed -E -e 's/(define VERSION).*/\1 "5.8.0"/' \
		-e 's/(define STRONGSWAN_RELEASE).*/\1 50800/' $< >$@

$(WRONG_PLUGIN): $(WRONG_DIR)/abi.h $(SS_PLUGIN)
	@echo "  CC      $@"
	$(Q)$(CC) $(subst $(SS_ABI),$<,$(SS_CPPFLAGS)) $(SS_CFLAGS) \
		$(SS_LDFLAGS) -o $@ $(addprefix plugins/aovpn/,$(WRONG_SRCS)) \
		$(filter-out $(WRONG_SRCS:%.c=$(BUILD)/plugins/aovpn/%.o), \
		$(SS_PLUGIN_OBJS)) -lssl -lcrypto

# For aovpnd of the lab whose token has a fault.
LAB_TOKEN := $(BUILD)/lab-token.so

lab-plugin: $(LAB_TOKEN)

$(LAB_TOKEN): tests/lab/token/token.c tests/lab/rras/rras.mk
	@echo "  CC      $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(WARNINGS) $(KEY_CPPFLAGS) -D_GNU_SOURCE -O2 -shared -fPIC \
		-fvisibility=hidden -o $@ $<

# For processes of the lab whose clock is wrong.
LAB_CLOCK := $(BUILD)/lab-clock.so

lab-plugin: $(LAB_CLOCK)

$(LAB_CLOCK): tests/lab/clock/clock.c tests/lab/rras/rras.mk
	@echo "  CC      $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(WARNINGS) -D_GNU_SOURCE -O2 -shared -fPIC -o $@ $<

# Stands in for logind.
LAB_LOGIND := $(BUILD)/lab-logind

lab-plugin: $(LAB_LOGIND)

$(LAB_LOGIND): tests/lab/logind/logind.c tests/lab/rras/rras.mk
	@echo "  CC      $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(WARNINGS) -D_GNU_SOURCE -O2 \
		$(call pkg_cflags,libsystemd) -o $@ $< \
		$(call pkg_libs,libsystemd)
