"""What stops a build, in words for whoever started it."""


class BuildError(Exception):
    """The build cannot go on: says what is missing or which step failed, and where to look."""
