"""Where each right holds: ARNs of every service's resources, by the name of the role's stack wherever a name has it.

CloudFormation begins generated names with the stack's; what the service names by itself has a generated id, and no
policy can tell one stack's from another's. ARN formats and kinds of resources are those of
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Mapping

# IAM puts in the tags of the role that asks: one policy serves the roles of all stacks, and each reaches its own only.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
STACK = "${!aws:PrincipalTag/stack}"
BUCKET = "${!aws:PrincipalTag/bucket}"

ARN = "arn:${AWS::Partition}:"
HERE = ":${AWS::Region}:${AWS::AccountId}:"
_ACCOUNT = "${AWS::AccountId}"
_API = f"{ARN}apigateway:${{AWS::Region}}::/"

ROLES = f"{ARN}iam::{_ACCOUNT}:role/{STACK}-*"
FUNCTIONS = f"{ARN}lambda{HERE}function:{STACK}-*"
TOPICS = f"{ARN}sns{HERE}{STACK}-*"

# What services write for a resource of the stack (/aws/lambda/<stack>-...), and what CloudFormation names by itself.
_LOGS = (f"{ARN}logs{HERE}log-group:/aws/*/{STACK}-*", f"{ARN}logs{HERE}log-group:{STACK}-*")
# On the default bus, and on a bus of any name.
_RULES = (f"{ARN}events{HERE}rule/{STACK}-*", f"{ARN}events{HERE}rule/*/{STACK}-*")
# CloudFormation calls a parameter without a name CFN-<logical id>-...; a name of one's own may be a path.
_PARAMETERS = tuple(f"{ARN}ssm{HERE}parameter/{name}" for name in ("CFN-*", f"{STACK}-*", f"{STACK}/*"))
# A state machine without a name is called <logical id>-..., without the stack's:
# https://github.com/aws/aws-sam-cli/issues/2022
_STATE_MACHINES = (f"{ARN}states{HERE}stateMachine:*",)
_USER_POOLS = (f"{ARN}cognito-idp{HERE}userpool/*",)

RESOURCES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "apigateway": {
        # Its actions are HTTP verbs and its resources paths with generated ids; SAM tags every HTTP API.
        "*": tuple(
            _API + path
            for path in ("account", "apikeys*", "apis*", "domainname*", "restapis*", "tags/*", "usageplans*")
        )
    },
    "appsync": {
        "domain": (f"{ARN}appsync{HERE}domainnames/*",),
        "graphqlapi": (f"{ARN}appsync{HERE}apis/*",),
    },
    "cloudformation": {"stack": (f"{ARN}cloudformation{HERE}stack/{STACK}-*",)},
    "cloudwatch": {
        "alarm": (f"{ARN}cloudwatch{HERE}alarm:{STACK}-*",),
        "dashboard": (f"{ARN}cloudwatch::{_ACCOUNT}:dashboard/{STACK}-*",),
    },
    "codedeploy": {
        "application": (f"{ARN}codedeploy{HERE}application:{STACK}-*",),
        "deploymentconfig": (
            f"{ARN}codedeploy{HERE}deploymentconfig:CodeDeployDefault.*",
            f"{ARN}codedeploy{HERE}deploymentconfig:{STACK}-*",
        ),
        "deploymentgroup": (f"{ARN}codedeploy{HERE}deploymentgroup:{STACK}-*",),
    },
    "cognito-idp": {"userpool": _USER_POOLS},
    "dynamodb": {"table": (f"{ARN}dynamodb{HERE}table/{STACK}-*",)},
    "events": {
        "event-bus": (f"{ARN}events{HERE}event-bus/{STACK}-*",),
        "rule-on-custom-event-bus": _RULES,
        "rule-on-default-event-bus": _RULES,
    },
    "iam": {
        "instance-profile": (f"{ARN}iam::{_ACCOUNT}:instance-profile/{STACK}-*",),
        "policy": (f"{ARN}iam::{_ACCOUNT}:policy/{STACK}-*",),
        "role": (ROLES,),
    },
    # Names of topic rules know no hyphen, so that none begins with a stack's name and one.
    "iot": {"rule": (f"{ARN}iot{HERE}rule/*",)},
    "lambda": {
        "capacityprovider": (f"{ARN}lambda{HERE}capacity-provider:{STACK}-*",),
        "code signing config": (f"{ARN}lambda{HERE}code-signing-config:*",),
        "eventsourcemapping": (f"{ARN}lambda{HERE}event-source-mapping:*",),
        "function": (FUNCTIONS,),
        "function alias": (FUNCTIONS,),
        "function version": (FUNCTIONS,),
        # SAM calls a layer by its logical id alone.
        "layer": (f"{ARN}lambda{HERE}layer:*",),
        "layerversion": (f"{ARN}lambda{HERE}layer:*",),
        "microvmimage": (f"{ARN}lambda{HERE}microvm-image:{STACK}-*",),
        "networkconnector": (f"{ARN}lambda{HERE}network-connector:{STACK}-*",),
        "webfunction": (f"{ARN}lambda{HERE}web-function/{STACK}-*",),
        "webfunctionendpoint": (f"{ARN}lambda{HERE}web-function/{STACK}-*",),
        "webfunctionrevision": (f"{ARN}lambda{HERE}web-function/{STACK}-*",),
    },
    "logs": {"log-group": _LOGS, "log-stream": _LOGS},
    "s3": {"bucket": (f"{ARN}s3:::{BUCKET}-*",)},
    "scheduler": {
        "schedule": (f"{ARN}scheduler{HERE}schedule/{STACK}-*", f"{ARN}scheduler{HERE}schedule/*/{STACK}-*"),
        "schedule-group": (f"{ARN}scheduler{HERE}schedule-group/{STACK}-*",),
    },
    # Applications of the repository are other accounts'.
    "serverlessrepo": {"applications": (f"{ARN}serverlessrepo:*:*:applications/*",)},
    "sns": {"topic": (TOPICS,)},
    "sqs": {"queue": (f"{ARN}sqs{HERE}{STACK}-*",)},
    "ssm": {"parameter": _PARAMETERS},
    "states": {
        "activity": (f"{ARN}states{HERE}activity:{STACK}-*",),
        "statemachine": _STATE_MACHINES,
        "statemachinealias": _STATE_MACHINES,
        "statemachineversion": _STATE_MACHINES,
    },
}
"""Service and kind of resource to ARNs; `*` is every kind of a service."""

OF_ANOTHER_STACK = "aws:ResourceTag/aws:cloudformation:stack-name"
"""The tag by which CloudFormation says whose a resource is.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""
TAGGED: Mapping[str, str] = {
    # Below a REST API, a domain name or a usage plan everything has the tags of what it is below.
    "apigateway": "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html",
    "appsync": "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html",
    "cognito-idp": "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html",
    # CloudFormation calls a parameter without a name CFN-..., whatever its stack.
    "ssm": "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html",
    "states": "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html",
}
"""Services whose ARNs have no stack's name and whose resources have CloudFormation's tags, and AWS's page about them.

What has the tag of another stack is out of reach; what has none (nobody has made it yet, or no stack has) is not. Not
IoT, which refuses these tags, nor layers, which know no tags at all.
"""

RARE_KINDS: Mapping[str, Mapping[str, str]] = {
    "iam": {"instance-profile": "AWS::IAM::InstanceProfile"},
    "lambda": {
        "capacityprovider": "AWS::Lambda::CapacityProvider",
        "microvmimage": "AWS::Lambda::MicrovmImage",
        "networkconnector": "AWS::Lambda::NetworkConnector",
        "webfunction": "AWS::Lambda::WebFunction",
        "webfunctionendpoint": "AWS::Lambda::WebFunction",
        "webfunctionrevision": "AWS::Lambda::WebFunction",
    },
    "scheduler": {"schedule-group": "AWS::Scheduler::ScheduleGroup"},
    "states": {"activity": "AWS::StepFunctions::Activity"},
}
"""Kinds of resources that actions of usual types take as well, and how the types begin that each belongs to."""

SIDS: Mapping[str, str] = {
    "lambda": "Functions",
    "iam": "Roles",
    "apigateway": "RestAndHttpApis",
    "appsync": "GraphqlApis",
    "states": "StateMachines",
    "dynamodb": "Tables",
    "s3": "Buckets",
    "sqs": "Queues",
    "sns": "Topics",
    "events": "EventRules",
    "scheduler": "Schedules",
    "iot": "IotRules",
    "logs": "LogGroups",
    "cloudwatch": "AlarmsAndDashboards",
    "cognito-idp": "UserPools",
    "ssm": "Parameters",
    "codedeploy": "GradualDeployments",
    "cloudformation": "NestedStacks",
    "serverlessrepo": "SharedApplications",
    "ec2": "Networks",
}
"""The statement of each service's rights, in the order of the policies; it names what they are for."""

_ANYWHERE = "WithoutArn"


def anywhere(service: str) -> str:
    """The statement of a service's rights for which IAM knows no resource."""
    return f"{SIDS[service]}{_ANYWHERE}"


def is_anywhere(sid: str) -> bool:
    """Whether a statement's rights are those for which IAM knows no resource."""
    return sid.endswith(_ANYWHERE)
