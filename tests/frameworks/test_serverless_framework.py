"""The Serverless Framework's file, read without its tool: names, URLs, rights, and what a pipeline does not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document import PIPELINE_FILE, Document, parse
from generator.errors import Problem
from generator.frameworks import serverless
from generator.repository.files import Repository

_SERVERLESS = serverless.FRAMEWORK
PATH = "serverless.yml"


def service(repository: Repository, text: str, **files: str) -> Repository:
    (repository.root / PATH).write_text(text)
    for name, content in files.items():
        (repository.root / name.replace("_", "-").replace("-json", ".json")).write_text(content)
    return repository


def pipeline_file(text: str = "service: shop\n") -> Document:
    return parse(text, "pipeline.yaml", PIPELINE_FILE)


def messages(problems: object) -> list[str]:
    assert hasattr(problems, "__iter__")
    return [problem.message for problem in problems if isinstance(problem, Problem)]


def test_a_service_at_the_root_is_recognised(repository: Repository) -> None:
    assert not _SERVERLESS.recognises(repository)
    assert _SERVERLESS.recognises(service(repository, "service: todo\n"))


@pytest.mark.parametrize(
    ("text", "stack"),
    [
        ("service: todo\n", "todo-beta"),
        ("service: {name: todo}\n", "todo-beta"),
        ("service: ${self:custom.name}\ncustom: {name: todo}\n", "todo-beta"),
        ("service: todo\nprovider: {stackName: 'x-${opt:stage, \"dev\"}-${self:service}'}\n", "x-beta-todo"),
        ("service: todo\nprovider: {stackName: '${param:stack}'}\nparams: {beta: {stack: here}}\n", "here"),
        ("service: todo-${env:USER}\n", ""),
        ("service: todo\nprovider: {stackName: '${ssm:/stack}'}\n", ""),
    ],
)
def test_stacks_are_called_as_sls_deploy_calls_them(text: str, stack: str, repository: Repository) -> None:
    assert _SERVERLESS.stack(service(repository, text), PATH, "beta") == stack


def test_a_name_that_only_the_tool_can_tell_has_to_be_stated_for_each_stage(repository: Repository) -> None:
    service(repository, "service: todo-${env:USER}\n")
    (message,) = messages(_SERVERLESS.problems(pipeline_file(), repository, PATH))
    assert "a variable that only the tool can resolve" in message
    named = pipeline_file("service: shop\nstages: [{beta: {stack: todo-beta}}]\n")
    assert messages(_SERVERLESS.problems(named, repository, PATH)) == []


@pytest.mark.parametrize(
    ("events", "url"),
    [
        ("[{http: GET /}, {httpApi: '*'}]", "HttpApiUrl"),
        ("[{http: GET /}]", "ServiceEndpoint"),
        ("[{websocket: $connect}]", "ServiceEndpointWebsocket"),
        ("[{schedule: rate(1 day)}]", None),
    ],
)
def test_the_url_is_that_of_the_api_that_events_make(events: str, url: str | None, repository: Repository) -> None:
    service(repository, f"service: todo\nfunctions: {{hello: {{handler: x, events: {events}}}}}\n")
    assert _SERVERLESS.url(repository, PATH) == url


def test_the_tool_runs_on_a_node_that_it_supports(repository: Repository) -> None:
    python = "service: todo\nprovider: {runtime: python3.12}\n"
    assert _SERVERLESS.languages(service(repository, python), PATH) == {"python": "3.12", "nodejs": "24"}
    assert _SERVERLESS.languages(service(repository, python.replace("python3.12", "nodejs20.x")), PATH) == {
        "nodejs": "24"
    }


def test_variables_give_the_build_exactly_the_rights_that_they_need(repository: Repository) -> None:
    text = """\
service: todo
custom:
  a: ${ssm:/todo/${sls:stage}/key, 'none'}
  b: ${cf(eu-west-1):database.TableName}
  c: ${s3:settings/${sls:stage}.json}
  d: ${ssm:/aws/reference/secretsmanager/todo/token~true}
  e: ${file(more.yml):x}
"""
    service(repository, text)
    (repository.root / "more.yml").write_text("x: ${ssm:/shared}\n")
    statements = {statement.actions[0]: statement for statement in _SERVERLESS.statements(repository, PATH, ("beta",))}
    here = "${AWS::Region}:${AWS::AccountId}"
    parameters = f"arn:${{AWS::Partition}}:ssm:{here}:parameter"
    assert statements["ssm:GetParameter"].resources == (
        f"{parameters}/aws/reference/secretsmanager/todo/token",
        f"{parameters}/shared",
        f"{parameters}/todo/beta/key",
    )
    assert statements["cloudformation:DescribeStacks"].resources == (
        "arn:${AWS::Partition}:cloudformation:eu-west-1:${AWS::AccountId}:stack/database/*",
    )
    assert statements["s3:GetObject"].resources == ("arn:${AWS::Partition}:s3:::settings/beta.json",)
    assert statements["secretsmanager:GetSecretValue"].resources == (
        f"arn:${{AWS::Partition}}:secretsmanager:{here}:secret:todo/token-*",
    )
    assert statements["kms:Decrypt"].condition == {
        "StringLike": {"kms:EncryptionContext:PARAMETER_ARN": [f"{parameters}/shared", f"{parameters}/todo/beta/key"]}
    }


def test_layers_of_its_own_let_the_build_ask_for_its_stacks(repository: Repository) -> None:
    service(repository, "service: todo\nlayers: {words: {path: words}}\n")
    (statement,) = _SERVERLESS.statements(repository, PATH, ("beta", "prod"))
    assert [arn.rpartition("stack/")[2] for arn in statement.resources] == ["todo-beta/*", "todo-prod/*"]


def test_names_that_the_file_gives_are_known_for_each_stage(repository: Repository) -> None:
    text = """\
service: todo
functions:
  hello:
    handler: x
    events: [{sns: "todo-${sls:stage}"}, {s3: uploads}, {httpApi: GET /}]
resources:
  Resources:
    Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "todo.${sls:stage}.${AWS::Region}"}}
"""
    template = _SERVERLESS.described(service(repository, text), PATH, "beta", "todo-beta")
    assert template
    assert {(resource.type, *map(str, resource.properties.values())) for resource in template.resources.values()} == {
        ("AWS::DynamoDB::Table", "{'Fn::Sub': 'todo.beta.${AWS::Region}'}"),
        ("AWS::Logs::LogGroup", "/aws/http-api/todo-beta"),
        ("AWS::S3::Bucket", "uploads"),
        ("AWS::SNS::Topic", "todo-beta"),
    }


def test_a_stack_with_another_name_than_the_tools_has_functions_that_do_not_begin_with_it(
    repository: Repository,
) -> None:
    service(repository, "service: todo\nfunctions: {hello: {handler: x}, other: {handler: x, name: mine}}\n")
    template = _SERVERLESS.described(repository, PATH, "prod", "production")
    assert template
    named = [resource.properties for resource in template.resources.values() if resource.type != "AWS::IAM::Role"]
    assert named == [
        {"FunctionName": "mine"},
        {"FunctionName": "todo-prod-hello"},
        {"LogGroupName": "/aws/lambda/todo-prod-hello"},
    ]


def test_what_sls_deploy_does_beside_the_template_is_told_where_it_stands(repository: Repository) -> None:
    text = """\
service: todo
provider: {tracing: {apiGateway: true}, deploymentBucket: {name: ours}}
plugins: [serverless-esbuild, serverless-domain-manager, serverless-of-ours]
"""
    remarks = [*_SERVERLESS.remarks(pipeline_file(), service(repository, text), PATH)]
    assert [(remark.message.partition(":")[0], remark.level) for remark in remarks] == [
        ("provider.tracing.apiGateway", "warning"),
        ("provider.deploymentBucket.name", "warning"),
        ("serverless-domain-manager", "warning"),
        ("serverless-of-ours", "info"),
    ]
    assert all(remark.hint and remark.place for remark in remarks)


VERSION_4 = '{"packages": {"node_modules/serverless": {"version": "4.43.0"}}}'


def test_version_4_needs_a_key_and_is_not_rehearsed(repository: Repository) -> None:
    service(repository, "service: todo\n", package_lock_json=VERSION_4)
    (message,) = messages(_SERVERLESS.problems(pipeline_file(), repository, PATH))
    assert message == "Serverless Framework 4 packages nothing without a key of Serverless Inc."
    with_key = "service: shop\nbuild: {secrets: {SERVERLESS_ACCESS_KEY: {secretsmanager: key}}}\n"
    assert messages(_SERVERLESS.problems(pipeline_file(with_key), repository, PATH)) == []
    assert "osls packages the same service" in _SERVERLESS.unrehearsed(repository, PATH)


@pytest.mark.parametrize("locked", ["", VERSION_4.replace("4.43.0", "3.40.0"), VERSION_4.replace("serverless", "osls")])
def test_every_other_tool_needs_none(locked: str, repository: Repository) -> None:
    service(repository, "service: todo\nframeworkVersion: '4'\n", **({"package_lock_json": locked} if locked else {}))
    assert messages(_SERVERLESS.problems(pipeline_file(), repository, PATH)) == []
    assert _SERVERLESS.unrehearsed(repository, PATH) == ""
    assert _SERVERLESS.environment(repository, PATH) == {"FRAMEWORK_VERSION": "4"}


def test_what_no_build_carries_out_is_refused(repository: Repository) -> None:
    text = """\
service: todo
provider:
  deploymentBucket: {name: ours, sseCustomerKey: x}
"""
    service(repository, text)
    stages = "service: shop\nstages: [{beta: {parameters: {Commit: '#{Source.CommitId}'}}}]\n"
    assert messages(_SERVERLESS.problems(pipeline_file(stages), repository, PATH)) == [
        "CloudFormation cannot read code under a key that each request has to bring",
        "parameters go into the packaging (--param), which is over before a stage deploys",
    ]


IMAGES = """\
service: todo
provider: {ecr: {images: {app: {path: ./app, file: D}, other: {uri: "x@sha256:1"}}}}
"""


def test_a_folder_of_an_image_is_the_build_s_to_make(repository: Repository) -> None:
    service(repository, IMAGES)
    (repository.root / "app").mkdir()
    (repository.root / "app" / "D").write_text("FROM scratch\n")
    assert messages(_SERVERLESS.problems(pipeline_file(), repository, PATH)) == []
    assert _SERVERLESS.has_images(repository, PATH)
    service(repository, IMAGES.replace("path: ./app, file: D", "uri: 'y@sha256:1'"))
    assert not _SERVERLESS.has_images(repository, PATH)


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        (IMAGES, "", "there is no app/D, which the image app is made by"),
        (IMAGES.replace("./app", "'${self:x}'"), "", "the image app is made once for all stages"),
        (IMAGES.replace("file", "network: host, file"), "", "that the build does not carry out: network"),
        (IMAGES, "environments: {}\n", "stages in other accounts cannot pull it"),
        (IMAGES, "build: {compute: {type: lambda}}\n", "a build on Lambda compute has no Docker"),
        (IMAGES, "build: {buildspec: b.yml}\n", "a buildspec of your own builds without Docker"),
        ("service: todo\nprovider: {ecr: '${file(package.json):ecr}'}\n", "", "names folders of images in another"),
    ],
)
def test_an_image_that_no_build_makes_is_refused(text: str, more: str, message: str, repository: Repository) -> None:
    service(repository, text, package_json='{"ecr": {"images": {"app": {"path": "app"}}}}')
    refused = messages(_SERVERLESS.problems(pipeline_file("service: shop\n" + more), repository, PATH))
    assert message in refused[0]


def test_a_file_that_is_a_program_is_refused_in_words(repository: Repository) -> None:
    (repository.root / "serverless.ts").write_text("")
    (message,) = messages(_SERVERLESS.problems(pipeline_file(), repository, PATH))
    assert message == "serverless.ts is a program: what it says is known only when it runs"


def test_stages_with_parameters_of_their_own_are_those_to_begin_with(repository: Repository) -> None:
    service(repository, "service: todo\nparams: {default: {a: 1}, dev: {a: 2}, prod: {a: 3}}\n")
    stacks = _SERVERLESS.own_configuration(repository).stacks
    assert [(stack.environment, stack.stack) for stack in stacks] == [("dev", "todo-dev"), ("prod", "todo-prod")]


def test_a_service_without_them_leaves_the_usual_stages(repository: Repository) -> None:
    assert _SERVERLESS.own_configuration(service(repository, "service: todo\n")).stacks == ()


def test_a_file_that_cannot_be_read_is_told_with_its_place(repository: Repository) -> None:
    problems = [*_SERVERLESS.problems(pipeline_file(), service(repository, "service: [\n"), PATH)]
    assert problems[0].place
    assert str(Path(PATH)) in str(problems[0])


@pytest.mark.parametrize(
    "text",
    [
        "provider: {stage: '${opt:stage, self:custom.stage}', runtime: nodejs24.x}\ncustom: {stage: beta}\n",
        "custom: '${file(config.json)}'\n",
        "plugins: [serverless-esbuild]\nresources: {Outputs: {Topic: {Value: '${AWS::Region} ${Topic} ${param:x}'}}}\n",
    ],
)
def test_what_reads_nothing_but_files_is_packaged_once(text: str, repository: Repository) -> None:
    described = service(repository, f"service: todo\n{text}", config_json='{"level": "${sls:stage}"}')
    assert _SERVERLESS.builds_of_files_alone(described, PATH)


@pytest.mark.parametrize(
    "text",
    [
        "custom: {a: '${ssm:/a}'}\n",
        "custom: {a: '${env:USER}'}\n",
        "custom: {a: \"${opt:a, env:USER, 'x'}\"}\n",
        "custom: {a: '${self:custom.${git:branch}}'}\n",
        "custom: {a: '${sls:instanceId}'}\n",
        "custom: {a: '${cf(eu-west-1):stack.Output}'}\n",
        "custom: '${file(config.js)}'\n",
        "custom: '${file(${param:file}.yml)}'\n",
        "custom: '${file(config.json)}'\nparams: {default: {x: 1}}\n",
        "plugins: [./plugins/mine]\n",
        "plugins: {modules: [serverless-esbuild], localPath: plugins}\n",
        "layers: {libs: {path: layer}}\n",
        "functions: {hello: {image: 'repository:latest'}}\n",
    ],
)
def test_what_asks_for_anything_else_is_packaged_in_every_build(text: str, repository: Repository) -> None:
    described = service(repository, f"service: todo\n{text}", config_json='{"level": "${ssm:/level}"}')
    assert not _SERVERLESS.builds_of_files_alone(described, PATH)


def test_nothing_is_known_of_a_file_that_cannot_be_read(repository: Repository) -> None:
    assert not _SERVERLESS.builds_of_files_alone(service(repository, "service: ["), PATH)
