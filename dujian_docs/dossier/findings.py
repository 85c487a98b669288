"""What a check of a package can find, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Fault(StrEnum):
    """What can be wrong with a package."""

    DAMAGED = "damaged"
    MANIFEST = "manifest"
    MISSING = "missing"
    CHANGED = "changed"
    UNEXPECTED = "unexpected"
    DUPLICATE = "duplicate"
    UNSAFE = "unsafe"
    TOO_LARGE = "too_large"
    SEAL = "seal"

    @property
    def label(self) -> str:
        """The Chinese word shown to people."""
        return _LABELS[self]


_LABELS = {
    Fault.DAMAGED: "压缩包损坏",
    Fault.MANIFEST: "清单有问题",
    Fault.MISSING: "缺少文件",
    Fault.CHANGED: "内容已改动",
    Fault.UNEXPECTED: "多出文件",
    Fault.DUPLICATE: "文件重名",
    Fault.UNSAFE: "路径不安全",
    Fault.TOO_LARGE: "超出限额",
    Fault.SEAL: "封存码不符",
}


@dataclass(frozen=True, slots=True)
class VerifyLimits:
    """What a package may ask of the one who checks it; sizes in bytes, unpacked."""

    members: int = 50_000
    member_bytes: int = 4 * 1024**3
    total_bytes: int = 64 * 1024**3
    ratio: int = 200
    list_bytes: int = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a Chinese sentence, and the member it concerns (empty for the package)."""

    fault: Fault
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of a package found; ``seal`` is the sha256 of its checksum list, empty when absent."""

    path: Path
    findings: tuple[Finding, ...]
    files: int = 0
    size_bytes: int = 0
    title: str = ""
    made_at: str = ""
    seal: str = ""

    @property
    def intact(self) -> bool:
        """Whether every member is there, unchanged, and nothing was added."""
        return not self.findings
