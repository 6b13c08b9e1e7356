"""What the pages show is true: examples compile, every key and every kind is described, links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.compiler.pipeline import compile_file
from generator.errors import InvalidInputError
from generator.pipeline_file import kinds
from generator.pipeline_file.schema import pipeline_file
from generator.repository import assets
from generator.repository.files import Repository
from tests.conftest import Golden
from tests.docs import reference

CHECKOUT = Path(__file__).parents[2]
DOCS = CHECKOUT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *CHECKOUT.glob("*.md")])
LEFT_OUT = {"service": "time-service", "source": {"codecommit": {"repository": "time-service"}}}
KINDS = {"sources": kinds.sources, "frameworks": kinds.frameworks, "stages": kinds.stages}
ROOMS: Mapping[str, Any] = {**KINDS, "notifications": kinds.notifications}

# Mappings whose keys are the user's own words.
NAMED_BY_USERS = {
    "build.secrets.": "<secret>",
    "environments.": "<environment>",
    "services.": "<service>",
    "services.<service>.stages.": "<stage>",
    "stages.": "<stage>",
    "stages.<stage>.deploy.secrets.": "<secret>",
    "variables.": "<variable>",
}


def named(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def examples(page: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


EXAMPLES = [(page, example) for page in PAGES for example in examples(page)]


def completed(example: str) -> str:
    """The example as a whole pipeline file: what it says nothing of is left to the smallest file."""
    lacking = {key: value for key, value in LEFT_OUT.items() if key not in yaml.safe_load(example)}
    return example + (yaml.safe_dump(lacking) if lacking else "")


@pytest.mark.parametrize(("page", "example"), EXAMPLES, ids=[f"{named(p)}-{i}" for i, (p, _) in enumerate(EXAMPLES)])
def test_every_example_compiles(page: Path, example: str, tmp_path: Path) -> None:
    # Where an application lies is not the example's subject: any will do.
    file = tmp_path / "pipeline.yaml"
    file.write_text(completed(example), encoding="utf-8")
    application = Repository(assets.folder("blueprints") / "time-service-python")
    compiled = compile_file(file, named(page), application)
    assert compiled.pipeline.stages


def test_an_example_that_is_wrong_is_found(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="did you mean 'approval'"):
        test_every_example_compiles(DOCS / "x.md", "stages:\n  - prod: {aproval: true}\n", tmp_path)


def test_the_reference_is_made_of_the_schema(golden: Golden) -> None:
    golden(DOCS / "reference" / "pipeline-file.md", reference.page(pipeline_file()))


def used(value: Any, prefix: str) -> Iterator[str]:
    """The keys of an example as the reference spells them."""
    for item in value if isinstance(value, list) else [value]:
        for key, inner in item.items() if isinstance(item, dict) else ():
            path = f"{prefix}{NAMED_BY_USERS.get(prefix, key)}"
            yield path
            yield from used(inner, f"{path}.")


@pytest.mark.parametrize("row", reference.rows(pipeline_file()), ids=lambda row: row.path)
def test_every_key_stands_in_an_example_of_its_section(row: reference.Row) -> None:
    section = reference.examples(row.path.partition(".")[0])
    assert row.path in {path for example in section for path in used(yaml.safe_load(example), "")}


def test_no_example_is_left_over() -> None:
    assert {file.stem for file in (CHECKOUT / "tests" / "docs" / "examples").iterdir()} == set(
        pipeline_file()["properties"]
    )


@pytest.mark.parametrize("room", ROOMS)
def test_every_kind_has_its_page_and_every_page_its_kind(room: str) -> None:
    assert {page.stem for page in (DOCS / room).glob("*.md")} == set(ROOMS[room]())


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.parent.parent == DOCS and page.parent.name in ROOMS], ids=named
)
def test_the_page_of_a_kind_shows_how_it_is_written(page: Path) -> None:
    assert page.read_text(encoding="utf-8").startswith(f"# {page.parent.name.removesuffix('s').capitalize()}")
    assert any(page.stem in example for example in examples(page))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_lines_are_short_enough_to_review(page: Path) -> None:
    # Rows of a table, and commands to be copied, are one line each.
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if not line.startswith(("|", "python3 "))]
    assert [line for line in lines if len(line) > 130] == []


def test_every_decision_has_a_number_of_its_own_and_says_it() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(page.name.partition("-")[0]) for page in pages]
    assert len({*numbers}) == len(numbers)
    titles = [page.read_text(encoding="utf-8").partition(".")[0] for page in pages]
    assert titles == [f"# {number}" for number in numbers]
