"""What CloudFormation makes of a template: parameters, conditions, functions, transforms, rules."""
