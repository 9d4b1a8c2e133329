"""Plugins as they are really found: packages with entry points, written to a folder for each test."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from billbridge import Billing, Gateway, Provider
from billbridge.errors import BrokenPluginError, ConfigurationError, PluginConflictError, PluginNotFoundError
from billbridge.plugins.registry import GATEWAYS, PROVIDERS, connect, installed

PROVIDER = """
from collections.abc import Mapping
from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options
from billbridge.plugins.provider import Provider

class ToyOptions(Options, frozen=True, kw_only=True):
    api_key: str
    pages: int = 1
    base_url: str = "https://toy.invalid"

class ToyProvider(Provider):
    name = "toy"
    api_version = "1"
    def __init__(self, options):
        self.options = options
        super().__init__()
    def base_url(self): return self.options.base_url
    def credentials(self): return {"authorization": self.options.api_key}

@hookimpl
def billbridge_options(): return ToyOptions

@hookimpl
def billbridge_provider(options): return ToyProvider(options)
"""
GATEWAY = """
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options

class ViaOptions(Options, frozen=True, kw_only=True):
    api_key: str
    connection: str = ""

class Via(Gateway):
    name = "via"
    def __init__(self, options): self.options = options

@hookimpl
def billbridge_options(): return ViaOptions

@hookimpl
def billbridge_gateway(options): return Via(options)
"""
WATCHER = """
from billbridge.plugins.hookspecs import hookimpl
seen = []
@hookimpl
def billbridge_exchange(exchange): seen.append(exchange.operation)
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package of one module with one entry point, as pip would: `install("billbridge.providers", "toy", code)`."""
    from stevedore import ExtensionManager

    monkeypatch.setattr(ExtensionManager, "ENTRY_POINT_CACHE", {})  # stevedore remembers a group for the life of the process
    modules: list[str] = []

    def installer(group: str, name: str, code: str, package: str = "toy_package") -> None:
        folder = tmp_path / package
        info = folder / f"{package}-1.0.dist-info"
        info.mkdir(parents=True)
        (folder / f"{package}.py").write_text(code)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {package}\n")
        monkeypatch.syspath_prepend(str(folder))
        modules.append(package)
        importlib.invalidate_caches()

    yield installer
    for module in modules:
        sys.modules.pop(module, None)


def test_the_types_of_what_plugins_implement_can_be_read_at_run_time() -> None:
    for seam in (Gateway, Provider):
        for name, method in vars(seam).items():
            if inspect.isfunction(method):
                assert "return" in get_type_hints(method), name


def test_a_provider_is_found_by_name_and_gets_its_options(install: Install) -> None:
    install(PROVIDERS, "toy", PROVIDER)
    provider, gateway = connect("toy", None, {"api_key": "k", "pages": 3})
    assert (provider.name, gateway.name) == ("toy", "direct")
    assert provider.options.pages == 3  # type: ignore[attr-defined]
    assert "toy" in installed(PROVIDERS)
    assert repr(Billing.connect("toy", api_key="k", gateway="direct")) == "<Billing toy by direct>"


def test_an_unknown_provider_says_what_is_installed_and_what_to_install(install: Install) -> None:
    install(PROVIDERS, "toy", PROVIDER)
    with pytest.raises(PluginNotFoundError, match=r"no provider named 'strip' is installed \(installed: .*toy"):
        connect("strip", None, {})
    with pytest.raises(PluginNotFoundError, match=r"entry-point group 'billbridge\.gateways'"):
        connect("toy", "nowhere", {})


def test_a_misspelt_provider_gets_the_nearest_name_and_a_key_in_its_place_is_not_shown(install: Install) -> None:
    install(PROVIDERS, "toybox", PROVIDER)
    with pytest.raises(PluginNotFoundError, match=r"no provider named 'ToyBx' is installed.*did you mean 'toybox'\?"):
        connect("ToyBx", None, {})
    with pytest.raises(PluginNotFoundError) as caught:
        connect("sk_live_hushhush", None, {})
    assert "hush" not in str(caught.value)


def test_looking_at_what_is_installed_imports_no_plugin(install: Install) -> None:
    install(PROVIDERS, "toy", "raise RuntimeError('imported')")
    assert "toy" in installed(PROVIDERS)
    assert "toy_package" not in sys.modules


def test_two_packages_that_claim_one_name_are_an_error_and_neither_is_imported(install: Install) -> None:
    install(PROVIDERS, "toy", "raise RuntimeError('imported')", package="honest_package")
    install(PROVIDERS, "toy", "raise RuntimeError('imported')", package="other_package")
    with pytest.raises(PluginConflictError, match="2 installed packages claim the provider name 'toy': honest_package, other_package"):
        connect("toy", None, {"api_key": "secret"})
    assert not {"honest_package", "other_package"} & set(sys.modules)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import no_such_module_here", "could not be imported: ModuleNotFoundError: No module named 'no_such_module_here'"),
        ("raise RuntimeError('at import')", "could not be imported: RuntimeError: at import"),
        ("x = 1", "billbridge_options of the plugin 'toy' must return an Options class"),
        (PROVIDER.replace("return ToyOptions", "return dict"), "must return an Options class"),
        (PROVIDER.replace("return ToyProvider(options)", "return 'a provider'"), "must make a billbridge Provider, not str"),
        (PROVIDER.replace("return ToyProvider(options)", "raise KeyError('inside')"), r"failed while it was set up \(KeyError\)"),
        (
            PROVIDER.replace("def billbridge_provider(options)", "def billbridge_provder(options)"),
            "does not fit billbridge",
        ),
        (
            PROVIDER.replace("def billbridge_provider(options)", "def billbridge_provider(optoins)"),
            "does not fit billbridge",
        ),
    ],
)
def test_a_broken_plugin_is_named_with_what_is_wrong(install: Install, code: str, says: str) -> None:
    install(PROVIDERS, "toy", code)
    with pytest.raises(BrokenPluginError, match=says) as caught:
        connect("toy", None, {"api_key": "very-secret"})
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"api_key": "k", "page": 1}, "toy has no option 'page'.*did you mean 'pages'"),
        ({"api_key": "k", "zebra": 1}, "toy has no option 'zebra'.*Its options are api_key, pages, base_url"),
        (
            {},
            r"toy needs api_key, but it is missing or empty.*set BILLBRIDGE_TOY_API_KEY and call from_env\(\): connect",
        ),
        ({"api_key": None}, r"api_key of toy is None.*pass api_key, or set BILLBRIDGE_TOY_API_KEY and call from_env\(\)"),
        ({"api_key": "k", "pages": "3"}, "pages of toy must be int, not str.*the options of toy are api_key, pages, base_url"),
        ({"api_key": 5}, "api_key of toy must be str, not int"),
    ],
)
def test_a_wrong_option_is_refused_with_the_known_ones(install: Install, options: dict[str, Any], says: str) -> None:
    install(PROVIDERS, "toy", PROVIDER)
    with pytest.raises(ConfigurationError, match=says):
        Billing.connect("toy", **options)


def test_an_error_about_options_never_shows_a_value(install: Install) -> None:
    install(PROVIDERS, "toy", PROVIDER)
    with pytest.raises(ConfigurationError) as caught:
        Billing.connect("toy", api_key="very-secret", pages="also-secret")
    assert "secret" not in str(caught.value)
    provider, _ = connect("toy", None, {"api_key": "very-secret"})
    assert repr(provider.options) == "ToyOptions(api_key=…, pages=…, base_url=…)"  # type: ignore[attr-defined]


def test_an_option_that_both_know_goes_to_the_gateway(install: Install) -> None:
    install(PROVIDERS, "toy", PROVIDER.replace("api_key: str\n", "api_key: str = ''\n"))
    install(GATEWAYS, "via", GATEWAY, package="via_package")
    provider, gateway = connect("toy", "via", {"api_key": "k", "connection": "c", "pages": 2})
    assert (gateway.options.api_key, gateway.options.connection) == ("k", "c")  # type: ignore[attr-defined]
    assert (provider.options.api_key, provider.options.pages) == ("", 2)  # type: ignore[attr-defined]
    with pytest.raises(ConfigurationError, match="did you mean 'connection'"):
        connect("toy", "via", {"api_key": "k", "conection": "c"})


def test_options_from_the_environment_are_text_and_converted(install: Install) -> None:
    install(PROVIDERS, "toy", PROVIDER)
    environment = {"BILLBRIDGE_PROVIDER": "toy", "BILLBRIDGE_TOY_API_KEY": "k", "BILLBRIDGE_TOY_PAGES": "4"}
    provider: Any = Billing.from_env(environment)._session.provider
    assert provider.options.pages == 4
    with pytest.raises(ConfigurationError, match=r"toy has no option 'apikey'.*did you mean 'api_key'"):
        Billing.from_env({**environment, "BILLBRIDGE_TOY_APIKEY": "k"})
    with pytest.raises(ConfigurationError, match="BILLBRIDGE_TOY_PAGES must be a whole number") as caught:
        Billing.from_env({**environment, "BILLBRIDGE_TOY_PAGES": "secret"})
    assert "secret" not in str(caught.value)


def test_a_word_that_an_option_does_not_know_is_refused_with_the_known_ones(install: Install) -> None:
    install(
        PROVIDERS,
        "toy",
        PROVIDER.replace("pages: int = 1", "pages: Literal['few', 'many'] = 'few'").replace(
            "from collections", "from typing import Literal\nfrom collections", 1
        ),
    )
    with pytest.raises(ConfigurationError, match="pages of toy must be one of few, many") as caught:
        connect("toy", None, {"api_key": "k", "pages": "secret"})
    assert "secret" not in str(caught.value)


def test_a_time_that_cannot_be_read_is_refused_by_name(install: Install) -> None:
    install(
        PROVIDERS,
        "toy",
        PROVIDER.replace("pages: int = 1", "pages: datetime | None = None").replace(
            "from collections", "from datetime import datetime\nfrom collections", 1
        ),
    )
    with pytest.raises(ConfigurationError, match="pages of toy cannot be read: Invalid RFC3339 encoded datetime"):
        connect("toy", None, {"api_key": "k", "pages": "yesterday"})


def test_a_gateway_plugin_that_makes_something_else_is_broken(install: Install) -> None:
    install(PROVIDERS, "toy", PROVIDER)
    install(GATEWAYS, "via", GATEWAY.replace("return Via(options)", "return 1"), package="via_package")
    with pytest.raises(BrokenPluginError, match="must make a billbridge Gateway, not int"):
        connect("toy", "via", {"api_key": "k"})


def test_hooks_are_loaded_only_when_the_application_names_them(install: Install, toy: Any, make_script: Any) -> None:
    install("billbridge.hooks", "watcher", WATCHER, package="watcher_package")
    Billing(toy, gateway=make_script()).customers.get("c1")
    assert "watcher_package" not in sys.modules
    Billing(toy, gateway=make_script(), hooks=["watcher"]).customers.get("c1")
    assert sys.modules["watcher_package"].seen == ["customers.get"]
    with pytest.raises(PluginNotFoundError, match="no hook named 'nobody'"):
        Billing(toy, gateway=make_script(), hooks=["nobody"])
