"""Helpers for plugin authors: what every provider needs and should not write again.

Lives here: the errors of vendors, decoding, names of arguments, form encoding, the guard against endless lists, redaction, times, ids,
keys, digests, interning, suggestions and fork safety. The modules need nothing but each other and `billbridge.errors`. Does not live
here: anything that sends a request (`billbridge.flow`) or knows a resource (`billbridge.model`).
"""
