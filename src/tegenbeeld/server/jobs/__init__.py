"""
The clock's door: publication, expiry, erasure.
"""
