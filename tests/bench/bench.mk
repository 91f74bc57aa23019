# SPDX-License-Identifier: GPL-2.0-or-later
# bench.mk - the program that "make bench" measures the tracer with.
#
# Wants of the including Makefile: all that bpf/bpf.mk wants, and included after
# it.

$(BUILD)/%.bpf.o: tests/bench/%.bpf.c bpf/bpf.mk
	@echo "  BPF     $@"
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<
	$(Q)$(LLVM_STRIP) -g $@

BENCH_OBJS := $(patsubst %.c,$(BUILD)/%.o, \
	$(filter-out %.bpf.c,$(wildcard tests/bench/*.c)) \
	tests/tracer/harness.c $(wildcard client/aovpnd/tracer*.c) \
	client/aovpnd/ring.c client/aovpnd/loader_client.c)

$(BUILD)/tests/bench/programs.o: $(BUILD)/empty.skel.h
.PRECIOUS: $(BUILD)/empty.bpf.o $(BUILD)/empty.skel.h

$(BUILD)/tests/tracer_bench: $(BENCH_OBJS) $(BUILD)/libaovpn.a
	@echo "  LINK    $@"
	$(Q)$(CC) $(OUR_CFLAGS) $(OUR_LDFLAGS) -o $@ $^ \
		$(call pkg_libs,libbpf) -lpthread

# The parts of "make bench", in this order.
BENCH ?= connect daemon cli tracer

.PHONY: bench
bench: deps
	$(Q)packaging/deps/install tests/bench/packages
	$(Q)$(MAKE) --no-print-directory all lab-plugin \
		$(BUILD)/tests/tracer_bench
	$(Q)rm -rf $(BUILD)/bench
	$(Q)failed=; for part in $(BENCH); do \
		BUILD=$(BUILD) tests/bench/$$part || failed="$$failed $$part"; \
	done; \
	CC="$(CC)" /usr/bin/python3 -B tests/bench/summary.py $(BUILD)/bench \
		$(BUILD)/bench.json || exit; \
	[ -z "$$failed" ] || { echo "not measured:$$failed"; exit 1; }
