"""Column types: any text that Python can hold, JSON, brands that can be part of a key, instants."""

from datetime import UTC, datetime

from sqlalchemy import TIMESTAMP, Dialect, Text
from sqlalchemy.types import TypeDecorator

from socialcare.stores.names import meant, written


class AnyText(TypeDecorator[str]):
    """Any text, with NUL characters and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy passes it
        """What is sent."""
        return None if value is None else written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy passes it
        """What was meant."""
        return None if value is None else meant(value)


class Json(TypeDecorator[str]):
    """JSON in ASCII, as a text that reads back equal: it has no line breaks."""

    impl = Text
    cache_ok = True


class Brand(TypeDecorator[str]):
    """A brand or none, in a column that is never null, so that it can be part of a key."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy passes it
        """What is sent: nothing for no brand, and a brand after a sign."""
        return "" if value is None else f"={written(value)}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy passes it
        """What was meant."""
        return meant(value[1:]) if value else None


class Instant(TypeDecorator[datetime]):
    """An instant, which comes back in UTC whatever the session's time zone is."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy passes it
        """What was meant."""
        return None if value is None else value.astimezone(UTC)
