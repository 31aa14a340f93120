"""
What runs in the children of the sandbox. The parent imports none of it.
"""
