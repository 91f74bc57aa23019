#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long commands take, from start to end, in turns.

    commands.py SET ROUNDS -- NAME STATUS COMMAND [ARG...] [-- NAME ...]...

Prints a sample a command and round as a line of JSON: table "command", set, way
(NAME), round, ms. A command that ends with a status other than STATUS ends all.
"""

import json
import sys

from measure import alternate, command_ms


def split(words):
    """The commands: {name: (status, argv)}."""
    commands, current = {}, None
    for word in words:
        if word == "--":
            current = []
        elif current is None:
            sys.exit(__doc__)
        elif not current:
            current.append(word)
            commands[word] = current
        else:
            current.append(word)
    return {name: (int(rest[1]), rest[2:]) for name, rest in commands.items()}


def main(argv):
    """See the head of the file."""
    if len(argv) < 6:
        print(__doc__, file=sys.stderr)
        return 2
    ways = {name: lambda status=status, command=command:
            command_ms(command, (status,))
            for name, (status, command) in split(argv[3:]).items()}
    for way, values in alternate(ways, int(argv[2])).items():
        for i, value in enumerate(values):
            print(json.dumps({"table": "command", "set": argv[1], "way": way,
                              "round": i, "ms": value}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
