# vocabulary.mk - makes the C tables that codes.c includes. The order of the
# files matters: see vocabulary/generate.awk.

AWK ?= awk
VOCABULARY := client/libaovpn/vocabulary
VOCABULARY_FILES := $(addprefix $(VOCABULARY)/,codes.tsv hresults.tsv \
	nps_reasons.tsv codes.txt causes.txt)

# Under another name first: a failure must not leave a half-made table behind
# that looks up to date.
$(BUILD)/vocabulary.inc.c: $(VOCABULARY)/generate.awk $(VOCABULARY_FILES)
	@echo "  GEN     $@"
	@mkdir -p $(@D)
	$(Q)LC_ALL=C $(AWK) -f $(VOCABULARY)/generate.awk $(VOCABULARY_FILES) \
		>$@.new && mv $@.new $@
