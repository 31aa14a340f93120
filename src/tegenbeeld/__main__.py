"""
`python -m tegenbeeld` is the command `tegenbeeld`.
"""

import sys

from tegenbeeld.cli import main

if __name__ == "__main__":
    sys.exit(main())
