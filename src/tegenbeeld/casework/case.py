"""
What one code holds.

There is no case on the node, only protections that nothing links (DESIGN.md §4). These numbers
are what the browser and the node agree on. Source: spec/code.md.
"""

SLOTS = 128
"""
Pictures and videos that fit under one code, and tokens in each request but the one that protects.

A request always carries this many, most of them dummies, so that its size says nothing. The pages
offer 100: the others are room for what has ended and can still be seen.
"""

NOTE_BYTES = 93
"""Length of a sealed note: nonce 12, text with its length 65, tag 16."""
