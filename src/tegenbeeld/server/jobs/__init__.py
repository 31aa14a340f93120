"""
What the node does without being asked: publication, expiry, erasure, mails.
"""
