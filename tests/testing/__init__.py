"""
What several tests share. Not collected.
"""
