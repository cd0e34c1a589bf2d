"""Four weeks of customer care at Northline, a railway that does not exist.

`story` lets customers, agents and machines talk; `faults` then damages what they said in ways
that real exports are damaged, and keeps a list; `files` writes both down.
Everything comes from one `random.Random(seed)`, so that the same seed gives the same bytes.
"""
