"""The issuing office, as its documents name it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Office:
    """What every document takes from the settings.

    ``cc`` is one text, units separated by ``，`` or ``、``. ``sealed`` chooses how 署名 is placed.
    ``first_serial`` continues a paper register in the year the office starts. ``printer`` is the 印发机关,
    the office itself when empty.
    """

    name: str
    series: str
    letterhead: str = ""
    signer: str = ""
    contact: str = ""
    phone: str = ""
    cc: str = ""
    sealed: bool = True
    first_serial: int = 1
    printer: str = ""

    @property
    def mark(self) -> str:
        """The 发文机关标志."""
        return self.letterhead or f"{self.name}文件"

    @property
    def printed_by(self) -> str:
        """The 印发机关."""
        return self.printer or self.name
