"""Several services go to prod together: outputs travel between them, and what has not changed is left alone.

That an output which changes reaches its readers, the blueprint of several services shows (frameworks/).
"""

from __future__ import annotations

from dataclasses import replace

from generator.execution import ActionEnded, ActionWaiting
from tests.rehearsal.driver.rehearsals import Course, Rehearsed, Stage
from tests.rehearsal.driver.shop import WORKER, Shop


def deployed(result: Rehearsed, stage: str) -> dict[str, str]:
    """What came of the stacks of a stage, by the actions that changed them."""
    ended = [event for event in result.of(ActionEnded) if event.stage == stage and event.summary.startswith("Stack ")]
    return {event.action: event.summary.partition(": ")[2] for event in ended}


def test_what_has_not_changed_is_neither_built_nor_deployed_again(stage: Stage) -> None:
    shop = Shop("shop")
    asked: list[ActionWaiting] = []
    course = Course(stage, shop, asked)

    first = course.take("first")
    assert first.outcome.status == "Succeeded"
    assert [name for name in first.ended if name.startswith("Beta/")] == [
        *sorted(["Beta/DeployDatabase", "Beta/DeployWorker"], key=first.ended.index),
        "Beta/DeployApi",
        "Beta/Test",
    ]
    (tested,) = [event.summary for event in first.of(ActionEnded) if (event.stage, event.action) == ("Beta", "Test")]
    assert tested.endswith("shop-database-beta-items of beta, https://shop-api-beta-requests.example.com")
    assert "api waits for outputs of database: it is deployed after your answer" in asked[0].message

    # One service changes.
    worker = replace(shop, files={"worker/template.yaml": WORKER.replace("-jobs", "-tasks")})
    second = course.take("worker", worker)
    assert second.outcome.status == "Succeeded"
    assert deployed(second, "Beta") == {
        "DeployApi": "no changes",
        "DeployDatabase": "no changes",
        "DeployWorker": "UPDATE_COMPLETE",
    }
    assert "database: changes nothing; worker: Replace 1" in asked[1].message

    # Only what has changed was built.
    log = course.build_log()
    assert "api: unchanged, built before" in log
    assert "database: unchanged, built before" in log
    assert "worker: unchanged" not in log
