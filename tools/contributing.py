"""An mkdocs hook: shows CONTRIBUTING.md as the page contributing.html. On the disk it stays at the root, where contributors look for it."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

SOURCE = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page, with its links as seen from docs/. A link to a file outside docs/ becomes plain text."""
    text = SOURCE.read_text(encoding="utf-8").replace("](docs/", "](").replace("[tests/README.md](tests/README.md)", "`tests/README.md`")
    files.append(File.generated(config, "contributing.md", content=text))
    return files
