"""The code keeps to the tables of docs/architecture.md and to the rules beside them."""

from __future__ import annotations

from pathlib import Path

from tests.architecture import rules

CHECKOUT = Path(__file__).parents[2]
PAGE = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
OURS = rules.modules(CHECKOUT, "generator")
LAMBDA = rules.modules(CHECKOUT, "test_runner_lambda")
TESTS = rules.modules(CHECKOUT, "tests")
ROOMS = rules.rooms(PAGE)


def test_imports_between_rooms_stand_in_the_table() -> None:
    assert [*rules.outside_layers(OURS, ROOMS)] == []


def test_outside_libraries_stay_behind_their_doors() -> None:
    assert [*rules.outside_libraries(OURS, ROOMS)] == []


def test_the_table_allows_nothing_that_nobody_needs() -> None:
    assert [*rules.without_use(OURS, ROOMS)] == []


def test_only_the_command_line_and_child_processes_print_exit_or_read_the_environment() -> None:
    assert [*rules.speaking(OURS, rules.processes(PAGE))] == []


def test_every_module_that_may_speak_needs_to() -> None:
    assert [*rules.silent(OURS, rules.processes(PAGE))] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert [*rules.cycles(OURS)] == []


def test_every_module_is_named_after_its_subject() -> None:
    assert [*rules.vague_names((*OURS, *LAMBDA, *TESTS))] == []


def test_no_name_could_stand_for_anything() -> None:
    assert [*rules.stand_ins((*OURS, *LAMBDA, *TESTS))] == []


def test_every_module_says_what_it_is() -> None:
    assert [*rules.without_docstring((*OURS, *LAMBDA))] == []


def test_every_function_fits_on_a_screen() -> None:
    assert [*rules.long_functions((*OURS, *LAMBDA))] == []


def test_no_file_is_too_long() -> None:
    assert [*rules.long_files((*OURS, *LAMBDA))] == []


def test_the_package_can_be_seen_at_a_glance() -> None:
    assert [*rules.crowded(CHECKOUT / "generator", rules.MOST_ENTRIES)] == []


def test_nothing_is_patched() -> None:
    assert [*rules.patches((*OURS, *LAMBDA, *TESTS))] == []


def test_what_runs_on_lambda_imports_nothing_of_ours() -> None:
    assert LAMBDA
    assert [*rules.imports_of_ours(LAMBDA)] == []
