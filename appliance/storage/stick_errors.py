"""What can go wrong with the second medium. The text of each error is a sentence for the person at the till."""

from __future__ import annotations

import errno

from appliance.storage.errors import StorageError


class SecondMediumError(StorageError):
    """The second medium cannot be used. The text is a sentence for the person at the till."""


class NoStickError(SecondMediumError):
    """It is not plugged in."""


class StickFullError(SecondMediumError):
    """There is no room left on it."""


class StickReadOnlyError(SecondMediumError):
    """It does not allow writing."""


class StickFailedError(SecondMediumError):
    """Reading or writing failed."""


class WrongTillError(SecondMediumError):
    """The folder belongs to another till."""


class DamagedStickError(SecondMediumError):
    """A line amid the stick's journal is not as the till wrote it; ``before`` is the number of the last good one."""

    def __init__(self, sentence: str, before: int) -> None:
        super().__init__(sentence)
        self.before = before


def stick_error(error: OSError) -> SecondMediumError:
    """The system's error as ours."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StickFullError("The stick is full.")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StickReadOnlyError("The stick cannot be written to.")
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ESTALE):
        return NoStickError("The stick was taken out.")
    return StickFailedError(f"The stick does not work ({error.strerror}).")
