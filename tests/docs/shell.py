"""Run the shell commands of the documentation. A command that is slow or needs a network is only checked against the files that it names.

A sandbox that a page starts listens on a free port, because tests run in parallel. Later commands of the page use that port.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pages import ROOT, Block

BIN: Final = Path(sys.executable).parent
PORT: Final = "8420"


class Shell:
    """Runs the blocks of one page, one after another, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
        self._server: subprocess.Popen[str] | None = None
        self._port = PORT

    def run(self, block: Block) -> None:
        """Run every command of a block. In a `console` block, the lines without `$` are output that must come."""
        for command, wanted in _commands(block):
            output = self._run(command).splitlines()
            missing = [line for line in wanted if line not in output]
            assert not missing, f"{block}: {command!r} does not print {missing}, but {output}"

    def _run(self, command: str) -> str:
        words = shlex.split(command, comments=True)
        given = {}
        while words and (match := re.fullmatch(r"([A-Z_]+)=(.*)", words[0])):
            given[match[1]] = match[2]
            words.pop(0)
        if words[0] == "export":
            self._environment |= dict(word.split("=", 1) for word in words[1:])
            return ""
        for start, run in _HOW.items():
            if words[: len(start.split())] == start.split():
                return run(self, words, {**self._environment, **given})
        raise AssertionError(f"nobody runs {command!r}: add the command to tests/docs/shell.py")

    def billbridge(self, words: list[str], environment: Mapping[str, str]) -> str:
        """Run the command, which must succeed."""
        words = [word.replace(PORT, self._port) for word in words]
        if words[1:3] == ["sandbox", "advance"] and "--url" not in words:
            words += ["--url", f"http://127.0.0.1:{self._port}"]
        done = subprocess.run(words, cwd=self._folder, env=dict(environment), capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def serve(self, words: list[str], environment: Mapping[str, str]) -> str:
        """Start a sandbox, and return when it listens. It stops with the next one, or with the page."""
        self.close()
        command = [*words, "--port", "0", "--json"]
        self._server = subprocess.Popen(command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._server.stdout is not None
        assert self._server.stderr is not None
        told = "".join(iter(self._server.stdout.readline, "}\n")) + "}"
        assert "stop with Ctrl-C" in self._server.stderr.readline()
        self._port = re.findall(r":(\d+)", json.loads(told)["control_url"])[0]
        return told

    def curl(self, words: list[str], environment: Mapping[str, str]) -> str:
        """Send the request that curl would send."""
        url, *rest = words[1:]
        data = rest[1].encode() if rest[:1] == ["-d"] else None
        assert len(rest) == (2 if data else 0), f"this curl is not known: {words}"
        with urllib.request.urlopen(url.replace(PORT, self._port), data, timeout=30) as answer:
            return str(answer.read().decode())

    def close(self) -> None:
        """Stop the sandbox, as Ctrl-C does; it must end well."""
        if self._server is not None:
            self._server.terminate()
            _, errors = self._server.communicate(timeout=30)
            assert (self._server.returncode, errors.splitlines()[-1]) == (0, "stopped")
            self._server = None


def _commands(block: Block) -> list[tuple[str, list[str]]]:
    lines = block.text.replace("\\\n", " ").splitlines()
    if block.language == "sh":
        return [(line, []) for line in lines if line.strip() and not line.startswith("#")]
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def _make(shell: Shell, words: list[str], environment: Mapping[str, str]) -> str:
    """Minutes: `make -n` says only that the target and what it depends on exist."""
    done = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
    assert done.returncode == 0, (words, done.stderr)
    return ""


def _pip(shell: Shell, words: list[str], environment: Mapping[str, str]) -> str:
    """The network: every folder is a project of this workspace, every extra is its own, and what it needs of us is installed too."""
    given = [word for word in words[words.index("install") + 1 :] if not word.startswith("-")]
    assert given
    projects = {}
    for word in given:
        match = re.fullmatch(r"(?P<name>[./\w-]+?)(?:\[(?P<extra>[\w-]+)\])?", word)
        assert match, word
        by_name = {(file.parent.relative_to(ROOT).as_posix()): tomllib.loads(file.read_text())["project"] for file in _projects()}
        folder = match["name"].removeprefix("./")
        project = by_name.get(folder) or next((one for one in by_name.values() if one["name"] == match["name"]), None)
        assert project, f"{word} is no package of this repository"
        assert match["extra"] is None or match["extra"] in project.get("optional-dependencies", {}), f"{word}: there is no such extra"
        projects[project["name"]] = project
    if any(word.startswith("./") for word in given):
        ours = {re.split(r"[\[<>=~! ]", need)[0] for project in projects.values() for need in project["dependencies"]}
        missing = {need for need in ours if need.startswith("billbridge")} - projects.keys()
        assert not missing, f"{words} does not bring {missing}, and no package index has them"
    return ""


def _projects() -> list[Path]:
    return [ROOT / "core/pyproject.toml", *ROOT.glob("plugins/*/pyproject.toml"), ROOT / "tests/contract/pyproject.toml"]


def _docker(shell: Shell, words: list[str], environment: Mapping[str, str]) -> str:
    """An image of the reader's: the port that is published is the sandbox's, on loopback only."""
    assert words[words.index("-p") + 1] == f"127.0.0.1:{PORT}:{PORT}"
    return ""


def _of_the_contract(shell: Shell, words: list[str], environment: Mapping[str, str]) -> str:
    """A provider of the reader's: `test_providers_page.py` runs this command on the provider that docs/providers.md builds."""
    assert words == ["pytest", "test_acme.py", "--contract-report=contract.json"]
    return ""


def _venv(shell: Shell, words: list[str], environment: Mapping[str, str]) -> str:
    """Seconds and a folder, which only the installation needs."""
    assert words in (["python3", "-m", "venv", ".venv"], [".", ".venv/bin/activate"])
    return ""


_HOW: Final[Mapping[str, Callable[[Shell, list[str], Mapping[str, str]], str]]] = {
    "billbridge sandbox serve": Shell.serve,
    "billbridge": Shell.billbridge,
    "curl": Shell.curl,
    "make": _make,
    "pip install": _pip,
    "docker run": _docker,
    "pytest": _of_the_contract,
    "python3 -m venv": _venv,
    ".": _venv,
}
"""How each command is run, by its first words. Those that are not run say why in their docstring, and what is checked instead."""
