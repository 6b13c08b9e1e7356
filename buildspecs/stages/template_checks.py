"""Looks over a template that the build has made: what keeps its stage from deploying it, all at once.

Of what the build makes, `penstock check` has seen nothing: outputs, parameters, and the types and names that the
launched deploy roles cover are compared here.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import function_checks
import names
import uploads
import yaml

_NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_SECTIONS = ("Globals", "Resources")
_LAUNCH = "deploy_role: {extra: ...} grants it, and penstock permissions --template <it> says what it takes"


def of_application(path: str, stack: str, parameters: dict[str, str] | None) -> Iterator[str]:
    """What is wrong with the application's template for a stack, and with those of the stacks within it.

    The parameters are None where the template is given none.
    """
    data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    yield from _outputs(data)
    yield from _parameters(data, parameters or {}) if parameters is not None else ()
    for around, file in {"": path, **_nested(data)}.items():
        text = Path(file).read_text(encoding="utf-8")
        inner = yaml.safe_load(text)
        problems = (*_types(inner, "COVERED_TYPES"), *function_checks.of_template(inner), *_names(text, stack))
        yield from (f"{around}{problem}" for problem in problems)


def of_tests(path: str) -> Iterator[str]:
    """What the launched roles do not cover of the tests' template, and of those within it, all in one file."""
    variable = "COVERED_TEST_TYPES" if os.environ.get("COVERED_TEST_TYPES") else "COVERED_TYPES"
    for data in yaml.safe_load_all(Path(path).read_text(encoding="utf-8")):
        yield from _types(data, variable)


def _nested(data: dict[str, Any], around: str = "") -> dict[str, str]:
    """The templates of nested stacks that this build has uploaded: in words which stack it is, and the file."""
    files: dict[str, str] = {}
    for logical_id, resource in (data.get("Resources") or {}).items():
        kind = resource.get("Type") if isinstance(resource, dict) else ""
        place = json.dumps((resource.get("Properties") or {}).get(_NESTED[kind])) if kind in _NESTED else ""
        # An address may be put together by functions; the key stands in it as it is.
        for file in (path for key, path in uploads.UPLOADED.items() if key in place):
            words = f"{around}nested stack {logical_id}: "
            inner = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
            files |= {words: file, **_nested(inner, words)}
    return files


def _outputs(data: dict[str, Any]) -> Iterator[str]:
    expected = os.environ.get("URL_OUTPUT")
    outputs = data.get("Outputs") or {}
    # An include or a loop may add more.
    if expected and expected not in outputs and not any(name.startswith("Fn::") for name in outputs):
        there = f"it has {', '.join(sorted(outputs))}" if outputs else "it has none"
        yield f"the template has no output '{expected}': {there}; app: {{url: ...}} names another one, or none"


def _parameters(data: dict[str, Any], stated: dict[str, str]) -> Iterator[str]:
    declared = data.get("Parameters") or {}
    for name in sorted(set(stated) - set(declared)):
        yield f"the pipeline file gives the parameter {name}, and the template declares none of that name"
    for name in sorted(set(declared) - set(stated)):
        if "Default" not in declared[name]:
            yield f"the template's parameter {name} has no default: give it in the stage's parameters"


def _types(data: dict[str, Any], variable: str) -> Iterator[str]:
    covered = os.environ.get(variable, "").lower().split()
    if not covered:
        return
    words = {word for section in _SECTIONS for word in _words(data.get(section))}
    kinds = {word for word in words if "::" in word and not word.endswith(":")}
    missing = {kind for kind in kinds if kind.lower() not in covered and f"{_service(kind)}::*" not in covered}
    missing |= words.intersection(os.environ.get("UNCOVERED_WORDS", "").split())
    if missing:
        yield f"the launched deploy role does not cover {' '.join(sorted(missing))}; {_LAUNCH}"


def _service(kind: str) -> str:
    return kind.rpartition("::")[0].lower()


def _words(value: Any) -> Iterator[str]:
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield f"{key}:"
        if key == "Type" and isinstance(inner, str):
            yield inner
        yield from _words(inner)
    for item in value if isinstance(value, list) else ():
        yield from _words(item)


def _names(text: str, stack: str) -> Iterator[str]:
    """Names of resources that neither begin as the stack's does nor are granted by hand."""
    if "COVERED_NAMES" not in os.environ:
        return
    covered = os.environ["COVERED_NAMES"].split()
    granted = [pattern[1:] for pattern in covered if pattern.startswith("=")]
    for logical_id, entry in names.uncovered(text, covered):
        key, _, name = entry.partition("=")
        plain = _joined(name).replace("${AWS::StackName}", stack)
        if not _begins_with(stack, plain) and not any(_matches(plain, pattern) for pattern in granted):
            what = f"{key} {plain} of {logical_id}".strip()
            yield f"the launched deploy role does not reach {what}: deploy_role: {{extra: ...}} grants it"


def _joined(name: str) -> str:
    """A name that Fn::Join puts together of texts and references, as one text."""
    if not name.startswith('{"Fn::Join"'):
        return name
    separator, parts = json.loads(name)["Fn::Join"]
    texts = [f"${{{part['Ref']}}}" if isinstance(part, dict) and "Ref" in part else part for part in parts]
    return separator.join(texts) if all(isinstance(text, str) for text in texts) else name


def _begins_with(stack: str, name: str) -> bool:
    start = re.escape(stack)
    # Names of buckets are in lower case; a log may be one that a service writes, a parameter a path.
    return bool(re.match(rf"(/aws/[a-z0-9-]+/)?{start}-|{re.escape(stack.lower())}-|/?{start}/", name))


def _matches(name: str, pattern: str) -> bool:
    return any(fnmatch.fnmatchcase(name, part) for part in (pattern, pattern.partition("/")[2]))


if __name__ == "__main__":
    if problems := [f"{sys.argv[1]}: {problem}" for problem in of_tests(sys.argv[2])]:
        sys.exit("\n".join(problems))
