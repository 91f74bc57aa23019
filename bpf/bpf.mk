# SPDX-License-Identifier: GPL-2.0-or-later
# bpf.mk - the tracer's BPF object, its skeleton, and the tracer's own test.
#
# Wants of the including Makefile: BUILD, CC, Q, OUR_CPPFLAGS, OUR_CFLAGS,
# OUR_LDFLAGS, the pattern rules for client/ and tests/, libaovpn.a.

CLANG      ?= clang
BPFTOOL    ?= $(or $(shell command -v bpftool),/usr/sbin/bpftool)
LLVM_STRIP ?= llvm-strip

# libbpf's names of architectures; where they differ from uname's.
BPF_ARCH := $(shell uname -m | sed -e 's/x86_64/x86/' -e 's/i.86/x86/' \
	-e 's/aarch64/arm64/' -e 's/ppc64.*/powerpc/' -e 's/riscv64/riscv/' \
	-e 's/s390x/s390/' -e 's/mips.*/mips/' -e 's/armv.*/arm/' \
	-e 's/loongarch64/loongarch/')
# The UAPI headers need <asm/...>, which Debian keeps in a folder of its own.
BPF_MULTIARCH := $(shell $(CC) -print-multiarch 2>/dev/null)
BPF_CFLAGS = -O2 -g -target bpf -D__TARGET_ARCH_$(BPF_ARCH) -std=gnu11 \
	-Wall -Wextra $(if $(WERROR),-Werror) \
	-ffile-prefix-map=$(CURDIR)=. \
	$(if $(BPF_MULTIARCH),-I/usr/include/$(BPF_MULTIARCH))

BPF_OBJECTS := $(BUILD)/always.bpf.o $(BUILD)/dial.bpf.o
BPF_SKELETONS := $(BPF_OBJECTS:.bpf.o=.skel.h)

$(BUILD)/%.bpf.o: bpf/%.bpf.c bpf/bpf.mk
	@echo "  BPF     $@"
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c -o $@ $<
	$(Q)$(LLVM_STRIP) -g $@

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	@echo "  SKEL    $@"
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@.tmp && mv $@.tmp $@

.PRECIOUS: $(BPF_OBJECTS) $(BPF_SKELETONS)

TRACER_TEST_OBJS := $(patsubst %.c,$(BUILD)/%.o, \
	$(wildcard tests/tracer/*.c client/aovpnd/tracer*.c) \
	client/aovpnd/ring.c client/aovpnd/loader_client.c)

$(BUILD)/tests/tracer_test: $(TRACER_TEST_OBJS) $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(shell $(PKG_CONFIG) --libs libbpf) -lpthread
