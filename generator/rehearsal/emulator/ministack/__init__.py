"""One adapter for each service of ministack, which is imported nowhere else; `contract` lists what they use of it."""
