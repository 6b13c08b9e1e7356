"""Reads the packages that tox would install for the unit tests, which are run without it."""

from __future__ import annotations

import configparser
import importlib
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Environments that run unit tests, by every part of their names; those that lint, document or deploy are left out.
_UNIT = re.compile(r"((py(thon|py)?)?[\d.]*|units?|tests?|pytest|cov(erage)?|default)")
# What an environment for the Python of this build is made of: lines for others are not for it.
_FACTORS = {"py", f"py{sys.version_info[0]}", f"py{sys.version_info[0]}{sys.version_info[1]}", "test", "tests", "unit"}
_CONDITION = re.compile(r"(?P<factors>!?[\w.][\w.,!{}-]*):\s+(?P<text>.*)")
_OPTION = re.compile(r"(-[rce]|--requirement|--constraint|--editable)[ =]*(?P<path>.*)")


def toml(path: str) -> dict[str, Any]:
    """A TOML file's data; nothing of one that is not there."""
    if not os.path.isfile(path):
        return {}
    # Python 3.10 and older have no reader of their own; pip brings one.
    reader = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "pip._vendor.tomli")
    data: dict[str, Any] = reader.loads(Path(path).read_text(encoding="utf-8"))
    return data


def options(folder: str) -> list[str]:
    """What a folder's configuration of tox lists, each as pip takes it on a command line at the source's root."""
    asked = (_option(line, os.path.relpath(folder)) for line in _configured(folder))
    return list(dict.fromkeys(option for option in asked if option))


def _option(line: str, folder: str) -> str:
    """A line of requirements for a command line; empty where it holds what only tox knows."""
    line = re.sub(r"\{(toxinidir|tox_root)\}", ".", line).replace("{/}", "/")
    if "{" in line:
        print(f"{folder}: not installed, since only tox knows what it is: {line}", flush=True)
        return ""
    option = _OPTION.fullmatch(line)
    path = option["path"] if option else line if line.startswith(".") else ""
    if not path or "://" in path:
        return shlex.join([option[1], path] if option else [line])
    # Without a slash, pip would look for a package of that name.
    inside = os.path.join(".", os.path.normpath(os.path.join(folder, path)))
    return shlex.join([option[1], os.path.normpath(inside)] if option else [inside])


def _configured(folder: str) -> Iterator[str]:
    """The lines of the file that tox takes, of several the first: https://tox.wiki/en/latest/config.html."""
    tox = toml(f"{folder}/pyproject.toml").get("tool", {}).get("tox", {})
    if os.path.isfile(f"{folder}/tox.ini"):
        yield from _of_ini(Path(folder, "tox.ini").read_text(encoding="utf-8"))
    elif os.path.isfile(f"{folder}/setup.cfg") and "[tox:tox]" in (
        text := Path(folder, "setup.cfg").read_text(encoding="utf-8")
    ):
        yield from _of_ini(text)
    elif "legacy_tox_ini" in tox:
        yield from _of_ini(tox["legacy_tox_ini"])
    else:
        tox = tox or toml(f"{folder}/tox.toml")
        several = (each for name, each in tox.get("env", {}).items() if _is_unit(name))
        for environment in (tox.get("env_run_base", {}), *several):
            yield from (each for each in environment.get("deps", []) if isinstance(each, str))


def _of_ini(text: str) -> Iterator[str]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        print(f"tox's configuration is not read, and what it lists not installed: {error}", flush=True)
    for section in parser.sections():
        kind, _, name = section.partition(":")
        if kind == "testenv" and (not name or _is_unit(name)):
            yield from _lines(parser, section, "deps", ())


def _is_unit(name: str) -> bool:
    parts = [part for part in re.split(r"[-_{},]", name) if part]
    return all(_UNIT.fullmatch(part) for part in parts)


def _lines(parser: configparser.RawConfigParser, section: str, key: str, seen: tuple[str, ...]) -> Iterator[str]:
    """The lines of a value: those of other sections where it refers to them, none for another Python."""
    text = parser.get(section, key, fallback="") if section not in seen else ""
    for stated in (re.sub(r"(^|\s)#.*", "", line).strip() for line in (text or "").splitlines()):
        condition = _CONDITION.fullmatch(stated)
        line = condition["text"] if condition else stated
        if condition and not _applies(condition["factors"]):
            continue
        if reference := re.fullmatch(r"\{\[(.+)\](\w+)\}", line):
            yield from _lines(parser, reference[1], reference[2], (*seen, section))
        elif line:
            yield line


def _applies(factors: str) -> bool:
    """Whether a line is for this Python: https://tox.wiki/en/latest/config.html#conditional-settings."""
    alternatives = (each for stated in re.split(r",(?![^{]*\})", factors) for each in _expanded(stated))
    return any(all(map(_is_factor, each.split("-"))) for each in alternatives)


def _is_factor(part: str) -> bool:
    return (part.lstrip("!") in _FACTORS) != part.startswith("!")


def _expanded(text: str) -> list[str]:
    choice = re.search(r"\{([^{}]*)\}", text)
    if not choice:
        return [text]
    ends = text[: choice.start()], text[choice.end() :]
    return [each for word in choice[1].split(",") for each in _expanded(word.strip().join(ends))]
