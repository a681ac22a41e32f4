"""What can go wrong with the computer under test, told apart from what the card does wrong."""

from __future__ import annotations


class MachineError(Exception):
    """The computer, the card's file or a host program failed. The text says which and how."""


class SceneError(Exception):
    """The card did not do what a scene expects. The text is for the report."""
