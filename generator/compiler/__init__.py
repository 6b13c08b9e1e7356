"""Pipeline file to model: kinds, defaults, what the repository says, and what AWS would refuse."""
