"""One adapter for each service of ministack, which is imported nowhere else."""
