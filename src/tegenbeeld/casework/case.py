"""
What one code holds.

There is no case on the node, only protections that nothing links (DESIGN.md §4). These numbers
are what the browser and the node agree on. Source: spec/code.md.
"""

SLOTS = 32
"""
Pictures that fit under one code, and tokens in each request that reads or withdraws.

A request always carries this many, most of them dummies, so that its size says nothing.
"""
