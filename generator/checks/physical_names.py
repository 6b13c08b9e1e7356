"""Which property of a resource type is its physical name, and where AWS wants that name to be unique.

Left out on purpose: types whose name is only a label (REST and HTTP APIs, user pools, layers) and may occur twice.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
"""

from __future__ import annotations

_REGION = "in a region of an account"
_ACCOUNT = "in an account"
_WORLD = "in the world"
_GROUP = "in its group of schedules"

# type: (property, where it is unique)
PHYSICAL_NAMES: dict[str, tuple[str, str]] = {
    "AWS::ApiGateway::DomainName": ("DomainName", _REGION),
    "AWS::ApiGatewayV2::DomainName": ("DomainName", _REGION),
    "AWS::Athena::WorkGroup": ("Name", _REGION),
    "AWS::CloudWatch::Alarm": ("AlarmName", _REGION),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName", _REGION),
    "AWS::CloudWatch::Dashboard": ("DashboardName", _ACCOUNT),
    "AWS::CodeBuild::Project": ("Name", _REGION),
    "AWS::CodeCommit::Repository": ("RepositoryName", _REGION),
    "AWS::CodeDeploy::Application": ("ApplicationName", _REGION),
    "AWS::CodePipeline::Pipeline": ("Name", _REGION),
    "AWS::Cognito::UserPoolDomain": ("Domain", _REGION),
    "AWS::DynamoDB::GlobalTable": ("TableName", _REGION),
    "AWS::DynamoDB::Table": ("TableName", _REGION),
    "AWS::ECR::Repository": ("RepositoryName", _REGION),
    "AWS::ECS::Cluster": ("ClusterName", _REGION),
    "AWS::ElastiCache::ReplicationGroup": ("ReplicationGroupId", _REGION),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("Name", _REGION),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ("Name", _REGION),
    "AWS::Events::Connection": ("Name", _REGION),
    "AWS::Events::EventBus": ("Name", _REGION),
    "AWS::Events::Rule": ("Name", _REGION),
    "AWS::Glue::Crawler": ("Name", _REGION),
    "AWS::Glue::Job": ("Name", _REGION),
    "AWS::IAM::Group": ("GroupName", _ACCOUNT),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", _ACCOUNT),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", _ACCOUNT),
    "AWS::IAM::Role": ("RoleName", _ACCOUNT),
    "AWS::IAM::User": ("UserName", _ACCOUNT),
    "AWS::KMS::Alias": ("AliasName", _REGION),
    "AWS::Kinesis::Stream": ("Name", _REGION),
    "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamName", _REGION),
    "AWS::Lambda::Function": ("FunctionName", _REGION),
    "AWS::Logs::LogGroup": ("LogGroupName", _REGION),
    "AWS::OpenSearchService::Domain": ("DomainName", _REGION),
    "AWS::Pipes::Pipe": ("Name", _REGION),
    "AWS::RDS::DBCluster": ("DBClusterIdentifier", _REGION),
    "AWS::RDS::DBInstance": ("DBInstanceIdentifier", _REGION),
    "AWS::S3::Bucket": ("BucketName", _WORLD),
    "AWS::SNS::Topic": ("TopicName", _REGION),
    "AWS::SQS::Queue": ("QueueName", _REGION),
    "AWS::SSM::Parameter": ("Name", _REGION),
    "AWS::Scheduler::Schedule": ("Name", _GROUP),
    "AWS::Scheduler::ScheduleGroup": ("Name", _REGION),
    "AWS::SecretsManager::Secret": ("Name", _REGION),
    "AWS::Serverless::Function": ("FunctionName", _REGION),
    "AWS::Serverless::SimpleTable": ("TableName", _REGION),
    "AWS::Serverless::StateMachine": ("Name", _REGION),
    "AWS::StepFunctions::Activity": ("Name", _REGION),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", _REGION),
}
