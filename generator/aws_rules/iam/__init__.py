"""What AWS publishes about IAM, as dated data: its managed policies, and the condition keys of every action."""
