"""Commands: take in, answer, care, watch; each is one transaction on the log."""
