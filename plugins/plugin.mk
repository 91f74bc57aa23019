# SPDX-License-Identifier: GPL-2.0-or-later
# plugin.mk - builds libstrongswan-aovpn.so for the installed strongSwan.
#
# Included by the top Makefile; alone: make -f plugins/plugin.mk BUILD=... plugin
#
# Settings: STRONGSWAN_SRC, STRONGSWAN_INCLUDE (see plugins/strongswan-source),
# SS_LIB_DIR (directory of libcharon.so.0, else searched for).
# For others (the lab's own plugin, the daemon's vici client):
#   STRONGSWAN_STAMP               order a rule after the headers are there
#   SS_CPPFLAGS SS_CFLAGS SS_LDFLAGS   compile and link a charon plugin
#   SS_VICI_INCLUDE VICI_LIBS      libvici, for a program
#   SS_PLUGIN_DIR                  where charon loads plugins from
#   $(call ss_check,PLUGIN.so)     refuse one that the installed charon could
#                                  not load

BUILD ?= build
CC ?= cc
Q ?= @
AOVPN_PLUGIN_VERSION := $(or $(VERSION),$(shell cat VERSION))
ifeq ($(origin OUR_CFLAGS),undefined)
OUR_CFLAGS = -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wvla $(CFLAGS)
endif

ifeq ($(SS_LIB_DIR),)
# without strongSwan the rules below say so; "make deps" must work before
SS_LIB_DIR := $(shell plugins/detect-abi --libdir 2>/dev/null)
endif
SS_PLUGIN_DIR ?= $(SS_LIB_DIR)/plugins
STRONGSWAN_STAMP := $(BUILD)/strongswan/.stamp
SS_ABI := $(BUILD)/strongswan-abi.h
SS_VICI_INCLUDE := $(BUILD)/strongswan/vici
# Where the program finds it, if it runs elsewhere than it is built.
SS_RUNPATH ?= $(SS_LIB_DIR)
VICI_LIBS := -L$(SS_LIB_DIR) -l:libvici.so.0 -Wl,-rpath,$(SS_RUNPATH)

# strongSwan's headers are not ours to warn about: -isystem.
SS_CPPFLAGS = -D_GNU_SOURCE -DHAVE_CONFIG_H -include $(SS_ABI) \
	-isystem $(BUILD)/strongswan/libstrongswan \
	-isystem $(BUILD)/strongswan/libcharon \
	-Iclient/libaovpn -DAOVPN_VERSION='"$(AOVPN_PLUGIN_VERSION)"' $(CPPFLAGS)
# -Wno-unused-parameter: METHOD() implements an interface; not every
#   implementation needs every parameter, "this" least of all.
SS_CFLAGS = $(OUR_CFLAGS) -fPIC -fvisibility=hidden -Wno-unused-parameter
# -z now: a symbol that charon lacks must keep the plugin from loading, not end
# charon at the first call.
SS_LDFLAGS = -shared -Wl,--gc-sections -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack \
	$(SANITIZE) $(LDFLAGS)

ss_check = plugins/check-symbols $(1) $(SS_LIB_DIR) \
	"$$(sed -n 's/^.define STRONGSWAN_RELEASE //p' $(SS_ABI))"

SS_PLUGIN := $(BUILD)/libstrongswan-aovpn.so
SS_PLUGIN_OBJS := \
	$(patsubst plugins/%.c,$(BUILD)/plugins/%.o,$(wildcard plugins/aovpn/*.c)) \
	$(addprefix $(BUILD)/plugins/libaovpn/,channel.o observation.o escape.o \
		error.o server_name.o)

.PHONY: plugin
plugin: $(SS_PLUGIN)

# Another STRONGSWAN_SRC or STRONGSWAN_INCLUDE than the last time?
SS_ORIGIN := STRONGSWAN_SRC=$(STRONGSWAN_SRC) STRONGSWAN_INCLUDE=$(STRONGSWAN_INCLUDE)
.PHONY: strongswan-origin
$(BUILD)/strongswan.origin: strongswan-origin
	@mkdir -p $(@D)
	@echo '$(SS_ORIGIN)' | cmp -s - $@ || echo '$(SS_ORIGIN)' >$@

# What is installed decides: a new libcharon makes both anew.
$(STRONGSWAN_STAMP): plugins/strongswan-source $(BUILD)/strongswan.origin \
		$(wildcard $(SS_LIB_DIR)/libcharon.so.0)
	@echo "  SOURCE  strongSwan"
	@mkdir -p $(@D)
	$(Q)STRONGSWAN_SRC='$(STRONGSWAN_SRC)' SS_LIB_DIR='$(SS_LIB_DIR)' \
		STRONGSWAN_INCLUDE='$(STRONGSWAN_INCLUDE)' \
		plugins/strongswan-source $(BUILD) >$(BUILD)/strongswan.path
	$(Q)touch $@

$(SS_ABI): plugins/detect-abi $(BUILD)/strongswan.origin $(wildcard $(SS_LIB_DIR)/libcharon.so.0)
	@echo "  ABI     $@"
	@mkdir -p $(@D)
	$(Q)CC='$(CC)' SS_LIB_DIR='$(SS_LIB_DIR)' \
		STRONGSWAN_SRC='$(STRONGSWAN_SRC)' plugins/detect-abi --header >$@.tmp
	$(Q)mv $@.tmp $@

$(BUILD)/plugins/aovpn/%.o: plugins/aovpn/%.c $(STRONGSWAN_STAMP) $(SS_ABI) \
		plugins/plugin.mk
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(SS_CPPFLAGS) $(SS_CFLAGS) -MMD -MP -c -o $@ $<

# The library's own flags: nothing of strongSwan in it.
$(BUILD)/plugins/libaovpn/%.o: client/libaovpn/%.c plugins/plugin.mk
	@echo "  CC      $< (plugin)"
	@mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE -Iclient/libaovpn $(CPPFLAGS) $(OUR_CFLAGS) \
		-fPIC -fvisibility=hidden -MMD -MP -c -o $@ $<

# A plugin built with SAN=1 can be loaded only into a charon that was started
# with LD_PRELOAD=libasan.so.
$(SS_PLUGIN): $(SS_PLUGIN_OBJS) plugins/check-symbols plugins/markers
	@echo "  LINK    $@"
	$(Q)$(CC) $(SS_CFLAGS) $(SS_LDFLAGS) -o $@.tmp $(SS_PLUGIN_OBJS) \
		-lssl -lcrypto
	$(Q)$(call ss_check,$@.tmp)
	$(Q)mv $@.tmp $@

# Compile against another release's source tree: make check-api STRONGSWAN_SRC=...
.PHONY: check-api
check-api:
	$(Q)CC='$(CC)' plugins/check-api \
		'$(or $(STRONGSWAN_SRC),$(error check-api needs STRONGSWAN_SRC))'
