"""AWS's limits that Penstock checks or keeps to, each once, with the page it stands on.

What Penstock limits by itself stands where it does so.
"""

from __future__ import annotations

from collections.abc import Mapping

# CodePipeline: https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
STAGES = range(2, 50 + 1)
ACTIONS_OF_A_STAGE = range(1, 50 + 1)
ACTIONS = 1000
RULES_OF_A_CONDITION = 5
"""Said by https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_Condition.html."""
PIPELINES = 1000
CONCURRENT_EXECUTIONS = 50
SOURCE_BYTES = 1024**3
S3_SOURCE_BYTES = 7 * 1024**3
OVERRIDES_BYTES = 1024
"""Bytes of a CloudFormation action's ParameterOverrides."""
RESOLVED_CONFIGURATION_BYTES = 100 * 1024
OUTPUT_VARIABLES_BYTES = 122_880
"""Bytes of one action's output variables, keys and values."""
CLOUDFORMATION_ARTIFACT_BYTES = 256 * 1024**2
"""Unpacked bytes of an input artifact of a CloudFormation action."""
ACTION_SILENCE_SECONDS = 20 * 60
"""How long CodePipeline waits for a Lambda function to answer its job."""

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
RUN_ORDERS = range(1, 999 + 1)
APPROVAL_MINUTES = range(5, 86_400 + 1)
PIPELINE_NAME_LENGTH = 100
"""Of stages, actions, artifacts and namespaces as well."""
PROVIDER_VERSION_LENGTH = 9
CONFIGURATION_KEY_LENGTH = 50
CONFIGURATION_VALUE_LENGTH = 1000

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_FailureDetails.html
FAILURE_MESSAGE_LENGTH = 5000
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ApprovalResult.html
APPROVAL_SUMMARY_LENGTH = 512
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StopPipelineExecution.html
STOP_REASON_LENGTH = 200
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_TagResource.html
TAGS = 50
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineVariableDeclaration.html
VARIABLES = 50
VARIABLE_VALUE_LENGTH = 1000
VARIABLE_DESCRIPTION_LENGTH = 200
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitBranchFilterCriteria.html
FILTER_PATTERNS = 8
FILTER_PATTERN_LENGTH = 255
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecution.html
ACTION_SUMMARY_LENGTH = 2048
ACTION_URL_LENGTH = 2048
EXTERNAL_EXECUTION_ID_LENGTH = 1500
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionRevision.html
REVISION_CHANGE_LENGTH = 100
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_SourceRevision.html
REVISION_SUMMARY_LENGTH = 2048
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ExecutionTrigger.html
TRIGGER_DETAIL_LENGTH = 1024

# CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
TEMPLATE_INLINE_BYTES = 51_200
"""Bytes of a template that a request may carry; a larger one is read from S3."""
TEMPLATE_BYTES = 1_000_000
"""Bytes of a template in S3: the page says 1 MB, and CloudFormation's own message 1,000,000 bytes."""
RESOURCES = 500
STACK_NAME_LENGTH = 128
TEMPLATE_DESCRIPTION_BYTES = 1024
NAME_SUFFIX_LENGTH = 15
"""Two hyphens and the 13 characters CloudFormation ends a name with."""
NAME_LENGTH = 64
"""Characters of a name of most services."""
# From the registry's schemas and the services' API references (2026-11).
NAME_LENGTHS: Mapping[str, int] = {
    "AWS::CloudWatch::Alarm": 255,
    "AWS::CodeBuild::Project": 150,
    "AWS::CodeDeploy::Application": 100,
    "AWS::CodeDeploy::DeploymentGroup": 100,
    "AWS::CodePipeline::Pipeline": 100,
    "AWS::DynamoDB::Table": 255,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 32,
    "AWS::ElasticLoadBalancingV2::TargetGroup": 32,
    "AWS::Events::EventBus": 256,
    "AWS::Events::Rule": 64,
    "AWS::IAM::InstanceProfile": 128,
    "AWS::IAM::ManagedPolicy": 128,
    "AWS::IAM::Role": 64,
    "AWS::IAM::User": 64,
    "AWS::Kinesis::Stream": 128,
    "AWS::KinesisFirehose::DeliveryStream": 64,
    "AWS::Lambda::Function": 64,
    "AWS::Logs::LogGroup": 512,
    "AWS::Logs::MetricFilter": 512,
    "AWS::Logs::SubscriptionFilter": 512,
    "AWS::Pipes::Pipe": 64,
    "AWS::S3::Bucket": 63,
    "AWS::SSM::Parameter": 1011,
    "AWS::SNS::Topic": 256,
    "AWS::SQS::Queue": 80,
    "AWS::Scheduler::Schedule": 64,
    "AWS::Scheduler::ScheduleGroup": 64,
    "AWS::SecretsManager::Secret": 512,
    "AWS::Serverless::Function": 64,
    "AWS::Serverless::SimpleTable": 255,
    "AWS::Serverless::StateMachine": 80,
    "AWS::StepFunctions::Activity": 80,
    "AWS::StepFunctions::StateMachine": 80,
}
"""Characters of a name, by the type of what has it, where names are as long as a stack's or are looked at."""

# IAM, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
IMAGE_REPOSITORY_NAME_LENGTH = 256
INLINE_POLICIES_LENGTH = 10_240
"""Characters of all inline policies of a role together."""
MANAGED_POLICY_LENGTH = 6_144
ARN_LENGTH = 2048
"""Said by https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html."""
MANAGED_POLICIES_OF_A_ROLE = 10
ROLE_NAME_LENGTH = 64
"""In an account whose quota nobody has raised."""

# EC2, of the functions and builds in a VPC: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_VpcConfig.html
SUBNETS = 16
SECURITY_GROUPS = 5

# CodeBuild: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
RETRIES = 100

# Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
FUNCTION_SECONDS = 900
FUNCTION_MEMORY_MB = 10_240
FUNCTION_ENVIRONMENT_BYTES = 4096
FUNCTION_UNZIPPED_BYTES = 262_144_000
FUNCTION_RESPONSE_BYTES = 6_291_556

# SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
SUBJECT_LENGTH = 100
