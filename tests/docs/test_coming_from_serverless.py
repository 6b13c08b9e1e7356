"""The page for those who come from the Serverless Framework leaves out no command and no option of the tools."""

from __future__ import annotations

import json
import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "coming-from-serverless.md").read_text(encoding="utf-8")
# What osls itself says; tests/buildspecs/test_packaged_twice.py asks it, and writes the file with --rewrite.
OSLS = json.loads(Path(__file__).with_name("osls_commands.json").read_text(encoding="utf-8"))
# https://www.serverless.com/framework/docs/providers/aws/cli-reference (4), and what 3 has for the dashboard.
OF_SERVERLESS = """
agent inspect, agent setup, agent skills install, dashboard, deploy, deploy function, deploy list, dev, diff, info,
invoke, invoke local, login, login aws, login aws sso, logout, logs, metrics, offline, output get, output list, package,
param get, param list, plugin uninstall, print, prune, reconcile, remove, rollback, slstats, studio, support, usage
"""


def left_of_tables() -> list[str]:
    """All that stands in backticks in the first column of a table."""
    rows = re.findall(r"^\| (.+?) \| ", PAGE, re.MULTILINE)
    return [code for row in rows for code in re.findall(r"`([^`]+)`", row)]


def commands() -> set[str]:
    """The commands that the tables map: `deploy list` of `deploy list`, `rollback` of `rollback --timestamp`."""
    return {code.partition(" --")[0] for code in left_of_tables()}


def test_each_command_of_osls_is_mapped() -> None:
    assert OSLS["commands"].keys() - commands() == set()


def test_each_option_of_osls_is_mapped() -> None:
    stated = {option for code in left_of_tables() for option in re.findall(r"--([A-Za-z][A-Za-z0-9-]*)", code)}
    options = {option for command in OSLS["commands"].values() for option in command}
    assert options - stated == set()


def test_the_version_that_was_asked_stands_on_the_page() -> None:
    assert f"osls {OSLS['version']}" in PAGE


def test_each_command_of_versions_3_and_4_is_mapped() -> None:
    assert {name.strip() for name in OF_SERVERLESS.split(",")} - commands() == set()
