"""The user's application as its SAM or CloudFormation templates describe it."""
