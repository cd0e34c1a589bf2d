"""Exports in: files, directories and frames of any kind become a `MessageLog`."""

from socialcare.analytics.readers.mapping import Mapping
from socialcare.analytics.readers.reading import read
from socialcare.analytics.readers.recognition import presets

__all__ = ["Mapping", "presets", "read"]
