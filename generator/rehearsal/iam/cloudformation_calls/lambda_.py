"""AWS::Lambda::*: functions, their versions, aliases, permissions, URLs, event sources and layers.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (code in S3, layers, the role)
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (what the caller needs for a VPC)
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html (a key of one's own)
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Lambda.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed, tags

_HERE = "arn:{partition}:lambda:{region}:{account}"
_OWN = f"{_HERE}:function:{{id}}"
_OF = f"{_HERE}:function:{{FunctionName|function}}"
_MAPPING = f"{_HERE}:event-source-mapping:{{id}}"
_FUNCTION_KEY = {"lambda:FunctionArn": _OF}
_KEY = ("KmsKeyArn",)
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
_THROUGH_S3 = {"kms:ViaService": "s3.{region}.amazonaws.com", "kms:CallerAccount": "{account}"}
# What has calls of its own, besides UpdateFunctionConfiguration.
_OWN_CALLS = (
    "Code",
    "Architectures",
    "Tags",
    "ReservedConcurrentExecutions",
    "RecursiveLoop",
    "RuntimeManagementConfig",
    "CodeSigningConfigArn",
)


def _reads_code(path: str) -> tuple[Call, ...]:
    bucket_object = f"arn:{{partition}}:s3:::{{{path}.S3Bucket}}/{{{path}.S3Key}}"
    return (
        Call("s3:GetObject", bucket_object, when=(f"{path}.S3Bucket", f"{path}.S3Key")),
        Call("s3:GetObjectVersion", bucket_object, when=(f"{path}.S3ObjectVersion",)),
        # Only of a bucket that encrypts with a key of the account's.
        Call("kms:Decrypt", "{each}", when=(f"{path}.S3Key",), each=f"{path}.S3Bucket|key", keys=_THROUGH_S3),
    )


FUNCTION = Kind(
    "AWS::Lambda::Function",
    _OWN,
    Named("FunctionName"),
    create=(Call("lambda:CreateFunction"),),
    both=(
        passed("Role", "lambda.amazonaws.com"),
        *_reads_code("Code"),
        Call("lambda:GetLayerVersion", "{each}", when=("Layers",), each="Layers"),
        Call("lambda:PutFunctionConcurrency", when=("ReservedConcurrentExecutions",)),
        Call("lambda:PutFunctionRecursionConfig", when=("RecursiveLoop",)),
        Call("lambda:PutRuntimeManagementConfig", when=("RuntimeManagementConfig",)),
        Call("ec2:DescribeSecurityGroups", "*", when=("VpcConfig.SubnetIds",)),
        Call("ec2:DescribeSubnets", "*", when=("VpcConfig.SubnetIds",)),
        Call("ec2:DescribeVpcs", "*", when=("VpcConfig.SubnetIds",)),
        Call("kms:CreateGrant", "{KmsKeyArn}", when=_KEY),
        Call("kms:Encrypt", "{KmsKeyArn}", when=_KEY),
        Call("kms:Decrypt", "{KmsKeyArn}", when=_KEY),
        *tags("lambda:TagResource", "lambda:UntagResource"),
    ),
    read=(Call("lambda:GetFunction"),),
    update=(
        Call("lambda:UpdateFunctionCode", when=("Code", "Architectures")),
        Call("lambda:UpdateFunctionConfiguration", besides=_OWN_CALLS),
        Call("lambda:DeleteFunctionConcurrency", lost=("ReservedConcurrentExecutions",)),
    ),
    delete=(Call("lambda:DeleteFunction"),),
)
VERSION = Kind(
    "AWS::Lambda::Version",
    f"{_OF}:{{id|number}}",
    Named(generated="1"),
    create=(
        Call("lambda:PublishVersion", _OF),
        Call("lambda:PutProvisionedConcurrencyConfig", when=("ProvisionedConcurrencyConfig",)),
    ),
    read=(Call("lambda:GetFunctionConfiguration"),),
    delete=(Call("lambda:DeleteFunction"),),
)
ALIAS = Kind(
    "AWS::Lambda::Alias",
    f"{_OF}:{{Name}}",
    Named("Name"),
    create=(Call("lambda:CreateAlias", _OF),),
    both=(Call("lambda:PutProvisionedConcurrencyConfig", when=("ProvisionedConcurrencyConfig",)),),
    read=(Call("lambda:GetAlias", _OF),),
    update=(
        Call("lambda:UpdateAlias", _OF, besides=("ProvisionedConcurrencyConfig",)),
        Call("lambda:DeleteProvisionedConcurrencyConfig", lost=("ProvisionedConcurrencyConfig",)),
    ),
    delete=(Call("lambda:DeleteAlias", _OF),),
)
PERMISSION = Kind(
    "AWS::Lambda::Permission",
    _OF,
    Named(generated="statement"),
    create=(Call("lambda:AddPermission", keys={"lambda:Principal": "{Principal}"}),),
    delete=(Call("lambda:RemovePermission", keys={"lambda:Principal": "{Principal}"}),),
)
URL = Kind(
    "AWS::Lambda::Url",
    f"{_HERE}:function:{{TargetFunctionArn|function}}",
    Named(generated="url"),
    create=(Call("lambda:CreateFunctionUrlConfig", keys={"lambda:FunctionUrlAuthType": "{AuthType}"}),),
    read=(Call("lambda:GetFunctionUrlConfig", keys={"lambda:FunctionUrlAuthType": "{AuthType}"}),),
    update=(Call("lambda:UpdateFunctionUrlConfig", keys={"lambda:FunctionUrlAuthType": "{AuthType}"}),),
    delete=(Call("lambda:DeleteFunctionUrlConfig", keys={"lambda:FunctionUrlAuthType": "{AuthType}"}),),
)
EVENT_INVOKE_CONFIG = Kind(
    "AWS::Lambda::EventInvokeConfig",
    _OF,
    Named(generated="config"),
    create=(Call("lambda:PutFunctionEventInvokeConfig"),),
    read=(Call("lambda:GetFunctionEventInvokeConfig"),),
    update=(Call("lambda:UpdateFunctionEventInvokeConfig"),),
    delete=(Call("lambda:DeleteFunctionEventInvokeConfig"),),
)
# CreateEventSourceMapping takes no resource; GetEventSourceMapping knows no condition key of the function.
EVENT_SOURCE_MAPPING = Kind(
    "AWS::Lambda::EventSourceMapping",
    _MAPPING,
    Named(generated="00000000-0000-4000-8000-000000000000"),
    create=(Call("lambda:CreateEventSourceMapping", "*", keys=_FUNCTION_KEY),),
    both=tags("lambda:TagResource", "lambda:UntagResource"),
    read=(Call("lambda:GetEventSourceMapping"),),
    update=(Call("lambda:UpdateEventSourceMapping", besides=("Tags",), keys=_FUNCTION_KEY),),
    delete=(Call("lambda:DeleteEventSourceMapping", keys=_FUNCTION_KEY), Call("lambda:GetEventSourceMapping")),
)
LAYER_VERSION = Kind(
    "AWS::Lambda::LayerVersion",
    f"{_HERE}:layer:{{id|layer}}",
    Named("LayerName"),
    create=(Call("lambda:PublishLayerVersion"), *_reads_code("Content")),
    delete=(Call("lambda:DeleteLayerVersion", f"{_HERE}:layer:{{id|layer}}:{{id|number}}"),),
)
LAYER_VERSION_PERMISSION = Kind(
    "AWS::Lambda::LayerVersionPermission",
    "{LayerVersionArn}",
    Named(generated="statement"),
    create=(Call("lambda:AddLayerVersionPermission"),),
    delete=(Call("lambda:RemoveLayerVersionPermission"),),
)

KINDS = (
    FUNCTION,
    VERSION,
    ALIAS,
    PERMISSION,
    URL,
    EVENT_INVOKE_CONFIG,
    EVENT_SOURCE_MAPPING,
    LAYER_VERSION,
    LAYER_VERSION_PERMISSION,
)
