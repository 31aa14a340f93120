"""
The rules: states and moves, how long things are kept, how many fit under one code.

Pure: no framework, no database, no clock. Time is always an argument.
"""
