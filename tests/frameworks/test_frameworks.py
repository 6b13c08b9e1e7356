"""Every framework offers what the contract asks for, and exactly one stands in for the others."""

from __future__ import annotations

import datetime as dt

import pytest

from generator.frameworks import Framework, OwnConfiguration, sam
from generator.model.build import Machine
from generator.pipeline_file import kinds
from generator.repository import assets
from generator.repository.files import Repository

_SAM = sam.FRAMEWORK
_STANDARD = Machine("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", _SAM.IMAGE)
_LAMBDA = Machine("LINUX_LAMBDA_CONTAINER", "BUILD_LAMBDA_2GB", "aws/codebuild/amazonlinux-x86_64-lambda-standard:x")


def test_one_framework_stands_in_where_none_recognises_the_repository(repository: Repository) -> None:
    assert [word for word, kind in kinds.frameworks().items() if kind.IS_DEFAULT] == ["sam"]
    assert not _SAM.recognises(repository)
    assert kinds.framework_of(repository) == "sam"


def test_a_template_of_a_usual_name_is_recognised(repository: Repository) -> None:
    (repository.root / "template.yaml").write_text("Resources: {}\n")
    assert _SAM.recognises(repository)


@pytest.mark.parametrize("kind", kinds.frameworks().values(), ids=list(kinds.frameworks()))
def test_every_language_has_its_buildspec_and_versions(kind: Framework) -> None:
    assert kind.LANGUAGE in kind.LANGUAGES
    for language, file in kind.LANGUAGES.items():
        assert kind.PACKAGED_APP.replace("{stage}", "*") in assets.text("buildspecs", file)
        assert kind.PACKAGED_TESTS in assets.text("buildspecs", file)
        assert kind.RUNTIMES[language]


def test_a_buildspec_chooses_versions_where_the_image_has_several() -> None:
    standard = _SAM.buildspec("python", {"nodejs": "22", "python": "3.13"}, _STANDARD)
    assert 'runtime-versions: {nodejs: "22", python: "3.13"}' in standard
    assert "runtime-versions" not in _SAM.buildspec("python", {"python": "3.13"}, _LAMBDA)


def test_a_build_on_lambda_writes_where_it_may() -> None:
    assert 'export HOME="$(mktemp -d)"' in _SAM.buildspec("python", {}, _LAMBDA)
    assert "export HOME" not in _SAM.buildspec("python", {}, _STANDARD)


def test_a_repository_without_a_configuration_of_its_own_deploys_nothing(repository: Repository) -> None:
    assert _SAM.own_configuration(repository) == OwnConfiguration()


def test_the_tests_to_begin_with_are_a_template_that_the_framework_reads(repository: Repository) -> None:
    text = _SAM.starter_template("checks", "python", "3.13", dt.date(2026, 11, 21))
    (repository.root / _SAM.TESTS_NAMES[0]).write_text(text)
    template = _SAM.read(repository, _SAM.TESTS_NAMES[0])
    assert list(template.outputs) == ["TestFunction"]
    assert template.languages() == {"python": ("3.13",)}
