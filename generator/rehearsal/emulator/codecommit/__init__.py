"""CodeCommit over bare git repositories of this machine."""
