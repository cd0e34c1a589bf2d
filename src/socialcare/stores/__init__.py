"""Where a desk keeps its log: the stores that we ship, each one a plugin like anyone else's."""
