"""The kernel: what every simulated vendor needs, and nothing that belongs to one vendor.

It holds no billing rule, opens no socket and imports nothing outside this folder and the standard library.
"""
