"""The one error of the settings."""

from __future__ import annotations


class SettingsError(Exception):
    """A setting cannot be used. The text names the file, the key and what is allowed."""
