"""The one door to cfn-lint: a template's text in, the problems AWS's own schemas find in it out."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from generator.errors import InvalidInputError, Level, Place, Problem, in_order
from generator.repository.cache.answers import FORGETFUL, Answers

_LEVELS: dict[str, Level] = {"E": "error", "W": "warning", "I": "info"}
_REGIONS = ("us-east-1",)
# As YAML counts lines: https://yaml.org/spec/1.1/#id871136
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# A template may be JSON on a single line.
_LONGEST_EXCERPT = 200
# The retirement of runtimes: these rules look at the machine's clock, `checks.runtimes` says it for a given day.
_RETIREMENT = ["E2531", "E2533", "W2531"]
# That code has to be packaged: a pipeline does it.
_PACKAGING = "W3002"


def lint(
    text: str, name: str, *, regions: Sequence[str] = _REGIONS, answers: Answers = FORGETFUL
) -> tuple[Problem, ...]:
    """What cfn-lint reports for a template (YAML or JSON), in its order; `name` is the file that the user sees.

    The first call of a process loads the rules (about half a second); later ones share them, and `answers` needs none.
    The text must have passed `document.read` when a stranger wrote it: cfn-lint's parser crashes on very deep nesting.
    Raises InvalidInputError for a region cfn-lint does not know.
    https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md
    """
    rows = answers.remembered(question(text, name, regions), lambda: _reported(text, name, regions))
    return tuple(Problem(message, Place(*place), *rest) for message, place, *rest in rows)


def question(text: str, name: str, regions: Sequence[str]) -> tuple[str, ...]:
    """All that cfn-lint's report depends on."""
    # This file decides too what is reported.
    return ("cfn-lint", version("cfn-lint"), Path(__file__).read_text(encoding="utf-8"), *regions, name, text)


def _reported(text: str, name: str, regions: Sequence[str]) -> tuple[Problem, ...]:
    _silence()
    template, matches = _decoder()(text)
    try:
        all_matches = matches or _matches(template, regions)
    except InvalidInputError:
        raise
    except Exception as error:  # noqa: BLE001 -- cfn-lint falls over sections of the wrong shape
        reason = _sentence(f"{type(error).__name__}: {error}")
        return (Problem(f"cfn-lint cannot make sense of it ({reason})", Place(name, 1, 1), "is every section a map?"),)
    lines = _LINE_END.split(text)
    return in_order(_problem(match, name, lines) for match in all_matches if not _is_of_ignorance(match))


def _matches(template: Any, regions: Sequence[str]) -> Iterable[Any]:
    from cfnlint.config import ConfigMixIn  # noqa: PLC0415 -- heavy: only who lints pays for it
    from cfnlint.exceptions import InvalidRegionException  # noqa: PLC0415
    from cfnlint.runner import run_template_by_data  # noqa: PLC0415

    # Naming a configuration file that does not exist keeps out `.cfnlintrc` of the working folder and the home.
    config = ConfigMixIn(["--config-file", os.devnull], regions=list(regions), ignore_checks=[*_RETIREMENT, _PACKAGING])
    try:
        return list(run_template_by_data(template, config, _rules()))
    except InvalidRegionException as error:
        raise InvalidInputError([Problem(f"cfn-lint does not know the region: {', '.join(regions)}")]) from error


@cache
def _silence() -> None:
    import logging  # noqa: PLC0415 -- only who lints pays for it

    # Python prints the records of a library without a handler to stderr, which belongs to the command line.
    logging.getLogger("cfnlint").addHandler(logging.NullHandler())


@cache
def _decoder() -> Any:
    with _staying():
        from cfnlint.decode.decode import decode_str  # noqa: PLC0415 -- heavy: only who lints pays for it

        return decode_str


@cache
def _rules() -> Any:
    with _staying():
        import cfnlint.rules  # noqa: PLC0415 -- heavy: only who lints pays for it

        return cfnlint.rules.Rules.create_from_directory(str(Path(cfnlint.rules.__file__).parent))


@contextmanager
def _staying() -> Iterator[None]:
    """Loads what stays until the process ends, and tells the garbage collector that there is nothing to find.

    cfn-lint and its rules are some 300,000 objects; to look through them while they grow, and again at the end of the
    process, takes as long as linting a template.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def _is_of_ignorance(match: Any) -> bool:
    """Whether an attribute is refused because cfn-lint knows none of the type, as of AWS::Serverless::GraphQLApi."""
    return match.rule.id == "E6101" and "is not one of []" in match.message


def _problem(match: Any, name: str, lines: Sequence[str]) -> Problem:
    line = min(max(1, match.linenumber), len(lines))
    written = lines[line - 1]
    column = min(max(1, match.columnnumber), len(written) + 1)
    return Problem(
        message=f"{match.rule.id}: {_sentence(match.message)}",
        place=Place(name, line, column),
        excerpt=written[:_LONGEST_EXCERPT] if column <= _LONGEST_EXCERPT else "",
        width=max(1, match.columnnumberend - column) if match.linenumberend == line else 1,
        level=_LEVELS.get(match.rule.id[:1], "error"),
    )


def _sentence(message: str) -> str:
    """A message on one line, without what a terminal would act on: cfn-lint repeats the template's own words."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(message.split()))
