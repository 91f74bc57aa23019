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
	$(Q)plugins/check-symbols $@.tmp $(SS_LIB_DIR)
	$(Q)mv $@.tmp $@
