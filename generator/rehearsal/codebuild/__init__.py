"""CodeBuild on this machine: runs the buildspec of a project in processes, without a container."""
