"""
The partner's commands: `tegenbeeld hash`, `sync`, `match`, `feedback`.

Each module has `add_parser` and `run`. What takes long to load is imported in `run`, so that
help and mistakes in the arguments are answered at once.
"""

from tegenbeeld.kit.commands import feedback, match, sync
from tegenbeeld.kit.commands import hash as hash_

COMMANDS = (hash_, match, sync, feedback)
"""In the order in which `tegenbeeld --help` lists them."""
