"""cfn-lint in a process of its own, kept warm while the pipeline's first stages run."""
