"""The provider that docs/providers.md builds: the files of the page form a package whose tests pass."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pages import blocks

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "providers.md"
FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page, and the metadata that installing them would write."""
    root = tmp_path_factory.mktemp("acme")
    for name, text in FILE.findall(PAGE.read_text()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    info = root / "src" / "acme_billing-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items()) for group, entries in groups]
    (info / "entry_points.txt").write_text("".join(lines))
    return root


@pytest.mark.parametrize("test", ["test_customers.py", "test_contract.py"])
def test_the_tests_on_the_page_pass(package: Path, test: str) -> None:
    done = _run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", f"tests/{test}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\d+ passed in", done.stdout, re.MULTILINE), done.stdout


def test_without_the_step_the_contract_says_what_is_missing(package: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(package, tmp_path / "acme")
    service = copied / "src" / "acme_billing" / "payment_methods.py"
    text = service.read_text()
    assert text.count(', step="default"') == 1
    service.write_text(text.replace(', step="default"', ""))
    done = _run(copied, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_contract.py", "-k", "PAY-01")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert "broken PAY-01: payment_methods.attach sent 2 POSTs: each further POST of an operation needs a `step`" in done.stdout


def test_the_command_of_the_contract_page_proves_this_provider(package: Path, tmp_path: Path) -> None:
    file, command = (block.text for block in blocks("docs/contract.md"))
    copied = shutil.copytree(package, tmp_path / "acme")
    (copied / "test_acme.py").write_text(file)
    assert command == "pytest test_acme.py --contract-report=contract.json\n"
    done = _run(copied, "-m", *command.split(), "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [report["conforms"] for report in json.loads((copied / "contract.json").read_text())["runs"]] == [True, True]


def test_the_code_on_the_page_satisfies_mypy(package: Path) -> None:
    done = _run(package, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".cache" / "mypy-of-the-page"), "src/acme_billing", "tests")
    assert done.returncode == 0, done.stdout + done.stderr


def _run(package: Path, *command: str) -> subprocess.CompletedProcess[str]:
    search = os.pathsep.join(str(package / folder) for folder in ("src", "tests"))
    environment = {**os.environ, "PYTHONPATH": search, "MYPYPATH": search}
    return subprocess.run([sys.executable, *command], cwd=package, env=environment, capture_output=True, text=True, check=False)
