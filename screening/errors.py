"""What can go wrong, each as one sentence that says what, where, and what would be right."""

from __future__ import annotations


class ScreeningError(Exception):
    """Nothing trustworthy can be produced; the message is for the user.

    Args:
        message: what is wrong and what would be right, one sentence.
        at: where: a file, a file and line, a column, an option.
    """

    def __init__(self, message: str, *, at: object = "") -> None:
        self.message = message
        self.at = str(at)
        super().__init__(f"{self.at}: {message}" if self.at else message)


class UsageError(ScreeningError):
    """An option or argument is wrong."""


class TradeFileError(ScreeningError):
    """A trade file cannot be read as a whole."""


class ListFileError(ScreeningError):
    """A list file does not parse, is cut short, or lacks what its format promises."""


class RulePackError(ScreeningError):
    """A rule, parameter or reference table under rules/ is not usable."""


class EngineError(ScreeningError):
    """The rule engine refused a record or disagreed with the plain evaluation."""


class ReportError(ScreeningError):
    """Results could not be written whole."""
