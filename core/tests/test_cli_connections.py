"""`billbridge connections`, on the real Maton plugin and a simulated Maton on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from billbridge.cli.main import main
from billbridge.errors import PluginNotFoundError
from billbridge_sandbox import Sandbox
from billbridge_sandbox.maton import SimulatedMaton

Output = pytest.CaptureFixture[str]


@pytest.fixture
def maton(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedMaton]:
    sandbox = Sandbox()
    with sandbox.serve() as server:
        monkeypatch.setenv("MATON_API_KEY", "maton_hush")
        monkeypatch.setenv("BILLBRIDGE_MATON_BASE_URL", server.maton_url)
        yield sandbox.part(SimulatedMaton)


def test_create_prints_the_url_that_somebody_must_open(maton: SimulatedMaton, capsys: Output) -> None:
    assert main(["connections", "create", "stripe", "--method", "API_KEY"]) == 0
    out, err = capsys.readouterr()
    (made,) = maton.connections.find()
    lines = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert (lines["id"], lines["app"], lines["status"], lines["method"]) == (made.id, "stripe", "PENDING", "API_KEY")
    assert lines["url"].endswith(f"/maton/connect?session_token={made.token}")
    assert err == ""


def test_create_as_json(maton: SimulatedMaton, capsys: Output) -> None:
    assert main(["connections", "create", "chargebee", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    (made,) = maton.connections.find()
    assert list(facts) == ["id", "app", "status", "method", "created_at", "updated_at", "url"]
    assert (facts["id"], facts["app"], made.token in facts["url"]) == (made.id, "chargebee", True)


def test_list_has_a_heading_and_one_line_for_each(maton: SimulatedMaton, capsys: Output) -> None:
    assert main(["connections", "list"]) == 0
    assert capsys.readouterr().out.split() == ["id", "app", "status", "method", "created_at", "updated_at"]
    active, _ = maton.connect("stripe"), maton.connections.create("chargebee", "OAUTH2").id
    assert main(["connections", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["connections", "list", "--app", "stripe", "--status", "ACTIVE"]) == 0
    (_, line) = capsys.readouterr().out.splitlines()
    assert line.split()[:4] == [active, "stripe", "ACTIVE", "OAUTH2"]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_list_and_show_never_print_the_url_or_the_key(maton: SimulatedMaton, form: list[str], capsys: Output) -> None:
    made = maton.connections.create("stripe", "OAUTH2")
    assert main(["connections", "list", *form]) == 0
    assert main(["connections", "show", made.id, *form]) == 0
    out, err = capsys.readouterr()
    assert out.count(made.id) == 2
    assert not any(secret in out + err for secret in (made.token, "session_token", "maton_hush", "url"))


def test_show_as_json(maton: SimulatedMaton, capsys: Output) -> None:
    id = maton.connect("stripe")
    assert main(["connections", "show", id, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["id"], facts["status"]) == (id, "ACTIVE")


def test_delete_says_what_it_deleted(maton: SimulatedMaton, capsys: Output) -> None:
    id = maton.connect("stripe")
    assert main(["connections", "delete", id]) == 0
    assert capsys.readouterr() == (f"deleted  {id}\n", "")
    assert maton.connections.find() == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "none"], "maton has no such connection"),
        (["delete", "none"], "maton has no such connection"),
        (["create", "paypal"], "maton refused the request"),
        (["list", "--status", "active"], "status must be one of ACTIVE, PENDING, FAILED"),
        (["show", "a b"], "printable ASCII"),
    ],
)
@pytest.mark.usefixtures("maton")
def test_what_cannot_be_done_is_one_line_on_stderr(arguments: list[str], says: str, capsys: Output) -> None:
    assert main(["connections", *arguments]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
    assert "hush" not in err


def test_without_a_key_it_says_which_variable_to_set(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    for name in ("MATON_API_KEY", "BILLBRIDGE_MATON_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["connections", "list"]) == 1
    assert "MATON_API_KEY" in capsys.readouterr().err


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch, maton: SimulatedMaton, capsys: Output) -> None:
    monkeypatch.setenv("BILLBRIDGE_MATON_CONECTION", "con_1")
    assert main(["connections", "list"]) == 1
    assert "conection" in capsys.readouterr().err


def test_without_the_plugin_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    def missing(name: str, options: object, *, text: bool = False) -> None:
        raise PluginNotFoundError(f"no gateway named {name!r} is installed", hint="pip install billbridge-maton")

    monkeypatch.setattr("billbridge.plugins.registry.gateway", missing)
    assert main(["connections", "list"]) == 1
    assert "ip install billbridge-maton" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["create"], ["show"], ["delete"], ["list", "more"]])
def test_wrong_arguments_exit_with_2(arguments: list[str], capsys: Output) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["connections", *arguments])
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err
