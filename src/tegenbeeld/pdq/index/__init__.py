"""
The index: exact search over millions of hashes, in memory and on disk.

How it works: docs/explanation/matching.md. Format and proof: spec/index.md.
"""

from tegenbeeld.pdq.index.hash_index import HashIndex
from tegenbeeld.pdq.index.matches import Matches

__all__ = ["HashIndex", "Matches"]
