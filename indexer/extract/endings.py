"""How reading a file can end without text: a state, the reason and the remedy, each said in one place."""

from __future__ import annotations

from indexer.model import Extraction, Facts, Passage, State


class Unreadable(Exception):
    """Ends the reading of one file; ``reason`` and ``remedy`` are Chinese sentences."""

    def __init__(self, state: State, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
        self.remedy = remedy

    def extraction(self, passages: tuple[Passage, ...] = (), facts: Facts = Facts()) -> Extraction:  # noqa: B008
        """The same as a value, with what the file did tell."""
        return Extraction(self.state, passages, self.reason, self.remedy, facts)


def corrupt(what: str) -> Unreadable:
    """The file is damaged; ``what`` says where it shows."""
    return Unreadable(
        State.CORRUPT, f"文件已损坏：{what}", "用原来的软件打开检查，打不开就向报送单位重新要一份"
    )


def encrypted() -> Unreadable:
    """A password is needed."""
    return Unreadable(State.ENCRYPTED, "文件加了密码，打不开", "向报送单位要密码，去掉密码另存一份后放回原处")


def over_limit(what: str) -> Unreadable:
    """A limit was passed; ``what`` names it with its value."""
    return Unreadable(
        State.REFUSED, f"超出安全限制：{what}", "检查文件来源是否可靠；确有需要就拆成几份再放进档案"
    )


def unsupported(name: str, remedy: str) -> Unreadable:
    """A format that no reader reads yet."""
    gap = " " if name[0].isascii() else ""
    return Unreadable(State.REFUSED, f"暂不支持{gap}{name}", remedy)


def without_text(what: str = "文件里没有文字") -> Unreadable:
    """The file is sound and says nothing."""
    return Unreadable(State.EMPTY, what, "打开看一看是不是放错了文件；确实是空文件就换成有内容的")


SCANS_UNREAD = "是扫描图片，检索不到"
"""How a reason ends that names pages of pictures; no longer said once they have been looked at."""


def awaiting_ocr(what: str) -> Unreadable:
    """There may be text, but only as pictures."""
    return Unreadable(
        State.PENDING_OCR,
        what,
        "装了 ocr 附加组件就会在空闲时识别；没有装就同时存一份可复制文字的版本（docx 或导出的 pdf）",
    )
