"""Checks: what is looked for in an answer, each by a function of the reading and the playbook."""
