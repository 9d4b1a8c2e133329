"""Helpers for plugin authors: what every provider needs and should not write again.

Lives here: ids, times, form encoding, redaction, interning, fork safety. Each module stands alone and needs only
`billbridge.errors`. Does not live here: anything that sends a request (`billbridge.flow`) or knows a resource (`billbridge.model`).
"""
