"""
The node: what an institute or an NGO runs.

One door for each actor (`portal`, `exchange`, `jobs`), every write in `actions`, every query in
`reads`, tables in `records`, and `conf` that puts the parts together.
"""
