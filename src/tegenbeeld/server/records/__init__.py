"""
Tables, constraints, migrations, and how hash values are sealed at rest.
"""
