"""cfn-lint through our door: places, levels, and no answer that depends on the machine."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.aws_rules.lint import lint
from generator.errors import InvalidInputError, Place

_TOPIC = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"


def test_a_sound_template_has_no_problems() -> None:
    assert lint(_TOPIC, "pipeline.yaml") == ()


def test_a_sound_json_template_has_no_problems() -> None:
    assert lint('{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}', "pipeline.json") == ()


def test_a_finding_has_its_rule_its_place_and_its_line() -> None:
    [problem] = lint(_TOPIC + "    Properties:\n      TopicNam: x\n", "app-sam.yaml")
    assert problem.message == (
        "E3002: Additional properties are not allowed ('TopicNam' was unexpected. Did you mean 'TopicName'?)"
    )
    assert problem.place == Place("app-sam.yaml", 5, 7)
    assert (problem.excerpt, problem.width, problem.level) == ("      TopicNam: x", 8, "error")


def test_a_finding_in_json_with_tabs_has_its_place() -> None:
    text = '{"Resources": {\n\t"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicNam": "x"}}\n}}'
    [problem] = lint(text, "app.json")
    assert problem.message.startswith("E3002: ")
    assert problem.place
    assert problem.place.line == 2
    assert text.splitlines()[1][problem.place.column - 1 :].startswith('"TopicNam"')


def test_a_warning_is_a_warning() -> None:
    [problem] = lint("Parameters:\n  Unused:\n    Type: String\n" + _TOPIC, "app.yaml")
    assert str(problem).splitlines()[0] == "app.yaml:2:3: warning: W2001: Parameter Unused not used."


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        pytest.param("Resources: [", "E0000: did not find expected node content", 1, id="cut short"),
        pytest.param("Resources:\n\t- x", "E0000: found character that cannot start any token", 2, id="a tab"),
        pytest.param("- one\n- two\n", "E0000: Template needs to be an object.", 1, id="a list"),
        pytest.param("hello", "E0000: Template needs to be an object.", 1, id="a word"),
    ],
)
def test_what_cannot_be_parsed_is_a_problem(text: str, message: str, line: int) -> None:
    [problem] = lint(text, "app.yaml")
    assert problem.message == message
    assert problem.place
    assert problem.place.line == line
    assert problem.level == "error"


def test_what_cfn_lint_falls_over_is_a_problem() -> None:
    [problem] = lint("Resources: x\nTransform: AWS::LanguageExtensions\n", "app.yaml")
    assert str(problem) == (
        "app.yaml:1:1: cfn-lint cannot make sense of it (AttributeError: 'str_node' object has no attribute 'items')\n"
        "  hint: is every section a map?"
    )


def test_a_region_cfn_lint_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"^cfn-lint does not know the region: nowhere-1$"):
        lint(_TOPIC, "app.yaml", regions=["nowhere-1"])


def test_a_type_is_judged_in_the_regions_asked_for() -> None:
    text = "Resources:\n  R:\n    Type: AWS::CodeCommit::Repository\n    Properties: {RepositoryName: r}\n"
    assert lint(text, "t.yaml", regions=("us-east-1",)) == ()
    [problem] = lint(text, "t.yaml", regions=("ca-west-1",))
    assert problem.message.startswith("E3006: ")


def test_retired_runtimes_are_left_to_the_checks_that_know_the_day() -> None:
    function = "    Properties: {Runtime: python2.7, Handler: a.b, Role: !Ref R, Code: {ZipFile: x}}\n"
    text = "Parameters: {R: {Type: String}}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n" + function
    assert lint(text, "app.yaml") == ()


def test_a_configuration_file_of_the_user_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / ".cfnlintrc").write_text("ignore_checks: [E3002]\n")
    program = "from generator.aws_rules.lint import lint; import sys; print(lint(sys.argv[1], 't')[0].message[:5])"
    text = _TOPIC + "    Properties: {TopicNam: x}\n"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, text],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("E3002\n", "")


def test_importing_the_door_does_not_import_cfn_lint() -> None:
    program = "import sys, generator.aws_rules.lint; print('cfnlint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_rules_are_loaded_once() -> None:
    from generator.aws_rules.lint import _rules  # noqa: PLC0415 -- looked at here only

    assert _rules() is _rules()


def test_the_garbage_collector_is_spared_what_stays_and_goes_on() -> None:
    program = (
        "import gc\n"
        "from generator.aws_rules.lint import lint\n"
        "lint('Resources: {}', 'a.yaml')\n"
        "spared = gc.get_freeze_count()\n"
        "lint('Resources: {}', 'a.yaml')\n"
        "print(spared > 100_000, gc.get_freeze_count() <= spared, gc.isenabled())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 3


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("cfnlint").error("a record of the library's own")
    lint("a: !Nope [", "app.yaml")
    assert capfd.readouterr() == ("", "")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abR: \n\t-[]{}\"'!&*#%é", max_size=60))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    lines = text.split("\n")
    for problem in lint(text, "any.yaml"):
        assert problem.place
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
        assert problem.excerpt == lines[problem.place.line - 1]


def test_a_long_line_is_cut_and_not_shown_for_what_stands_far_right() -> None:
    text = '{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"A": 1, "' + "B" * 300 + '": 1, "C": 1}}}}'
    near, middle, far = lint(text, "app.json")
    assert (near.excerpt, middle.excerpt, far.excerpt) == (text[:200], text[:200], "")


def test_what_a_terminal_would_act_on_is_not_repeated() -> None:
    messages = [problem.message for problem in lint('Parameters: {"\\e[2J": {Type: String}}\n' + _TOPIC, "app.yaml")]
    assert "W2001: Parameter \N{REPLACEMENT CHARACTER}[2J not used." in messages
    assert all(message.isprintable() for message in messages)
