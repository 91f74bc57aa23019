# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz.mk - fuzz targets: one program a file fuzz_NAME.c, by clang with
# libFuzzer, ASan and UBSan.
#
#   make fuzz [TIME=30] [TARGET=] [JOBS=1]
#                                 search, so many seconds for each, or one; so
#                                 many at once
#   make fuzz-programs            build, with the seeds

CLANG ?= clang
TIME ?= 30
JOBS ?= 1
FUZZ := $(BUILD)/fuzz
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
# fuzzer-no-link: coverage for the parsers; main() is linked with the target.
# The macro is libFuzzer's convention: parsers let any signature pass, for no
# input that is searched for has a good one. Partly initialized tables are meant
# so; only clang warns.
FUZZ_CFLAGS := -std=gnu11 -g -O1 -fno-omit-frame-pointer $(WARNINGS) \
	-Wno-missing-field-initializers \
	-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION \
	$(FUZZ_SANITIZE) -fsanitize=fuzzer-no-link

FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PROGRAMS := $(addprefix $(FUZZ)/fuzz_,$(FUZZ_NAMES))
# Of these a target is linked with what it calls, and with nothing that it
# stands in for itself.
FUZZ_LIB_OBJS := $(patsubst %.c,$(FUZZ)/%.o,$(filter-out %/main.c,$(wildcard \
	client/libaovpn/*.c client/record/*.c client/aovpnd/*.c \
	client/aovpn/*.c)) client/aovpn-fetch/url.c \
	client/aovpn-fetch/watch.c client/aovpn-network/state.c \
	$(addprefix plugins/aovpn/aovpn_,eap_packet.c held_key.c))

$(FUZZ)/%.o: %.c Makefile tests/fuzz/fuzz.mk
	@echo "  FUZZCC  $<"
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(OUR_CPPFLAGS) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

$(FUZZ)/client/libaovpn/codes.o: $(BUILD)/vocabulary.inc.c
$(FUZZ)/client/aovpn/cert_schema.o: $(BUILD)/cert-check.schema.inc.c
$(FUZZ)/client/aovpn/doctor.o: $(BUILD)/doctor.schema.inc.c
FUZZ_VICI_OBJS := $(patsubst $(BUILD)/%,$(FUZZ)/%,$(VICI_OBJS))
$(FUZZ_VICI_OBJS): $(STRONGSWAN_STAMP)
$(FUZZ_VICI_OBJS): OUR_CPPFLAGS += -I$(SS_VICI_INCLUDE)

# What includes strongSwan's headers.
FUZZ_SS_OBJS := $(FUZZ)/plugins/aovpn/aovpn_held_key.o \
	$(FUZZ)/tests/fuzz/fuzz_held_key.o
$(FUZZ_SS_OBJS): $(STRONGSWAN_STAMP) $(SS_ABI)
$(FUZZ_SS_OBJS): OUR_CPPFLAGS = $(SS_CPPFLAGS) -I.
$(FUZZ_SS_OBJS): FUZZ_CFLAGS += -Wno-unused-parameter

$(FUZZ)/libparsers.a: $(FUZZ_LIB_OBJS)
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(AR) qcs $@ $^

$(FUZZ)/fuzz_%: $(FUZZ)/tests/fuzz/fuzz_%.o $(FUZZ)/libparsers.a
	@echo "  LINK    $@"
	$(Q)$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $^ \
		-Wl,--as-needed $(call pkg_libs,$(DAEMON_PKGS)) $(VICI_LIBS) \
		-l:libstrongswan.so.0

$(FUZZ)/make_seeds: $(FUZZ)/tests/fuzz/make_seeds.o $(FUZZ)/libparsers.a
	@echo "  LINK    $@"
	$(Q)$(CLANG) $(FUZZ_CFLAGS) -o $@ $^ $(call pkg_libs,$(LIB_PKGS) $(KEY_PKGS) jansson)

$(FUZZ)/seeds/.made: tests/fuzz/seeds $(FUZZ)/make_seeds \
		$(BUILD)/tests/fixtures/.made
	@echo "  GEN     $(@D)"
	$(Q)rm -rf $(@D) && tests/fuzz/seeds $(FUZZ)/make_seeds \
		$(BUILD)/tests/fixtures $(@D) && touch $@

.SECONDARY: $(patsubst %,$(FUZZ)/tests/fuzz/fuzz_%.o,$(FUZZ_NAMES))

.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS) $(FUZZ)/seeds/.made

fuzz: deps
	$(Q)$(MAKE) --no-print-directory fuzz-programs
	$(Q)BUILD=$(BUILD) JOBS=$(JOBS) tests/fuzz/run $(TIME) $(TARGET)
