# SPDX-License-Identifier: GPL-2.0-or-later
# faults.mk - our programs once more, in $(BUILD)/faults, with tests/faults/wrap.c
# between them and what can fail. Meant for SAN=1: there no call has another name
# (__read_chk), and ASan sees what becomes of a failure.

FAULT_NAMES := $(shell sed -n -e 's/^WRAP(.*, \([a-z0-9_]*\), (.*), (.*))$$/\1/p' \
	-e 's/^int __wrap_\([a-z]*\)(.*);$$/\1/p' \
	-e 's/^WRAP_WRITE(\([a-z]*\), .*)$$/\1/p' tests/faults/wrap.c)
FAULT_LDFLAGS := $(FAULT_NAMES:%=-Wl,--wrap=%)
FAULT_OBJ := $(BUILD)/tests/faults/wrap.o
FAULT_LIBS := $(FAULT_OBJ) $(BUILD)/librecord.a $(BUILD)/libaovpn.a
FAULT_PKGS := libcrypto

# $(call fault_link,PACKAGES)
fault_link = @mkdir -p $(@D) && echo "  LINK    $@" && \
	$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) $(FAULT_LDFLAGS) -o $@ $^ \
	-Wl,--export-dynamic-symbol=recv $(call pkg_libs,$(1) $(FAULT_PKGS))

$(BUILD)/faults/aovpn: $(CLI_OBJS) $(FAULT_LIBS)
	$(call fault_link,$(CLI_PKGS)) -lpthread
$(BUILD)/faults/aovpnd: $(DAEMON_OBJS) $(FAULT_LIBS)
	$(call fault_link,$(DAEMON_PKGS)) $(VICI_LIBS) -lpthread
$(BUILD)/faults/aovpn-fetch: $(FETCH_OBJS) $(FAULT_LIBS)
	$(call fault_link,$(FETCH_PKGS))
$(BUILD)/faults/aovpn-network: $(NETWORK_OBJS) $(FAULT_LIBS)
	$(call fault_link,$(NETWORK_PKGS))
$(BUILD)/faults/aovpn-loader: $(LOADER_OBJS) $(FAULT_LIBS)
	$(call fault_link,libbpf)

# Our plugin, for a charon that has nothing of ours else: without sanitizers. It
# must stay, for what OpenSSL has been given goes on in it.
FAULT_PLUGIN := $(BUILD)/faults/libstrongswan-aovpn.so
$(FAULT_OBJ:%.o=%-pic.o): tests/faults/wrap.c
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CPPFLAGS) $(OUR_CFLAGS) -fPIC -fvisibility=hidden -MMD -MP \
		-c -o $@ $<
$(FAULT_PLUGIN): $(SS_PLUGIN_OBJS) $(FAULT_OBJ:%.o=%-pic.o)
	@echo "  LINK    $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(SS_CFLAGS) $(SS_LDFLAGS) $(FAULT_LDFLAGS) -Wl,-z,nodelete \
		-o $@ $^ -lssl -lcrypto

.PHONY: fault-plugin
fault-plugin: $(FAULT_PLUGIN)

.PHONY: fault-programs
fault-programs: $(addprefix $(BUILD)/faults/,aovpn aovpnd aovpn-fetch \
	aovpn-network aovpn-loader)
