"""Approval: who must see an answer before a customer does, and what exactly they saw."""
