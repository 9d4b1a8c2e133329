"""The three generations of Airbyte's API for connectors, as data: the hosts and the paths of both requests. Sends nothing.

Sources: airbytehq/airbyte-agent-connectors at 5aa46d30 (December 2025), 4fe8c78f (January 2026) and 7d1a35c3 (February 2026), and
airbyte-agent-sdk at 4f1d49c (April 2026). Nothing was tried against the live service, so we do not know whether the older paths still work.
As far as those sources say, requests and answers are the same in all three.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

_API: Final = "https://api.airbyte.ai"
_CLOUD: Final = "https://cloud.airbyte.com"


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """Hosts without a trailing slash, and paths on them. `{}` in `execute_path` stands for the id of the connector."""

    sign_in_host: str
    sign_in_path: str
    execute_host: str = _API
    execute_path: str


GENERATIONS: Final[Mapping[str, Generation]] = {
    "2025-12": Generation(
        sign_in_host=_CLOUD, sign_in_path="/api/v1/applications/token", execute_path="/api/v1/connectors/instances/{}/execute"
    ),
    "2026-01": Generation(
        sign_in_host=_CLOUD, sign_in_path="/api/v1/applications/token", execute_path="/api/v1/connectors/sources/{}/execute"
    ),
    "2026-02": Generation(
        sign_in_host=_API, sign_in_path="/api/v1/account/applications/token", execute_path="/api/v1/integrations/connectors/{}/execute"
    ),
}
"""The generations, by the month in which each appeared."""

LATEST: Final = "2026-02"
"""The default: the generation that Airbyte's public SDKs and documents show today."""
