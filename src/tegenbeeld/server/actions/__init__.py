"""
Every write: one module for each aggregate, atomic.
"""
