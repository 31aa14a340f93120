"""
Every query. Returns values, never querysets.
"""
