"""The Jinja environment in which templates are filled: nothing to call, nothing to calculate with."""

from __future__ import annotations

from typing import Any, NoReturn

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without calls, filters, tests or names of its own; prints texts only, and remembers them."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=self._text_only)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()
        self.printed: list[str] = []

    def call(self, *_: Any, **__: Any) -> NoReturn:
        """Nothing may be called."""
        raise SecurityError("calls are forbidden")

    def _text_only(self, value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)  # loop.index
        if not isinstance(value, str):
            raise SecurityError(f"a {type(value).__name__} cannot be printed")
        self.printed.append(value)
        return value
