"""
The sidecar: matching over HTTP, beside a platform that is not written in Python.

`tegenbeeld serve --store DIR` serves the list of one store and keeps it up to date meanwhile.
It never fetches an address that a request names, and writes down neither hashes nor who asked.
`docs/how-to/run-a-sidecar.md` starts from nothing.
"""
