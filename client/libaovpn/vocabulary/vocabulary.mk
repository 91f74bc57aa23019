# SPDX-License-Identifier: GPL-2.0-or-later
# vocabulary.mk - makes what the vocabulary is turned into: the C tables that
# codes.c includes, the journal's catalog, the man page of the codes and the JSON
# schema of the record. The order of the files matters: see vocabulary/read.awk.

AWK ?= awk
VOCABULARY := client/libaovpn/vocabulary
VOCABULARY_FILES := $(addprefix $(VOCABULARY)/,codes.tsv hresults.tsv \
	nps_reasons.tsv codes.txt causes.txt messages.txt)

# Under another name first: a failure must not leave a half-made file behind
# that looks up to date.
vocabulary_write = LC_ALL=C $(AWK) $(1) -f $(VOCABULARY)/read.awk \
	-f $(VOCABULARY)/$(2) $(VOCABULARY_FILES) >$@.new && mv $@.new $@

$(BUILD)/vocabulary.inc.c: $(VOCABULARY)/write_c.awk
$(BUILD)/vocabulary.inc.c: $(VOCABULARY)/read.awk $(VOCABULARY_FILES)
	@echo "  GEN     $@"
	@mkdir -p $(@D)
	$(Q)$(call vocabulary_write,,write_c.awk)

VOCABULARY_OUTPUTS := $(addprefix $(BUILD)/,aovpn.catalog aovpn-codes.7 \
	aovpn-record.schema.json)
SCHEMA_TEMPLATE := $(VOCABULARY)/record.schema.json.in

$(VOCABULARY_OUTPUTS): $(VOCABULARY)/read.awk $(VOCABULARY_FILES)

$(BUILD)/aovpn.catalog: $(VOCABULARY)/write_catalog.awk
	@echo "  GEN     $@"
	@mkdir -p $(@D)
	$(Q)$(call vocabulary_write,,write_catalog.awk)

$(BUILD)/aovpn-codes.7: $(VOCABULARY)/write_man.awk VERSION
	@echo "  GEN     $@"
	@mkdir -p $(@D)
	$(Q)$(call vocabulary_write,-v version=$(VERSION),write_man.awk)

$(BUILD)/aovpn-record.schema.json: $(VOCABULARY)/write_schema.awk
$(BUILD)/aovpn-record.schema.json: $(SCHEMA_TEMPLATE)
	@echo "  GEN     $@"
	@mkdir -p $(@D)
	$(Q)$(call vocabulary_write,-v template=$(SCHEMA_TEMPLATE),write_schema.awk)
