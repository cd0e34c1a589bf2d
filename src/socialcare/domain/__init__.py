"""The nouns and rules of care, as frozen values and pure functions."""
