"""
The partners' door: the native API and the StopNCII-compatible one.
"""
