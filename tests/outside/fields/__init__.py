"""The fields of the official SDKs that bear on money, quantity or time, and which of them Billbridge reads.

`bearing` finds the fields in the installed SDKs, `reading` looks in the plugins' wire structs, `not_read` gives the reasons, and `page`
writes docs/fields.md. `test_fields.py` holds the four against each other.
"""
