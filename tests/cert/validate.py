#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""validate.py SCHEMA FILE...: each file is one JSON object that must fit the
JSON Schema; says which does not and why, and how many did."""
import json
import sys

import jsonschema

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
wrong = 0
for path in sys.argv[2:]:
    with open(path) as file:
        errors = list(validator.iter_errors(json.load(file)))
    for error in errors[:3]:
        print(path, list(error.path), error.message[:200])
    wrong += bool(errors)
print(len(sys.argv) - 2 - wrong, "fit,", wrong, "do not")
sys.exit(wrong > 0 or len(sys.argv) < 3)
