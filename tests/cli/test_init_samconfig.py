"""`penstock init` finds stacks in SAM's configuration."""

from __future__ import annotations

import pytest

from generator.cli.main import run
from generator.compiler.pipeline import compile_file
from generator.model.stage import RESERVED_STAGES
from generator.repository.files import Repository
from tests.cli.repositories import APP, Folder, written

SAMCONFIG = """\
version = 0.1
[default.deploy.parameters]
stack_name = "time-dev"
[prod.global.parameters]
stack_name = "time-production"
[prod.deploy.parameters]
region = "eu-west-1"
[Staging_EU.deploy.parameters]
stack_name = "time-staging"
parameter_overrides = "LogLevel=debug"
[local.build.parameters]
cached = true
"""


def test_environments_become_stages_and_prod_comes_last(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder({"app-sam.yaml": APP, "samconfig.toml": SAMCONFIG})
    assert run(["init", str(root)]) == 0
    assert written(root)["stages"] == [
        {"staging-eu": {"stack": "time-staging"}},
        {"prod": {"stack": "time-production", "approval": True}},
    ]
    output = capsys.readouterr()
    assert "prod takes over the stack time-production in eu-west-1" in output.out
    assert "the parameter_overrides of Staging_EU were not taken over" in output.err
    assert "time-dev" not in (root / "pipeline.yaml").read_text(encoding="utf-8")


def test_the_yaml_form_of_the_configuration_is_read(folder: Folder) -> None:
    text = "version: 0.1\nprod:\n  deploy:\n    parameters: {stack_name: time-production}\n"
    root = folder({"samconfig.yaml": text})
    assert run(["init", str(root)]) == 0
    assert written(root)["stages"] == [{"prod": {"stack": "time-production", "approval": True}}]


def test_the_default_environment_is_suggested_for_prod_and_the_suggestion_works(folder: Folder) -> None:
    root = folder({"samconfig.toml": '[default.deploy.parameters]\nstack_name = "time"\n'})
    assert run(["init", str(root)]) == 0
    assert "stages" not in written(root)
    file = root / "pipeline.yaml"
    head, mark, suggestion = file.read_text(encoding="utf-8").partition("# stages:")
    assert head.endswith("# samconfig.toml deploys to the stack time. To have prod take it over:\n")
    file.write_text(head + (mark + suggestion).replace("# ", ""), encoding="utf-8")
    compiled = compile_file(file, "pipeline.yaml", Repository(root))
    assert [stage.deployment.stack for stage in compiled.pipeline.stages] == [
        "${ServiceName}-beta",
        "${ServiceName}-gamma",
        "time",
    ]


def test_the_suggestion_continues_the_stages_there_are(folder: Folder) -> None:
    text = '[default.deploy.parameters]\nstack_name = "time"\n[qa.deploy.parameters]\nstack_name = "time-qa"\n'
    root = folder({"samconfig.toml": text})
    assert run(["init", str(root)]) == 0
    file = root / "pipeline.yaml"
    head, mark, suggestion = file.read_text(encoding="utf-8").partition("#   - prod:")
    file.write_text(head + (mark + suggestion).replace("# ", ""), encoding="utf-8")
    compiled = compile_file(file, "pipeline.yaml", Repository(root))
    assert [(stage.word, stage.deployment.stack) for stage in compiled.pipeline.stages] == [
        ("qa", "time-qa"),
        ("prod", "time"),
    ]


@pytest.mark.parametrize("stack", ["time-service-beta", "time-service-tests", "no_stack"])
def test_a_stack_that_prod_cannot_take_over_is_not_suggested(stack: str, folder: Folder) -> None:
    root = folder({"samconfig.toml": f'[default.deploy.parameters]\nstack_name = "{stack}"\n'})
    assert run(["init", str(root)]) == 0
    assert stack not in (root / "pipeline.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[default", "samconfig.toml was not read"),
        ('[tests.deploy.parameters]\nstack_name = "a"\n', "environment tests did not become a stage"),
        ('[qa.deploy.parameters]\nstack_name = "a_b"\n', "'a_b' is not a valid stack name"),
        (
            '[a.deploy.parameters]\nstack_name = "x"\n[b.deploy.parameters]\nstack_name = "X"\n',
            "the stack X belongs to another stage",
        ),
        (
            '[a-b.deploy.parameters]\nstack_name = "x"\n[ab.deploy.parameters]\nstack_name = "y"\n',
            "environment ab did not become a stage",
        ),
        ('[qa.deploy.parameters]\nstack_name = "time-service-pipeline"\n', "belongs to another stage"),
    ],
)
def test_what_cannot_be_a_stage_is_said_and_left_out(
    text: str, message: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(folder({"samconfig.toml": text}))]) == 0
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("word", sorted(RESERVED_STAGES))
def test_words_the_pipeline_keeps_for_itself_are_left_out(word: str, folder: Folder) -> None:
    root = folder({"samconfig.toml": f'[{word}.deploy.parameters]\nstack_name = "a"\n'})
    assert run(["init", str(root)]) == 0
    assert "stages" not in written(root)


@pytest.mark.parametrize("text", ["qa = 1", "[qa]\ndeploy = 2", "[qa.deploy]\nparameters = 3", "qa = [1]"])
def test_a_configuration_of_another_shape_says_nothing(text: str, folder: Folder) -> None:
    root = folder({"samconfig.toml": text})
    assert run(["init", str(root)]) == 0
    assert "stages" not in written(root)
