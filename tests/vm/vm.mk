# SPDX-License-Identifier: GPL-2.0-or-later
# vm.mk - tests on kernels of Debian's in a virtual machine: README.md.
#
# Wants of the including Makefile: BUILD, Q, the target deps.

# Packages with a kernel, or that depend on the newest of a series.
VM_KERNELS ?= linux-image-amd64 linux-image-6.12-amd64

.PHONY: test-vm
test-vm: deps
	$(Q)packaging/deps/install tests/vm/packages
	$(Q)$(MAKE) --no-print-directory WERROR=1 test-programs
	$(Q)BUILD=$(BUILD) VM_KERNELS="$(VM_KERNELS)" tests/vm/run
