"""The command line, on a toy provider that is found by its entry point like any other."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from billbridge.cli.main import main
from stevedore import ExtensionManager

TOY = """
from billbridge.services.capability import Feature, Support, emulated
from billbridge.flow import path
from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options
from billbridge.plugins.provider import Provider
from billbridge.services import CustomerService


class ToyCustomers(CustomerService):
    def create(self, new):
        yield

    @emulated("two calls | one after the other")
    def update(self, id, patch):
        yield


class Toy(Provider):
    name = "toy"
    api_version = "7"
    features = {Feature.CUSTOMER_ID: Support.NATIVE}
    hints = {"customers.delete": "ask the vendor"}

    def __init__(self, key):
        self.key = key
        self.customers = ToyCustomers()
        super().__init__()

    def base_url(self):
        return "https://toy.invalid"

    def credentials(self):
        return {"authorization": self.key}


class ToyOptions(Options, frozen=True, kw_only=True):
    api_key: str = ""


class provider:
    @hookimpl
    @staticmethod
    def billbridge_options():
        return ToyOptions

    @hookimpl
    @staticmethod
    def billbridge_provider(options):
        return Toy(options.api_key)
"""
ENTRY_POINTS = "[billbridge.providers]\ntoy = toy_plugin:provider\n"


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more installed distribution, with a provider of its own."""
    monkeypatch.setattr(ExtensionManager, "ENTRY_POINT_CACHE", {})  # stevedore remembers a group for the life of the process
    (tmp_path / "toy_plugin.py").write_text(TOY)
    info = tmp_path / "toy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "toy_plugin", raising=False)


@pytest.mark.usefixtures("toy")
class TestCommands:
    def test_providers_lists_what_is_installed_and_the_direct_way(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["providers"]) == 0
        out, err = capsys.readouterr()
        assert {"provider  toy", "gateway   direct"} <= set(out.splitlines())
        assert err == ""

    def test_providers_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["providers", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert list(found) == ["providers", "gateways"]
        assert "toy" in found["providers"]
        assert found["gateways"][0] == "direct"

    def test_capabilities_is_a_table_of_every_capability(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["capabilities", "toy"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split() for line in lines[:3]] == [
            ["capability", "toy"],
            ["customers.create", "native"],
            ["customers.create.id", "native"],
        ]
        words = {line.split()[0]: line.split()[1] for line in lines}
        assert [words[f"customers.{name}"] for name in ("get", "update", "delete")] == ["absent", "emulated", "absent"]
        assert "subscriptions.create.trial" in "\n".join(lines)

    def test_capabilities_as_json_say_how_and_what_instead(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["capabilities", "toy", "--json"]) == 0
        toy = json.loads(capsys.readouterr().out)["toy"]
        assert toy["customers.create"] == {"support": "native", "how": None, "hint": None}
        assert toy["customers.update"] == {"support": "emulated", "how": "two calls | one after the other", "hint": None}
        assert toy["customers.delete"] == {"support": "absent", "how": None, "hint": "ask the vendor"}

    def test_capabilities_as_markdown_have_notes_below_the_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["capabilities", "toy", "--markdown"]) == 0
        table, notes = capsys.readouterr().out.split("\n\n")
        assert table.splitlines()[:3] == ["| capability | toy |", "|---|---|", "| `customers.create` | native |"]
        assert notes == (
            "- `customers.update`, toy: emulated: two calls \\| one after the other\n- `customers.delete`, toy: absent: ask the vendor\n"
        )

    def test_an_unknown_provider_is_one_line_on_stderr(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["capabilities", "acme"]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("billbridge: no provider named 'acme' is installed (installed: ")
        assert err.count("\n") == 1

    def test_info_says_who_is_at_the_other_end_and_shows_no_key(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BILLBRIDGE_PROVIDER", "toy")
        monkeypatch.setenv("BILLBRIDGE_TOY_API_KEY", "hidden-key")
        assert main(["info"]) == 0
        assert capsys.readouterr() == ("provider     toy\ngateway      direct\nlive         unknown\napi_version  7\n", "")
        assert main(["info", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"provider": "toy", "gateway": "direct", "live": None, "api_version": "7"}

    def test_info_without_a_provider_says_which_variable_to_set(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("BILLBRIDGE_PROVIDER", raising=False)
        assert main(["info"]) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert "BILLBRIDGE_PROVIDER" in err

    @pytest.mark.parametrize(
        "arguments",
        [[], ["nonsense"], ["capabilities", "--nonsense"]],
    )
    def test_wrong_arguments_exit_with_2(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "usage:" in err
