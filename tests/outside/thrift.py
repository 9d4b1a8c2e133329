"""Make the tests faster: the garbage collector runs seldom, and certificates are read once. Checks nothing.

Some faults, such as a socket that nobody closed, show only when the collector runs. They fail a later test, or the end of the run
(`conftest.py`).
"""

from __future__ import annotations

import gc
import os
import ssl
from functools import cache
from typing import Any

_ALLOCATIONS = 20_000
"""Between two looks of the collector at young objects. Python's 700 suit a heap without thousands of tests in it."""


def rare_collections() -> None:
    """Has the garbage collector look seldom. Tests that wait for it call it themselves."""
    gc.set_threshold(_ALLOCATIONS, 20, 20)


def one_tls_context() -> None:
    """httpx reads certifi's certificates, 20 ms, for every client; Chargebee's SDK makes one per request. Here all share one context.

    Billbridge's own is not concerned: it makes it by `httpx.create_ssl_context`, which stays as it is. Clients with certificates of
    their own get contexts of their own.
    """
    from httpx._transports import default

    make = vars(default)["create_ssl_context"]

    @cache
    def made(trust_env: bool, file: str | None, folder: str | None) -> ssl.SSLContext:
        context: ssl.SSLContext = make(verify=True, cert=None, trust_env=trust_env)
        return context

    def create_ssl_context(verify: Any = True, cert: Any = None, trust_env: bool = True) -> ssl.SSLContext:
        if verify is True and cert is None:
            return made(trust_env, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        context: ssl.SSLContext = make(verify=verify, cert=cert, trust_env=trust_env)
        return context

    vars(default)["create_ssl_context"] = create_ssl_context
