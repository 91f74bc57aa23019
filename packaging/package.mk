# SPDX-License-Identifier: GPL-2.0-or-later
# package.mk - the source tarball, the deb and the rpm, all below $(BUILD)/dist.
#
#   make dist       aovpn-VERSION.tar.xz and strongswan-VERSION-headers.tar.xz
#   make deb        of these, by dpkg-buildpackage
#   make rpm        of these, by rpmbuild
#
# The tarballs hold what git has of the tree, with changes that are not yet
# committed, and carry the time of the last commit: the same tree gives the same
# bytes, wherever and whenever it is built.

DIST ?= $(BUILD)/dist
DIST_NAME := aovpn-$(VERSION)
DIST_TARBALL := $(DIST)/$(DIST_NAME).tar.xz
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null)
SS_RELEASE = $(shell SS_LIB_DIR='$(SS_LIB_DIR)' plugins/detect-abi --version)
# By any owner, in any order, at any time: the same bytes.
REPRODUCIBLE_TAR = XZ_OPT=-T1 tar --sort=name --mtime=@$(SOURCE_DATE_EPOCH) \
	--owner=0 --group=0 --numeric-owner --mode=go-w,u+rw,a+rX \
	--format=gnu

.PHONY: dist
dist: $(STRONGSWAN_STAMP)
	$(Q)test -n "$(SOURCE_DATE_EPOCH)" || { echo "make dist: not in a clone \
	of the repository; set SOURCE_DATE_EPOCH" >&2; exit 1; }
	@echo "  DIST    $(DIST_TARBALL)"
	$(Q)rm -rf $(DIST)/tree && mkdir -p $(DIST)/tree/$(DIST_NAME)
	$(Q)packaging/export $(DIST)/tree/$(DIST_NAME)
	$(Q)echo $(VERSION) >$(DIST)/tree/$(DIST_NAME)/VERSION
	$(Q)$(REPRODUCIBLE_TAR) -C $(DIST)/tree -cJf $(DIST_TARBALL) $(DIST_NAME)
	$(Q)rm -rf $(DIST)/tree
	@echo "  DIST    $(DIST)/strongswan-$(SS_RELEASE)-headers.tar.xz"
	$(Q)packaging/headers $(BUILD) $(SS_RELEASE) $(DIST)/tree
	$(Q)$(REPRODUCIBLE_TAR) -C $(DIST)/tree -cJf \
		$(DIST)/strongswan-$(SS_RELEASE)-headers.tar.xz \
		strongswan-$(SS_RELEASE)
	$(Q)rm -rf $(DIST)/tree

# The list of what the build needs is that of packaging/debian/control.
.PHONY: deb
deb: dist
	$(Q)SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) packaging/deb $(DIST) \
		$(VERSION) $(SS_RELEASE)

.PHONY: rpm
rpm: dist
	$(Q)SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) packaging/rpm/build $(DIST) \
		$(VERSION) $(SS_RELEASE)
