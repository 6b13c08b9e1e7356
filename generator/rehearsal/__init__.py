"""The pipeline on this machine: what CodePipeline, CodeBuild and the services around them do, on loopback."""
