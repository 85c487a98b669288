"""发文字号: reading every spelling that is met, writing the one that the standard knows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dujian_docs.errors import InputInvalid

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_OPEN = r"[〔\[［(（【〖﹝⟦]"
_CLOSE = r"[〕\]］)）】〗﹞⟧]"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SERIAL = r"0*(?P<serial>[1-9]\d{0,4})"
_GAP = r"\s{0,2}"
_BRACKETED = rf"{_OPEN}{_GAP}{_YEAR}{_GAP}(?:{_CLOSE}{_GAP}|(?=\d))第?{_GAP}{_SERIAL}"
_BARE = rf"{_YEAR}{_GAP}(?:年{_GAP}第?|[-－—]|第)?{_GAP}{_SERIAL}"
_SERIES = rf"(?P<series>[{_HAN}]{{1,20}})"
_TYPED = re.compile(
    rf"{_SERIES}{_GAP}(?:{_BRACKETED}|{_BARE.replace('year', 'year2').replace('serial', 'serial2')}){_GAP}号?"
)
_FOUND = re.compile(rf"{_SERIES}{_GAP}{_BRACKETED}{_GAP}号")
_FOUND_BARE = re.compile(rf"{_SERIES}{_GAP}{_BARE}{_GAP}号")
_BEFORE = re.compile(
    "根据|按照|依据|遵照|参照|贯彻|落实|执行|印发|转发|文号|字号|编号|详见|参见|关于|文件|通知|通报|号文|收到|对照|结合"
    "|[的据按见与及或以为在由将对]"
)
_ENDS_A_SERIES = re.compile("[督发函字办委政文通教议纪令复报请评检]$")


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """A document number: series (机关代字), calendar year and serial, counted from 1."""

    series: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.series}〔{self.year}〕{self.serial}号"

    @classmethod
    def parse(cls, text: str) -> DocumentNumber:
        """The number a person typed: any brackets or none, full width, leading zeros, with or without 号.

        Raises:
            InputInvalid: it cannot be read as one number.
        """
        found = _TYPED.fullmatch(_folded(text).strip())
        if found is None:
            raise InputInvalid(
                f"“{text}”不是发文字号", remedy="写成“机关代字〔年份〕序号号”，如 云教督〔2026〕1号"
            )
        return cls(
            found["series"], int(found["year"] or found["year2"]), int(found["serial"] or found["serial2"])
        )

    @classmethod
    def find(cls, text: str) -> tuple[DocumentNumber, ...]:
        """The numbers named in running text, in order, each once.

        Without brackets (as converted files have it, 晋教督20187号) a number counts only when what stands
        before the year ends like a series. Words of the sentence before a series (根据, 关于 …) are left out.
        """
        folded = _folded(text)
        spans: list[tuple[int, int, DocumentNumber]] = []
        for pattern in (_FOUND, _FOUND_BARE):
            for found in pattern.finditer(folded):
                series = _series_of(found["series"], folded[: found.start()])
                if not series or (pattern is _FOUND_BARE and not _ENDS_A_SERIES.search(series)):
                    continue
                number = cls(series, int(found["year"]), int(found["serial"]))
                if not any(found.start() < end and start < found.end() for start, end, _ in spans):
                    spans.append((found.start(), found.end(), number))
        return tuple(dict.fromkeys(number for _, _, number in sorted(spans)))


def _folded(text: str) -> str:
    """Full-width digits and letters as half width; every character stays one character."""
    return "".join(
        chr(ord(char) - 0xFEE0) if "\uff10" <= char <= "\uff19" else char
        for char in unicodedata.normalize("NFC", text)
    )


def _series_of(run: str, before: str) -> str:
    """The end of a run of hanzi that is the series; ``before`` is the text in front of the run."""
    cuts = [found.end() for found in _BEFORE.finditer(run)]
    kept = run[max(cuts) :] if cuts and max(cuts) < len(run) else "" if cuts else run
    if before.endswith("号") and kept[:1] in {"和", "同"}:
        kept = kept[1:]
    return kept.rpartition("号")[2]
