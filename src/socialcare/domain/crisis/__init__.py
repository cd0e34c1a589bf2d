"""Crises: when much more is said than usual, and how often that is a false alarm.

`policy` says what is watched, `learning` what is usual, `detector` what a step makes of messages
and time, and `replay` what it would have found in a history.
"""
