"""`penstock cost`: the page, the data, and what its options change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.report.prices import SHIPPED
from tests.cli.command_line import APPLICATION, penstock

GOLDEN_APPLICATION = Path(__file__).parents[1] / "golden" / "application"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    shutil.copytree(APPLICATION, folder, dirs_exist_ok=True)
    text = "service: time-service\nsource:\n  codecommit: {repository: time-service}\nencryption: kms\n"
    (folder / "pipeline.yaml").write_text(text, encoding="utf-8")
    return folder


def data(repository: Path, *options: str | Path) -> Any:
    ran = penstock("cost", "--output", "json", *options, cwd=repository)
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def test_the_page_says_minutes_cost_both_types_and_what_it_leaves_out(repository: Path) -> None:
    ran = penstock("cost", "--commits-per-day", "20", cwd=repository)
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert (ran.code, ran.err) == (0, "")
    assert lines[0] == "time-service: USD in us-east-1 as of 2026-11-21"
    assert "Prod / Approve - a manual approval is free" in lines
    assert "codepipeline.v2.minutes 16,200 action minutes 32.40 32.20" in lines
    assert "kms.keys 1 keys 1.00 1.00" in lines
    assert "V1, without triggers and execution modes 1.00 0.00" in lines
    assert "V2 costs as much as V1, or more, from 19 commits a month" in lines
    assert "data transfer, and what a build downloads" in lines
    assert lines[lines.index("prices from copies by third parties, not from AWS's own page:") + 1].startswith(
        "codebuild"
    )


def test_the_data_says_the_same(repository: Path) -> None:
    content = data(repository, "--commits-per-day", "20")
    assert content["commits"] == {"day": 20, "month": 600}
    assert content["codepipeline"]["equal_at"] == 19
    assert content["month"]["total"] == pytest.approx(sum(line["full"] for line in content["month"]["lines"]))
    assert content["month"]["after_free"] < content["month"]["total"]
    assert {line["item"]: line["copied"] for line in content["commit"]["lines"]}["codepipeline.v2.minutes"] is False


def test_other_minutes_change_the_actions_of_their_kind_only(repository: Path) -> None:
    content = data(repository, "--minutes", "tests=5", "--minutes", "build=9")
    minutes = {(action["stage"], action["action"]): action["minutes"] for action in content["actions"]}
    assert [minutes[stage, "Test"] for stage in ("Beta", "Gamma", "Prod")] == [5, 5, 5]
    assert (minutes["Build", "Build"], minutes["Source", "Source"], minutes["Prod", "Approve"]) == (9, 1, 0)


def test_images_are_counted_and_what_they_are_taken_to_add_is_shown(tmp_path: Path) -> None:
    application = shutil.copytree(GOLDEN_APPLICATION, tmp_path / "application")
    text = "service: time-service\nsource: {codecommit: {repository: time-service}}\napp: {template: images.yaml}\n"
    (application / "pipeline.yaml").write_text(text, encoding="utf-8")
    ran = penstock("cost", "--image-mb", "100", cwd=application)
    assert "ecr.gb-months" in ran.out
    assert "images too, at 100 MB of new layers a commit (--image-mb);" in ran.out


def test_another_file_of_prices_takes_the_place_of_the_shipped_one(repository: Path, tmp_path: Path) -> None:
    mine = json.loads(SHIPPED.read_text(encoding="utf-8"))
    mine |= {"region": "eu-west-1", "prices": {"codepipeline.v2.minutes": {"unit": "m", "price": 1, "source": "aws"}}}
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(mine), encoding="utf-8")
    content = data(repository, "--prices", file)
    assert content["prices"]["region"] == "eu-west-1"
    assert content["commit"]["total"] == 27
    assert content["codepipeline"] is None
    assert "kms.keys" in content["not_counted"]
    assert "kms.keys, which the prices do not name" in penstock("cost", "--prices", file, cwd=repository).out


def test_the_prices_are_shown_in_the_form_in_which_they_are_taken(repository: Path, tmp_path: Path) -> None:
    shown = penstock("cost", "--show-prices", cwd=tmp_path)
    assert (shown.code, shown.out) == (0, SHIPPED.read_text(encoding="utf-8"))
    copy = tmp_path / "copy.json"
    copy.write_text(shown.out, encoding="utf-8")
    assert data(repository, "--prices", copy) == data(repository)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--minutes", "biuld=3"], "no kind of action is called 'biuld'; kinds: source, build, commands, deploy"),
        (["--minutes", "build=0"], "'build=0' gives no whole minutes"),
        (["--minutes", "build"], "'build' gives no whole minutes"),
        (["--minutes", "build=2.5"], "'build=2.5' gives no whole minutes"),
        (["--commits-per-day", "-1"], "'-1' is not a number from 0 up"),
        (["--commits-per-day", "many"], "'many' is not a number from 0 up"),
        (["--artifact-mb", "inf"], "'inf' is not a number from 0 up"),
        (["--prices", "none.json"], "none.json cannot be read: No such file or directory"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(options: list[str], message: str, repository: Path) -> None:
    ran = penstock("cost", *options, cwd=repository)
    assert (ran.code, ran.out) == (2, "")
    assert message in " ".join(ran.err.replace("│", " ").split())


def test_the_page_is_the_same_under_any_hash_seed(repository: Path) -> None:
    assert penstock("cost", cwd=repository).out == penstock("cost", cwd=repository).out


def test_a_broken_pipeline_file_is_told_of(tmp_path: Path) -> None:
    ran = penstock("cost", cwd=tmp_path)
    assert ran.code == 2
    assert "pipeline.yaml" in ran.err
