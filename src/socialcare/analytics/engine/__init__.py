"""The columnar engine: from a message table to intervals, facts and metrics.

A table becomes integers (`rows`), integers become conversations (`threads`), and these become
waits, resolutions and handling, all of which one `measurement` holds.
`evidence` turns a measurement into `facts`, tidy tables that can be split, and `calculations` turns
facts into the metrics of the catalogue.
The pure domain is the reference for each step, and a test holds the two equal.
"""
