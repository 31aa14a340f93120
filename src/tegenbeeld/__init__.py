"""
Protection against the sharing of intimate images without consent.

Packages, from the bottom up: `pdq` (hashes), `media` (files to pixels), `wire` (messages of the
exchange), `casework` (rules), `content` (facts for people), `kit` (what a platform imports),
`server` (the node). See ARCHITECTURE.md.
"""

__version__ = "0.1.0"
