"""A pipeline's declaration as frozen values, read from the shape CodePipeline's API gives it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["SUPERSEDED", "QUEUED", "PARALLEL"]
CONDITIONS = ("beforeEntry", "onSuccess", "onFailure")
RULE = "Rule"
"""The category of rules, which no action has."""


@dataclass(frozen=True, slots=True)
class ActionType:
    """What kind of action, and who carries it out."""

    category: str
    owner: str
    provider: str
    version: str

    def declared(self) -> dict[str, str]:
        """The type as the API writes it."""
        return {
            "category": self.category,
            "owner": self.owner,
            "provider": self.provider,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True)
class ArtifactStore:
    """The bucket artifacts are in, and the key they are encrypted with (None: the account's key for S3)."""

    bucket: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a stage."""

    name: str
    type: ActionType
    run_order: int
    configuration: Mapping[str, str]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    role: str | None
    region: str | None
    namespace: str | None
    timeout_minutes: int | None


@dataclass(frozen=True, slots=True)
class OnFailure:
    """What a stage does by itself when it fails."""

    result: str
    retry_mode: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Rules that are looked at together, and what happens when one fails. A rule runs like an action."""

    result: str
    rules: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, with its conditions by their place ("beforeEntry")."""

    name: str
    actions: tuple[Action, ...]
    on_failure: OnFailure | None
    conditions: Mapping[str, Condition]

    @property
    def not_rehearsed(self) -> tuple[str, ...]:
        """The conditions that this machine cannot run: nobody says how a retry and they come together."""
        skipping = [key for key, condition in self.conditions.items() if condition.result not in ("FAIL", "ROLLBACK")]
        return tuple(dict.fromkeys([*skipping, *(["onFailure"] if "onFailure" in self.conditions else [])]))

    def groups(self) -> list[list[Action]]:
        """Its actions in the order they run: one list for each run order, side by side within it."""
        orders = sorted({action.run_order for action in self.actions})
        return [[action for action in self.actions if action.run_order == order] for order in orders]


@dataclass(frozen=True, slots=True)
class Globs:
    """What a filter lets through and what it keeps out."""

    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PushFilter:
    """One filter of pushes: branches and file paths together, or tags."""

    branches: Globs | None = None
    paths: Globs | None = None
    tags: Globs | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts the pipeline when the source of the named action changes.

    Filters of pull requests are left out: nothing on this machine opens one.
    """

    source_action: str
    push: tuple[PushFilter, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the pipeline; without a default it must be given at every start."""

    name: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One version of a pipeline. `stores` maps a region to its artifact store; "" is the pipeline's own region."""

    name: str
    version: int
    role: str
    stages: tuple[Stage, ...]
    stores: Mapping[str, ArtifactStore]
    mode: Mode
    type: str
    variables: tuple[Variable, ...]
    triggers: tuple[Trigger, ...]

    def actions(self) -> Iterator[tuple[Stage, Action]]:
        """Every action with its stage, in the order they are declared."""
        return ((stage, action) for stage in self.stages for action in stage.actions)

    def store(self, region: str) -> ArtifactStore:
        """The artifact store for actions of a region: the only one serves the pipeline's own region alone."""
        return self.stores[region] if region in self.stores else self.stores[""]


def normalised(declared: Mapping[str, Any], version: int) -> dict[str, Any]:
    """The declaration as GetPipeline shows it: what may be left out filled in with AWS's defaults."""
    answer = copy.deepcopy(dict(declared)) | {"version": version}
    answer.setdefault("executionMode", "SUPERSEDED")
    answer.setdefault("pipelineType", "V2" if needs_v2(answer) else "V1")
    for stage in answer["stages"]:
        for action in stage["actions"]:
            action.setdefault("runOrder", 1)
            action.setdefault("configuration", {})
            action.setdefault("outputArtifacts", [])
            action.setdefault("inputArtifacts", [])
    return answer


def needs_v2(declared: Mapping[str, Any]) -> tuple[str, ...]:
    """What of the declaration only pipelines of type V2 have.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html
    """
    features = [key for key in ("variables", "triggers") if declared.get(key)]
    if declared.get("executionMode", "SUPERSEDED") != "SUPERSEDED":
        features.append(f"executionMode {declared['executionMode']}")
    features += [
        f"{key} of stage {stage['name']}" for stage in declared["stages"] for key in CONDITIONS if stage.get(key)
    ]
    return tuple(features)


def read(declared: Mapping[str, Any]) -> Pipeline:
    """The pipeline a normalised declaration means."""
    return Pipeline(
        name=declared["name"],
        version=declared["version"],
        role=declared["roleArn"],
        stages=tuple(_stage(stage) for stage in declared["stages"]),
        stores=_stores(declared),
        mode=declared["executionMode"],
        type=declared["pipelineType"],
        variables=tuple(Variable(v["name"], v.get("defaultValue")) for v in declared.get("variables", ())),
        triggers=tuple(_trigger(trigger) for trigger in declared.get("triggers", ())),
    )


def _stores(declared: Mapping[str, Any]) -> dict[str, ArtifactStore]:
    stores = {region: _store(store) for region, store in declared.get("artifactStores", {}).items()}
    if "artifactStore" in declared:
        stores[""] = _store(declared["artifactStore"])
    return stores


def _store(declared: Mapping[str, Any]) -> ArtifactStore:
    return ArtifactStore(declared["location"], declared.get("encryptionKey", {}).get("id"))


def _stage(declared: Mapping[str, Any]) -> Stage:
    failure = declared.get("onFailure", {})
    mode = failure.get("retryConfiguration", {}).get("retryMode", "FAILED_ACTIONS")
    return Stage(
        name=declared["name"],
        actions=tuple(_action(action) for action in declared["actions"]),
        on_failure=OnFailure(failure["result"], mode) if "result" in failure else None,
        conditions={
            key: _condition(conditions[0])
            for key in CONDITIONS
            if (conditions := declared.get(key, {}).get("conditions"))
        },
    )


def _condition(declared: Mapping[str, Any]) -> Condition:
    return Condition(declared.get("result", ""), tuple(_rule(rule) for rule in declared.get("rules", ())))


def _rule(declared: Mapping[str, Any]) -> Action:
    kind = declared["ruleTypeId"]
    return Action(
        name=declared["name"],
        type=ActionType(RULE, kind.get("owner", "AWS"), kind["provider"], kind.get("version", "1")),
        run_order=1,
        configuration=dict(declared.get("configuration", {})),
        inputs=tuple(artifact["name"] for artifact in declared.get("inputArtifacts", ())),
        outputs=(),
        role=declared.get("roleArn"),
        region=declared.get("region"),
        namespace=None,
        timeout_minutes=declared.get("timeoutInMinutes"),
    )


def _action(declared: Mapping[str, Any]) -> Action:
    kind = declared["actionTypeId"]
    return Action(
        name=declared["name"],
        type=ActionType(kind["category"], kind["owner"], kind["provider"], kind["version"]),
        run_order=declared["runOrder"],
        configuration=dict(declared["configuration"]),
        inputs=tuple(artifact["name"] for artifact in declared["inputArtifacts"]),
        outputs=tuple(artifact["name"] for artifact in declared["outputArtifacts"]),
        role=declared.get("roleArn"),
        region=declared.get("region"),
        namespace=declared.get("namespace"),
        timeout_minutes=declared.get("timeoutInMinutes"),
    )


def _trigger(declared: Mapping[str, Any]) -> Trigger:
    git = declared["gitConfiguration"]
    return Trigger(
        source_action=git["sourceActionName"],
        push=tuple(_push_filter(push) for push in git.get("push", ())),
    )


def _push_filter(declared: Mapping[str, Any]) -> PushFilter:
    return PushFilter(
        branches=_globs(declared.get("branches")),
        paths=_globs(declared.get("filePaths")),
        tags=_globs(declared.get("tags")),
    )


def _globs(declared: Mapping[str, Any] | None) -> Globs | None:
    if declared is None:
        return None
    return Globs(tuple(declared.get("includes", ())), tuple(declared.get("excludes", ())))
