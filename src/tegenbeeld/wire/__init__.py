"""
Messages of the exchange: bytes in, values out.

`native` is our own feed, `stopncii` the one that existing platforms speak. See spec/exchange.md.
"""
