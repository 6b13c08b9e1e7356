"""Random valid pipeline files."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

_WORD = st.from_regex(r"[a-z][a-z0-9]{0,12}", fullmatch=True)
_RESERVED = {"source", "build", "deploytests", "tests", "pipeline"}
_STAGE_WORD = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8})?", fullmatch=True).filter(lambda w: w not in _RESERVED)
_ADDRESS = _WORD.map(lambda word: f"{word}@example.com")
_CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/8f0d2f9e-1111-4222-8333-abcdefabcdef"
_CONFIGURATION = "arn:aws:chatbot::111122223333:chat-configuration/slack-channel/deliveries"
_TOPIC = "arn:aws:sns:eu-west-1:111122223333:approvals"
# Nothing that YAML or CloudFormation could mistake for its own is left out.
_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Zl", "Zp"]), min_size=1)
_MESSAGE = _TEXT.map(lambda text: text.replace("#{", "#")[:120]).filter(bool)
_PATTERNS = st.lists(st.sampled_from(["main", "release/**", "v*", "services/*/src/**"]), min_size=1, unique=True)
_FILTER = _PATTERNS | st.fixed_dictionaries({"includes": _PATTERNS}, optional={"excludes": _PATTERNS})


def _some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


_connected = st.fixed_dictionaries(
    {"repository": st.tuples(_WORD, _WORD).map("/".join)},
    optional={"branch": st.sampled_from(["main", "release/1.x"]), "connection": st.just(_CONNECTION)},
)
_SOURCES = st.one_of(
    st.fixed_dictionaries(
        {"codecommit": st.fixed_dictionaries({"repository": _WORD}, optional={"create": st.booleans()})}
    ),
    st.sampled_from(["github", "gitlab", "bitbucket"]).flatmap(lambda kind: st.fixed_dictionaries({kind: _connected})),
    st.fixed_dictionaries({"s3": _some(key=st.just("a/b.zip"), bucket=st.just("acme-deliveries"))}),
    st.just({"s3": {"bucket": "acme-deliveries", "create": False}}),
)
_APPROVAL = st.booleans() | st.one_of(
    _some(
        notify=st.lists(_ADDRESS, min_size=1, max_size=3, unique=True),
        message=_MESSAGE,
        timeout=st.just("3 days"),
        approvers_policy=st.booleans(),
    ),
    _some(topic=st.just(_TOPIC), message=_MESSAGE),
)
_SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "parameters": st.dictionaries(st.just("LogLevel"), _MESSAGE | st.integers() | st.booleans(), max_size=1),
    "deploy": st.sampled_from(["direct", "changeset"]),
    "tests": st.booleans() | st.just("smoke"),
}
_NAMES = st.lists(_WORD | st.just("${ServiceName}-errors"), min_size=1, max_size=5, unique=True)
_CRONS = st.sampled_from(["* * 9-16 ? * MON-FRI *", "* 0/15 * L * ? 2027", "* * * ? * FRI#2"])
_CONDITIONS: dict[str, st.SearchStrategy[Any]] = {
    "on_failure": st.sampled_from(["retry", "rollback"]),
    "alarms": _NAMES | st.fixed_dictionaries({"names": _NAMES}, optional={"wait_time": st.just("1 hour")}),
    "window": st.fixed_dictionaries({"cron": _CRONS}, optional={"time_zone": st.just("Asia/Tokyo")}),
}


def _single(text: str) -> st.SearchStrategy[list[str]]:
    """A list of its own each time: YAML would write a shared one as an alias."""
    return st.lists(st.just(text), min_size=1, max_size=1)


_GRANT = st.fixed_dictionaries(
    {"actions": _single("s3:PutObject"), "resources": _single("arn:${AWS::Partition}:s3:::site-${x}/*")}
)
_COMMANDS = st.lists(_TEXT.map(lambda text: text[:80]), min_size=1, max_size=3)
_RUNS = _COMMANDS | st.fixed_dictionaries(
    {"commands": _COMMANDS},
    optional={
        "statements": st.lists(_GRANT, min_size=1, max_size=3),
        "policies": _single("arn:aws:iam::111122223333:policy/migrate"),
    },
)
_SETTINGS |= {"before": _RUNS, "after": _RUNS}
# What stands beside conditions: no approval, or one with a pipeline stage of its own.
_NO_APPROVAL = st.just(False) | st.fixed_dictionaries(
    {"separate": st.just(True)}, optional={"message": _MESSAGE, "approvers_policy": st.booleans()}
)
_STAGE = _some(**_SETTINGS, approval=_APPROVAL) | st.fixed_dictionaries(
    {"approval": _NO_APPROVAL}, optional=_SETTINGS | _CONDITIONS
)


_VPC = {"id": "vpc-0a1b2c3d", "subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"], "security_groups": ["sg-0a1b2c3d"]}
_OWN_IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tools/build:1"
_AROUND = {
    "test": _MESSAGE,
    "buildspec": st.just("buildspec.yml"),
    "environment": st.dictionaries(st.sampled_from(["LEVEL", "_x"]), _MESSAGE | st.integers(), min_size=1),
    "secrets": st.sampled_from(
        [
            {"TOKEN": {"secretsmanager": "registry:token"}},
            {"TOKEN": {"parameter_store": "/a/b"}, "B": {"parameter_store": "c"}},
        ]
    ),
}
_BUILD = st.one_of(
    _some(
        compute=st.sampled_from(["small", "2xlarge", {"architecture": "arm64"}]),
        vpc=st.just(_VPC),
        image=st.just(_OWN_IMAGE),
        cache=st.sampled_from(["s3", "none"]),
        **_AROUND,
    ),
    st.fixed_dictionaries(
        {"compute": st.sampled_from(["lambda", {"type": "lambda", "architecture": "arm64", "memory": "10GB"}])},
        optional=_AROUND,
    ),
)
_DEPLOY_ROLE = (
    st.sampled_from(["baseline", "exact", {"arn": "arn:aws:iam::111122223333:role/delivery/deployer"}])
    | st.fixed_dictionaries({"permissions": st.sampled_from(["baseline", "exact"])})
    | _some(
        permissions_boundary=st.just("arn:aws:iam::111122223333:policy/application"),
        scope=st.sampled_from(["stack", "wide"]),
        extra=st.lists(_GRANT, min_size=1, max_size=3),
    ).filter(bool)
)
_VALUE = st.from_regex(r"[A-Za-z0-9 .:$#{}]{1,20}", fullmatch=True)
_VARIABLES: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(
    {"variables": st.dictionaries(_WORD, st.fixed_dictionaries({"default": _VALUE}), min_size=1, max_size=3)}
)


@st.composite
def _stages(draw: st.DrawFn) -> list[Any]:
    words = draw(st.lists(_STAGE_WORD, min_size=1, max_size=6, unique_by=lambda word: word.replace("-", "")))
    return [word if draw(st.booleans()) else {word: draw(_STAGE)} for word in words]


@st.composite
def pipeline_files(draw: st.DrawFn) -> dict[str, Any]:
    """The data of a valid pipeline file for the application of the golden cases."""
    options = _some(
        execution=st.sampled_from(["superseded", "queued"]),
        build=_BUILD,
        app=_some(url=st.sampled_from(["none", "ApiUrl"])),
        tests=st.just("none")
        | st.fixed_dictionaries({"commands": st.lists(_MESSAGE, min_size=1, max_size=3)})
        | _some(
            function=st.sampled_from(["TestFunction", ["TestFunction", "SmokeFunction"]]),
            state_machine=st.just("TestFunction"),
        ),
        stages=_stages(),
        notifications=_some(
            email=st.lists(_ADDRESS, min_size=1, max_size=4, unique=True),
            topic=st.just(_TOPIC),
            slack=st.just(_CONFIGURATION) | st.just({"workspace": "T0123ABCD", "channel": "C0123ABCD"}),
        ).filter(bool),
        encryption=st.sampled_from(["s3", "kms"]),
        deploy_role=_DEPLOY_ROLE,
        permissions_boundary=st.just("arn:aws:iam::111122223333:policy/delivery/boundary"),
        tags=st.dictionaries(_WORD, _WORD, max_size=3),
        logs=st.just({"retention": "1 day"}),
        artifacts=st.sampled_from([{"expire": "91 days"}, {"bucket": "acme-artifacts"}]),
    )
    data = {
        "service": draw(st.from_regex(r"[a-z]([a-z0-9-]{0,18}[a-z0-9])?", fullmatch=True)),
        "source": draw(_SOURCES),
    }
    if next(iter(data["source"])) in {"github", "gitlab", "bitbucket"} and draw(st.booleans()):
        pushes = _some(branches=_FILTER, paths=_FILTER, tags=_FILTER).filter(bool)
        pull_requests = st.booleans() | _some(branches=_FILTER, paths=_FILTER).filter(bool)
        data["trigger"] = draw(_some(push=pushes, pull_requests=pull_requests).filter(bool))
    chosen = draw(options)
    if chosen.get("tests") == "none":
        for stage in chosen.get("stages", ()):
            for settings in stage.values() if isinstance(stage, dict) else ():
                settings.pop("tests", None)
    return {**data, **chosen, **draw(_VARIABLES)}


def as_yaml(data: dict[str, Any]) -> str:
    """The file's text."""
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return text
