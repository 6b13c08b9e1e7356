"""AWS::ApiGateway::*: REST APIs. IAM judges HTTP verbs on paths.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html (each operation's verb and path)
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html
"""

from __future__ import annotations

from functools import partial

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed
from generator.rehearsal.iam.cloudformation_calls.verbs import ID, ROOT, below, tagging

_API = f"{ROOT}/restapis/{{RestApiId}}"
_below = partial(below, "AWS::ApiGateway")
_TAGGING = tagging("PUT")


REST_API = Kind(
    "AWS::ApiGateway::RestApi",
    f"{ROOT}/restapis/{{id}}",
    Named(generated=ID),
    create=(Call("apigateway:POST", f"{ROOT}/restapis"),),
    both=(Call("apigateway:UpdateRestApiPolicy", when=("Policy",)), *_TAGGING),
    read=(Call("apigateway:GET"),),
    update=(
        # An OpenAPI document is put over the API as it is.
        Call("apigateway:PUT", when=("Body", "BodyS3Location")),
        Call("apigateway:PATCH", besides=("Body", "BodyS3Location", "Tags")),
    ),
    delete=(Call("apigateway:DELETE"),),
)
METHOD = Kind(
    "AWS::ApiGateway::Method",
    f"{_API}/resources/{{ResourceId}}/methods/{{HttpMethod}}",
    Named(generated=ID),
    # PutMethod, and PutIntegration below it.
    create=(Call("apigateway:PUT"),),
    both=(
        Call(
            "apigateway:PUT",
            f"{_API}/resources/{{ResourceId}}/methods/{{HttpMethod}}/integration",
            when=("Integration",),
        ),
        passed("Integration.Credentials", "apigateway.amazonaws.com"),
    ),
    read=(Call("apigateway:GET"),),
    update=(Call("apigateway:PUT"),),
    delete=(Call("apigateway:DELETE"),),
)
GATEWAY_RESPONSE = Kind(
    "AWS::ApiGateway::GatewayResponse",
    f"{_API}/gatewayresponses/{{ResponseType}}",
    Named(generated=ID),
    create=(Call("apigateway:PUT"),),
    read=(Call("apigateway:GET"),),
    update=(Call("apigateway:PUT"),),
    delete=(Call("apigateway:DELETE"),),
)
ACCOUNT = Kind(
    "AWS::ApiGateway::Account",
    f"{ROOT}/account",
    Named(generated=ID),
    create=(Call("apigateway:PATCH"),),
    both=(passed("CloudWatchRoleArn", "apigateway.amazonaws.com"),),
    read=(Call("apigateway:GET"),),
    update=(Call("apigateway:PATCH"),),
)
RESOURCE = Kind(
    "AWS::ApiGateway::Resource",
    f"{_API}/resources/{{id}}",
    Named(generated=ID),
    # CreateResource is a POST to its parent.
    create=(Call("apigateway:POST", f"{_API}/resources/{{ParentId}}"),),
    read=(Call("apigateway:GET"),),
    update=(Call("apigateway:PATCH"),),
    delete=(Call("apigateway:DELETE"),),
)

KINDS = (
    REST_API,
    RESOURCE,
    METHOD,
    GATEWAY_RESPONSE,
    ACCOUNT,
    _below("Deployment", f"{_API}/deployments", "{id}"),
    _below("Stage", f"{_API}/stages", "{StageName}", *_TAGGING),
    _below(
        "Authorizer",
        f"{_API}/authorizers",
        "{id}",
        passed("AuthorizerCredentials", "apigateway.amazonaws.com"),
    ),
    _below("Model", f"{_API}/models", "{Name}"),
    _below("RequestValidator", f"{_API}/requestvalidators", "{id}"),
    _below("UsagePlan", f"{ROOT}/usageplans", "{id}", *_TAGGING),
    _below("UsagePlanKey", f"{ROOT}/usageplans/{{UsagePlanId}}/keys", "{KeyId}"),
    _below("ApiKey", f"{ROOT}/apikeys", "{id}", *_TAGGING),
    _below("DomainName", f"{ROOT}/domainnames", "{DomainName}", *_TAGGING),
    _below(
        "BasePathMapping",
        f"{ROOT}/domainnames/{{DomainName}}/basepathmappings",
        "{BasePath|base_path}",
    ),
)
