"""The errors a user can meet, as one tree: a message, a remedy and an exit code.

::

    TaggerError            1
    ├── InputError         1   an input file or article cannot be read
    ├── LabelsError        1   a labelled CSV or a taxonomy has mistakes
    ├── NoModelError       3   nothing has been trained yet
    └── ModelError         4   a model is there but must not be used
        ├── BundleError    4   damaged, incomplete, or of a format we do not know
        └── RegistryError  4   the model registry does not answer or does not know the model

Command lines turn them into one line on standard error; nothing here knows about that.
"""

from __future__ import annotations

__all__ = [
    "BundleError",
    "InputError",
    "LabelsError",
    "ModelError",
    "NoModelError",
    "RegistryError",
    "TaggerError",
]


class TaggerError(Exception):
    """Base of every error this project raises on purpose.

    Parameters
    ----------
    message : str
        What is wrong, naming the file, row or model.
    remedy : str, optional
        What the reader can do about it, as an instruction.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}. {self.remedy}" if self.remedy else self.message


class InputError(TaggerError):
    """An input file, or one article in it, cannot be read."""


class LabelsError(TaggerError):
    """A labelled CSV or a taxonomy file has mistakes; all of them are in the message."""


class NoModelError(TaggerError):
    """No model has been trained or registered yet."""

    exit_code = 3


class ModelError(TaggerError):
    """A model exists but cannot be used."""

    exit_code = 4


class BundleError(ModelError):
    """A bundle is damaged, incomplete, or written in a format this version does not know."""


class RegistryError(ModelError):
    """The model registry does not answer, or does not hold what was asked for."""
