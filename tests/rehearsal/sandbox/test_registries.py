"""Which hosts the user's package managers are set to."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rehearsal.sandbox import registries
from generator.rehearsal.sandbox.registries import DEFAULTS, discover, is_host, is_of_aws, npm_settings


def machine(home: Path, **variables: str) -> registries.Registries:
    return discover({"HOME": str(home), **variables})


@pytest.mark.parametrize(
    ("name", "value", "host"),
    [
        ("PIP_INDEX_URL", "https://user:word@Packages.example.com/simple", "packages.example.com"),
        ("PIP_EXTRA_INDEX_URL", "https://a.example.com/x https://b.example.com:8443/y", "b.example.com"),
        ("UV_DEFAULT_INDEX", "https://uv.example.com/simple", "uv.example.com"),
        ("npm_config_registry", "https://npm.example.com/", "npm.example.com"),
    ],
)
def test_variables_name_registries(name: str, value: str, host: str, tmp_path: Path) -> None:
    assert {host, *DEFAULTS} <= machine(tmp_path, **{name: value}).hosts


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".config/pip/pip.conf", "[global]\nindex-url = https://mine.example.com/simple\n"),
        (".pip/pip.conf", "[install]\nextra-index-url =\n  https://mine.example.com/simple\n"),
        (".npmrc", "@acme:registry=https://mine.example.com/npm/\n"),
        (".config/uv/uv.toml", '[[index]]\nurl = "https://mine.example.com/simple"\n'),
    ],
)
def test_files_name_registries(file: str, text: str, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    assert "mine.example.com" in machine(tmp_path).hosts


def test_a_file_that_a_variable_names_counts(tmp_path: Path) -> None:
    (tmp_path / "pip.ini").write_text("[global]\nindex-url=https://mine.example.com/simple")
    assert "mine.example.com" in machine(tmp_path, PIP_CONFIG_FILE=str(tmp_path / "pip.ini")).hosts


def test_a_registry_on_this_machine_opens_its_port_and_no_other(tmp_path: Path) -> None:
    here = machine(tmp_path, PIP_INDEX_URL="http://localhost:3141/root/pypi")
    assert 3141 in here.local_ports
    assert not here.whole_machine
    assert "localhost" not in here.hosts


def test_a_proxy_is_the_way_and_no_registry(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text("https-proxy=http://proxy.example.com:3128\n")
    here = machine(tmp_path)
    assert (here.upstream, "proxy.example.com" in here.hosts) == ("http://proxy.example.com:3128", False)


def test_the_usual_variables_outrank_the_tools_own(tmp_path: Path) -> None:
    here = machine(tmp_path, PIP_PROXY="http://pips:1", HTTPS_PROXY="http://usual:2", NO_PROXY="intranet")
    assert (here.upstream, here.bypass, here.pip_has_proxy) == ("http://usual:2", "intranet", True)


def test_to_allow_this_machine_is_to_allow_all_of_it(tmp_path: Path) -> None:
    assert discover({"HOME": str(tmp_path)}, ["localhost"]).whole_machine


@pytest.mark.parametrize("text", ["api.example.com", "localhost", "10.0.0.7", "fd00::1"])
def test_names_and_addresses_are_hosts(text: str) -> None:
    assert is_host(text)


@pytest.mark.parametrize("text", ["", "https://api.example.com", "api.example.com:443", "a b", "x/y", "-x"])
def test_urls_and_ports_are_none(text: str) -> None:
    assert not is_host(text)


@pytest.mark.parametrize("host", ["sts.amazonaws.com", "S3.AMAZONAWS.COM.", "x.lambda-url.us-east-1.on.aws"])
def test_names_of_aws_are_known(host: str) -> None:
    assert is_of_aws(host)
    assert not is_of_aws(f"{host}.example.com")


def test_of_npms_file_a_program_learns_where_packages_come_from_and_no_token(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text(
        "registry = https://npm.example/\n@acme:registry=https://acme.example/\nstrict-ssl=false\n"
        "//npm.example/:_authToken=npm_123\n_auth=abc\nemail=a@example.com\n@x:registry=${WHERE}\n"
    )
    assert npm_settings({"HOME": str(tmp_path)}) == {
        "npm_config_registry": "https://npm.example/",
        "npm_config_@acme:registry": "https://acme.example/",
        "npm_config_strict_ssl": "false",
    }
    assert npm_settings({}) == {}
