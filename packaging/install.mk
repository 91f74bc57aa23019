# SPDX-License-Identifier: GPL-2.0-or-later
# install.mk - "make install": the one list of what is installed where. The deb
# and the rpm pack what it puts into DESTDIR, so that nothing is listed twice.
#
# Most is taken by folder: a unit, man page, completion, D-Bus or polkit file
# that is put into packaging/ is installed without a change here.
#
# Settings, with the paths of Makefile: SS_PLUGIN_DIR and SS_CONF_DIR (charon's),
# APPARMORDIR (empty: no AppArmor here), SELINUXDIR (empty: no SELinux here).

SYSCONFDIR  ?= /etc
DOCDIR      ?= $(PREFIX)/share/doc/aovpn
PRESETDIR   ?= /usr/lib/systemd/system-preset
USERUNITDIR ?= /usr/lib/systemd/user
USERPRESETDIR ?= /usr/lib/systemd/user-preset
TMPFILESDIR ?= /usr/lib/tmpfiles.d
SYSUSERSDIR ?= /usr/lib/sysusers.d
SS_CONF_DIR ?= $(SYSCONFDIR)/strongswan.d/charon
# Where the unit's options are: of Debian; Fedora has /etc/sysconfig.
DEFAULTSDIR ?= $(SYSCONFDIR)/default
APPARMORDIR ?= $(SYSCONFDIR)/apparmor.d
SELINUXDIR  ?=
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR  ?= $(PREFIX)/share/zsh/vendor-completions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d
# The bus and polkit look nowhere else, whatever PREFIX is.
DBUSDIR     ?= /usr/share/dbus-1
POLKITDIR   ?= /usr/share/polkit-1

MAN_PAGES := $(wildcard packaging/man/*.[1-8]) $(BUILD)/aovpn-codes.7 \
	$(BUILD)/aovpn-profile.5
UNITS := $(wildcard packaging/systemd/*.service packaging/systemd/*.socket \
	packaging/systemd/*.timer packaging/systemd/*.target)

# $(call put,MODE,DIRECTORY,FILES): install files, if there are any.
put = $(if $(strip $(3)),install -D -m $(1) -t "$(DESTDIR)$(2)" $(3))
# $(call put_as,MODE,FILE,SOURCE): under another name, if there is a source.
put_as = $(if $(strip $(3)),install -D -m $(1) $(3) "$(DESTDIR)$(2)")
in = $(wildcard packaging/$(1))
# What names paths of the usual PREFIX gets those of this one.
located = sed -e 's|/usr/sbin/|$(SBINDIR)/|g' -e 's|@VERSION@|$(VERSION)|g' \
	-e 's|/usr/libexec/aovpn/|$(LIBEXECDIR)/|g' -e 's|/usr/bin/|$(BINDIR)/|g' \
	-e 's|/etc/default/|$(DEFAULTSDIR)/|g' -e 's|/usr/share/doc/aovpn|$(DOCDIR)|g' \
	-e 's|/usr/share/aovpn/|$(DATADIR)/|g'

.PHONY: install
install: install-programs install-plugin install-systemd install-docs \
		install-desktop install-policy
	if [ -z "$(DESTDIR)" ]; then journalctl --update-catalog; fi

.PHONY: install-programs
install-programs: all
	$(call put,755,$(SBINDIR),$(BUILD)/aovpnd)
	$(call put,755,$(BINDIR),$(BUILD)/aovpn)
	$(call put,755,$(LIBEXECDIR),$(BUILD)/aovpn-loader $(BUILD)/aovpn-fetch \
		$(BUILD)/aovpn-network)
	$(call put,644,$(DATADIR),$(BUILD)/aovpn-record.schema.json)
	install -d -m 755 "$(DESTDIR)$(SYSCONFDIR)/aovpn/profiles"

.PHONY: install-plugin
install-plugin: all
	$(call put,644,$(SS_PLUGIN_DIR),$(BUILD)/libstrongswan-aovpn.so)
	$(call put,644,$(SS_CONF_DIR),plugins/aovpn.conf)

.PHONY: install-systemd
install-systemd: all
	install -d "$(DESTDIR)$(UNITDIR)"
	for unit in $(UNITS); do $(located) $$unit \
		>"$(DESTDIR)$(UNITDIR)/$${unit##*/}" || exit 1; done
	$(call put,644,$(PRESETDIR),$(call in,systemd/*.preset))
	install -d "$(DESTDIR)$(USERUNITDIR)"
	for unit in $(call in,systemd/user/*.service); do $(located) $$unit \
		>"$(DESTDIR)$(USERUNITDIR)/$${unit##*/}" || exit 1; done
	$(call put,644,$(USERPRESETDIR),$(call in,systemd/user/*.preset))
	$(call put_as,644,$(TMPFILESDIR)/aovpn.conf,$(call in,systemd/aovpn.tmpfiles))
	$(call put_as,644,$(SYSUSERSDIR)/aovpn.conf,$(call in,systemd/aovpn.sysusers))
	$(call put,644,$(CATALOGDIR),$(BUILD)/aovpn.catalog)

.PHONY: install-docs
install-docs: all
	for page in $(MAN_PAGES); do \
		directory="$(DESTDIR)$(MANDIR)/man$${page##*.}"; \
		install -d "$$directory" && \
		$(located) $$page >"$$directory/$${page##*/}" || exit 1; done
	$(call put,644,$(DOCDIR),$(wildcard README.md CHANGELOG.md SECURITY.md \
		COMPATIBILITY.md))
	$(call put,644,$(DOCDIR)/examples,$(call in,examples/*) \
		$(BUILD)/every-setting.conf \
		packaging/systemd/aovpn-loader-more.conf)

# Completions, and what comes with the system bus.
.PHONY: install-desktop
install-desktop:
	$(call put_as,644,$(BASHCOMPDIR)/aovpn,$(call in,completion/aovpn.bash))
	$(call put,644,$(ZSHCOMPDIR),$(call in,completion/_aovpn))
	$(call put,644,$(FISHCOMPDIR),$(call in,completion/*.fish))
	$(call put,644,$(DBUSDIR)/system.d,$(call in,dbus/*.conf))
	$(call put,644,$(DBUSDIR)/interfaces,$(call in,dbus/*.xml))
	$(call put,644,$(DBUSDIR)/system-services,$(call in,dbus/*.service))
	$(call put,644,$(POLKITDIR)/actions,$(call in,polkit/*.policy))
	$(call put,644,$(POLKITDIR)/rules.d,$(call in,polkit/*.rules))

# Mandatory access control, of those systems that have one.
.PHONY: install-policy
install-policy:
	$(if $(APPARMORDIR),install -d "$(DESTDIR)$(APPARMORDIR)" && \
		$(located) packaging/apparmor/usr.sbin.aovpnd \
		>"$(DESTDIR)$(APPARMORDIR)/usr.sbin.aovpnd")
	$(if $(APPARMORDIR),$(call put,644,$(APPARMORDIR)/abstractions,$(call in,apparmor/abstractions/*)))
	$(if $(SELINUXDIR),$(call put,644,$(SELINUXDIR),$(BUILD)/selinux/aovpn.pp.bz2))

$(if $(SELINUXDIR),install-policy: $(BUILD)/selinux/aovpn.pp.bz2)
