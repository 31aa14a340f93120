"""
Puts the parts of the node together: settings, addresses, start-up, command line.
"""
