"""The intrinsic functions, one group a file; each takes its argument as the template has it."""
