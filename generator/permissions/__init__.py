"""What the role that deploys applications may do: resource types to actions, scoped to the service's own stacks."""
