"""
The test hashes that stand on every list, for ever.

A platform checks its own set-up with them: upload one of the three pictures of
`spec/vectors/test-pictures`, and it must be found. They show nothing but coloured shapes. They
also keep a list from ever being so short that the faiss index of the `threatexchange` package
loses matches. Source: facebook/ThreatExchange issue 1318.
"""

TEST_HASHES = (
    "e1a487dbca9beb2c25188ed84ea52368e51ad534be6d645a156b5d0543b4ecce",
    "c570204563c6dbaa1479e3ee6dae0325bdd3278e25571e952f4b61c50eadb143",
    "6c7c266011293e79e66f87937e58c2534e9600c7b7ae99b806651cce5dec6762",
)
