"""What CloudFormation and the services behind it refuse: one module a subject, hooked in by `installation` alone."""
