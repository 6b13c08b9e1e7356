"""Model to CloudFormation: each file makes the resources of one subject, `template` puts them together."""
