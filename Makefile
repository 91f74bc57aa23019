# SPDX-License-Identifier: GPL-2.0-or-later
# Makefile - builds everything out of tree into $(BUILD).
#
#   make            the plugin, the tracer, libaovpn, aovpnd, aovpn
#   make help       all targets
#
# Variables: V=1 shows commands, SAN=1 builds with ASan and UBSan into
# build/san, WERROR=1 makes warnings errors (the project's own tests do),
# STRONGSWAN_SRC or STRONGSWAN_INCLUDE points at a strongSwan source tree of
# the installed version (else the distribution's tarball is fetched),
# VICI_SOCKET is where charon listens, if not at /run/charon.vici.

VERSION := $(shell cat VERSION)

BUILD  ?= $(if $(SAN),build/san,build)
CFLAGS ?= -O2 -g
PREFIX ?= /usr
SBINDIR ?= $(PREFIX)/sbin
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/aovpn
UNITDIR ?= /lib/systemd/system
CATALOGDIR ?= /usr/lib/systemd/catalog
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/aovpn
DESTDIR ?=
PKG_CONFIG ?= pkg-config
CLANG_FORMAT ?= clang-format
CLANG_TIDY ?= clang-tidy
SHELLCHECK ?= shellcheck
Q := $(if $(V),,@)

# (Behind UBSan's checks for NULL gcc 12 sees NULL printed.)
WARNINGS := -Wall -Wextra -Wshadow -Wvla $(if $(WERROR),-Werror) \
	$(if $(SAN),-Wno-format-overflow)
SANITIZE := $(if $(SAN),-fsanitize=address -fsanitize=undefined \
	-fno-omit-frame-pointer)
# What a program does not use of the library stays out of it.
SECTIONS := -ffunction-sections -fdata-sections
HARDEN := -fstack-protector-strong $(if $(SAN),,-D_FORTIFY_SOURCE=2)
OUR_CPPFLAGS = -D_GNU_SOURCE -DAOVPN_VERSION='"$(VERSION)"' \
	-DAOVPN_LIBEXECDIR='"$(LIBEXECDIR)"' \
	$(if $(VICI_SOCKET),-DAOVPN_VICI_SOCKET='"$(VICI_SOCKET)"') \
	-I. -Iclient/libaovpn -Iclient/record -Iclient/aovpnd -I$(BUILD) $(KEY_CPPFLAGS) \
	$(CPPFLAGS)
OUR_CFLAGS = -std=gnu11 $(WARNINGS) $(HARDEN) $(SECTIONS) $(SANITIZE) $(CFLAGS)
OUR_LDFLAGS = -pie -Wl,-z,relro -Wl,-z,now -Wl,--gc-sections $(SANITIZE) \
	$(LDFLAGS)

pkg_cflags = $(shell $(PKG_CONFIG) --cflags $(1))
pkg_libs = $(shell $(PKG_CONFIG) --libs $(1))

.PHONY: all
all: programs plugin vocabulary profile-manual

include client/libaovpn/vocabulary/vocabulary.mk
include bpf/bpf.mk
include plugins/plugin.mk
include tests/lab/rras/rras.mk

# --- libaovpn, aovpnd, aovpn -------------------------------------------------

LIB_PKGS := libssl libcrypto inih
# p11-kit and threads are for tokens.
KEY_PKGS := p11-kit-1
DAEMON_PKGS := $(LIB_PKGS) $(KEY_PKGS) libsystemd jansson libmnl
FETCH_PKGS := libssl libcrypto libseccomp
NETWORK_PKGS := $(LIB_PKGS) $(KEY_PKGS) libsystemd libmnl
CLI_PKGS := $(LIB_PKGS) $(KEY_PKGS) libsystemd jansson libmnl

LIB_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard client/libaovpn/*.c))
RECORD_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard client/record/*.c))
DAEMON_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard client/aovpnd/*.c))
LOADER_OBJS := $(patsubst %.c,$(BUILD)/%.o, \
	$(wildcard client/aovpn-loader/*.c))
NETWORK_OBJS := $(patsubst %.c,$(BUILD)/%.o, \
	$(wildcard client/aovpn-network/*.c))
FETCH_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard client/aovpn-fetch/*.c))
CLI_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard client/aovpn/*.c))

.PHONY: vocabulary
vocabulary: $(VOCABULARY_OUTPUTS)

.PHONY: programs
programs: $(BUILD)/aovpnd $(BUILD)/aovpn-loader $(BUILD)/aovpn-fetch \
	$(BUILD)/aovpn-network $(BUILD)/aovpn

$(BUILD)/libaovpn.a: $(LIB_OBJS)
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# JSON, for daemon and CLI; libaovpn, which charon has too, knows none.
$(BUILD)/librecord.a: $(RECORD_OBJS)
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/aovpnd: $(DAEMON_OBJS) $(BUILD)/librecord.a $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		-Wl,--export-dynamic-symbol=recv \
		$(call pkg_libs,$(DAEMON_PKGS)) $(VICI_LIBS) -lpthread

$(BUILD)/aovpn-loader: $(LOADER_OBJS) $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,libbpf)

$(BUILD)/aovpn-network: $(NETWORK_OBJS) $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(NETWORK_PKGS))

$(BUILD)/aovpn-fetch: $(FETCH_OBJS) $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(FETCH_PKGS))

$(BUILD)/aovpn: $(CLI_OBJS) $(BUILD)/librecord.a $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(CLI_PKGS)) -lpthread

KEY_CPPFLAGS = $(call pkg_cflags,$(KEY_PKGS))

include packaging/man/profile.mk

# The skeleton and the vocabulary are made before what includes them; libvici's
# header comes with strongSwan's source.
$(BUILD)/client/aovpn-loader/hooks.o: $(BPF_SKELETONS)
$(BUILD)/client/libaovpn/codes.o: $(BUILD)/vocabulary.inc.c
$(BUILD)/client/aovpn/cert_schema.o: $(BUILD)/cert-check.schema.inc.c
$(BUILD)/client/aovpn/doctor.o: $(BUILD)/doctor.schema.inc.c
VICI_OBJS := $(addprefix $(BUILD)/client/aovpnd/,vici.o vici_certs.o vici_conn.o \
	vici_events.o vici_list.o vici_sas.o vici_traffic.o)
$(VICI_OBJS): $(STRONGSWAN_STAMP)
$(VICI_OBJS): OUR_CPPFLAGS += -I$(SS_VICI_INCLUDE)

# A file as string literals of C, a line each.
$(BUILD)/%.schema.inc.c: client/aovpn/%.schema.json
	@echo "  GEN     $@"
	@mkdir -p $(@D)
	$(Q)sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $< >$@

# Where the helpers will be is compiled in: with another PREFIX, anew.
.PHONY: libexecdir-now
$(BUILD)/libexecdir: libexecdir-now
	@mkdir -p $(@D)
	@echo '$(LIBEXECDIR)' | cmp -s - $@ || echo '$(LIBEXECDIR)' >$@

$(BUILD)/client/libaovpn/helper_process.o: $(BUILD)/libexecdir

$(BUILD)/client/%.o: client/%.c Makefile
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CPPFLAGS) $(OUR_CFLAGS) -fPIE -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c Makefile
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CPPFLAGS) $(OUR_CFLAGS) -fPIE -MMD -MP -c -o $@ $<

# --- tests -------------------------------------------------------------------

UNIT_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/*.c))
# What the unit tests need of the daemon: the parts without a process.
UNIT_DAEMON_OBJS := $(addprefix $(BUILD)/client/aovpnd/,attempts.o \
	cert_watch_told.o charon_log.o charon_log_cert.o charon_log_ike.o \
	charon_log_tls.o charon_match.o charon_message.o charon_reading.o \
	clock_facts.o fragments.o history_store.o host_facts.o icmp.o \
	metrics.o packet_tap.o record_journal.o record_syslog.o recorder.o \
	state_file.o \
	tunnel_facts.o xfrm_stat.o)
UNIT_CLI_OBJS := $(BUILD)/client/aovpn/trace_text.o

# The plugin's parts that need nothing of charon.
UNIT_PLUGIN_OBJS := $(addprefix $(BUILD)/tests/plugins/,aovpn_curl_error.o \
	aovpn_eap_packet.o)

$(BUILD)/tests/plugins/%.o: plugins/aovpn/%.c Makefile
	@echo "  CC      $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CPPFLAGS) $(OUR_CFLAGS) -fPIE -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit_tests: $(UNIT_OBJS) $(UNIT_DAEMON_OBJS) \
		$(UNIT_CLI_OBJS) $(UNIT_PLUGIN_OBJS) $(BUILD)/librecord.a \
		$(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(LIB_PKGS) $(KEY_PKGS) jansson libsystemd \
		cunit) -lpthread

$(BUILD)/tests/fixtures/.made: tests/unit/fixtures
	@echo "  GEN     $(@D)"
	$(Q)rm -rf $(@D) && mkdir -p $(@D) && tests/unit/fixtures $(@D) && touch $@

$(BUILD)/tests/fetch_client: $(BUILD)/tests/fetch/fetch_client.o \
		$(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(LIB_PKGS))

$(BUILD)/tests/network_ask: $(BUILD)/tests/network/network_ask.o \
		$(BUILD)/client/aovpnd/network_client.o $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(LIB_PKGS) $(KEY_PKGS))

# The walls of aovpn-fetch, in a process that runs against them.
$(BUILD)/tests/confine_test: $(BUILD)/tests/fetch/confine_test.o \
		$(addprefix $(BUILD)/client/aovpn-fetch/,confine.o landlock.o) \
		$(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(FETCH_PKGS))

# Records for their readers: rsyslog, journald, Prometheus.
$(BUILD)/tests/records_emit: $(BUILD)/tests/records/emit.o \
		$(addprefix $(BUILD)/client/aovpnd/,metrics.o record_journal.o \
		record_syslog.o recorder.o) \
		$(BUILD)/librecord.a $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,$(LIB_PKGS) jansson libsystemd) -lpthread

include tests/fuzz/fuzz.mk
include tests/faults/faults.mk
include tests/validation/validation.mk
include tests/vm/vm.mk

.PHONY: test-programs
test-programs: all lab-plugin $(BUILD)/tests/unit_tests \
	$(BUILD)/tests/tracer_test $(BUILD)/tests/fetch_client \
	$(BUILD)/tests/network_ask \
	$(BUILD)/tests/confine_test $(BUILD)/tests/records_emit \
	$(BUILD)/tests/validate \
	$(BUILD)/tests/fixtures/.made fuzz-programs

.PHONY: deps
deps:
	$(Q)packaging/deps/install packaging/deps/debian tests/lab/packages \
		tests/cert/packages tests/doctor/packages tests/system/packages \
		tests/records/packages tests/package/packages \
		tests/dbus/packages tests/notify/packages \
		tests/validation/packages

.PHONY: test test-long sanitized failing
test: deps
	$(Q)$(MAKE) --no-print-directory WERROR=1 test-programs sanitized
	$(Q)BUILD=$(BUILD) tests/run

# What takes longer than "make test" may: hours.
test-long: deps
	$(Q)packaging/deps/install tests/vm/packages
	$(Q)$(MAKE) --no-print-directory WERROR=1 test-programs failing
	$(Q)BUILD=$(BUILD) tests/run long

# The unit tests, and programs whose calls fail, once more with ASan and UBSan.
sanitized:
	$(Q)$(MAKE) --no-print-directory SAN=1 BUILD=$(BUILD)/san \
		$(BUILD)/san/tests/unit_tests
failing:
	$(Q)$(MAKE) --no-print-directory SAN=1 BUILD=$(BUILD)/san fault-programs
	$(Q)$(MAKE) --no-print-directory fault-plugin

.PHONY: demo
demo: deps
	$(Q)$(MAKE) --no-print-directory all lab-plugin
	$(Q)BUILD=$(BUILD) tests/lab/demo

MEMCHECK_DIALS ?= 100

.PHONY: memcheck
memcheck: deps
	$(Q)$(MAKE) --no-print-directory all lab-plugin
	$(Q)BUILD=$(BUILD) tests/lab/memcheck $(MEMCHECK_DIALS)

.PHONY: lab-up lab-down
lab-up: deps
	$(Q)$(MAKE) --no-print-directory all lab-plugin
	$(Q)BUILD=$(BUILD) tests/lab/up

MODES ?= both plugin stock

.PHONY: lab-report
lab-report: deps
	$(Q)$(MAKE) --no-print-directory all lab-plugin
	$(Q)BUILD=$(BUILD) tests/lab/report $(if $(QUICK),-q) $(MODES)

include tests/bench/bench.mk

lab-down:
	$(Q)BUILD=$(BUILD) tests/lab/down

# --- lint --------------------------------------------------------------------

# plugins/ and the lab's plugin speak strongSwan's dialect, whose METHOD macros
# clang-format would tear apart.
FORMATTED := $(filter-out plugins/% tests/lab/%, \
	$(shell git ls-files '*.c' '*.h' 2>/dev/null))
SCRIPTS = $(shell git ls-files | xargs grep -lE '^\#!.*(bash|/sh)$$')
TIDIED := $(wildcard client/libaovpn/*.c client/record/*.c client/aovpnd/*.c \
	client/aovpn/*.c client/aovpn-loader/*.c client/aovpn-fetch/*.c \
	client/aovpn-network/*.c)

LINTS := format scripts spdx man tidy
.PHONY: lint lint-list $(LINTS:%=lint-%)
lint: $(LINTS:%=lint-%)
lint-list:
	@echo $(LINTS)

lint-format:
	@echo "  FORMAT"
	$(Q)$(CLANG_FORMAT) --dry-run --Werror $(FORMATTED)

lint-scripts:
	@echo "  SHELLCHECK"
	$(Q)$(SHELLCHECK) -x $(SCRIPTS)

lint-spdx:
	@echo "  SPDX"
	$(Q)packaging/spdx

lint-man: $(BUILD)/aovpn-codes.7 $(BUILD)/aovpn-profile.5
	@echo "  MAN"
	$(Q)! groff -ww -man -z $(MAN_PAGES) 2>&1 | grep .

# What it finds in bpftool's skeleton is not ours. One process a file, as many as
# there are processors: each takes seconds.
lint-tidy: $(BPF_SKELETONS) $(BUILD)/vocabulary.inc.c \
		$(BUILD)/cert-check.schema.inc.c $(BUILD)/doctor.schema.inc.c \
		$(STRONGSWAN_STAMP)
	@echo "  TIDY"
	$(Q)printf '%s\0' $(TIDIED) | xargs -0 -P "$$(nproc)" -I FILE \
		$(CLANG_TIDY) --quiet FILE -- -isystem $(BUILD) \
		$(OUR_CPPFLAGS) -isystem $(SS_VICI_INCLUDE) -std=gnu11 2>&1 | \
		{ ! grep -E '^[^ ]*client/.*(error|warning):'; }

# --- install, packages, clean, help ------------------------------------------

include packaging/install.mk
include packaging/package.mk
include packaging/selinux/selinux.mk

.PHONY: clean
clean:
	rm -rf build

.PHONY: help
help:
	@echo "make            build into $(BUILD)/"
	@echo "make deps       install what building and testing needs (root)"
	@echo "make demo       the story, played in a lab on this machine (root)"
	@echo "make test       what every change has to pass, in 15 minutes (root)"
	@echo "make test-long  every scenario in every mode, Debian's kernel in a VM,"
	@echo "                charon under valgrind: hours (root)"
	@echo "make test-vm    on Debian's kernels in a VM, VM_KERNELS=PACKAGES (root)"
	@echo "make fuzz       search the parsers for crashes, TIME=30 seconds each"
	@echo "make memcheck   charon under valgrind, MEMCHECK_DIALS=100 (root)"
	@echo "make lint       clang-format, shellcheck, clang-tidy"
	@echo "make check-api  compile against STRONGSWAN_SRC, another release"
	@echo "make bench      how fast it is, beside stock strongSwan and others, and"
	@echo "                what it costs; BENCH=connect, daemon, cli, tracer: only"
	@echo "                one (root)"
	@echo "make lab-report how right the diagnosis is: all scenarios in all modes,"
	@echo "                MODES=\"both plugin stock\" QUICK=1 (root)"
	@echo "make lab-up     a standing lab; make lab-down ends it (root)"
	@echo "make install    into DESTDIR"
	@echo "make dist       the source tarballs; make deb, make rpm: packages of"
	@echo "                them, below build/dist"
	@echo "make clean      remove build/"

-include $(shell find $(BUILD)/client $(BUILD)/plugins $(BUILD)/tests \
	$(BUILD)/fuzz $(BPF_OBJECTS:.o=.d) -type f -name '*.d' 2>/dev/null)
