"""One file's text: what it is, which reader reads it, and how it ended. Runs in a worker process.

A new format is one reader and one line in ``READERS``.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from indexer.errors import disk_words
from indexer.extract import (
    bsdtar,
    doc,
    docx,
    html,
    image,
    mail,
    msg,
    odf,
    ofd,
    office_program,
    office_xml,
    pdf,
    plain,
    ppt,
    pptx,
    rtf,
    sheet,
    xls,
    xlsb,
    zips,
)
from indexer.extract.endings import Unreadable, corrupt, over_limit, unsupported, without_text
from indexer.extract.sniff import Kind, kind_of
from indexer.model import Extraction, Limits, Passage, State

Reader = Callable[[Path, Limits], Extraction]
"""Reads one file of its kind; ends with an Extraction or raises Unreadable."""


def _ends_with(ending: Unreadable) -> Reader:
    """A reader for what is not read: always the same ending."""
    return lambda _path, _limits: ending.extraction()


def _unsupported(kind: Kind, remedy: str) -> Reader:
    """A reader that names its kind and the way round."""
    return _ends_with(unsupported(kind.value, remedy))


READERS: Mapping[Kind, Reader] = MappingProxyType(
    {
        Kind.DOCX: docx.read,
        Kind.XLSX: sheet.read,
        Kind.PDF: pdf.read,
        Kind.PLAIN: plain.read,
        Kind.NOTHING: _ends_with(without_text("文件是空的（0 字节）")),
        Kind.IMAGE: image.read,
        Kind.DOC: doc.read,
        Kind.XLS: xls.read,
        Kind.XLSB: xlsb.read,
        Kind.PPT: ppt.read,
        Kind.PPTX: pptx.read,
        Kind.WORKS: office_program.read,
        Kind.AGED: office_program.read,
        Kind.OLE: _unsupported(Kind.OLE, "用原来的软件打开，另存为 docx、xlsx 或 pdf"),
        Kind.OFD: ofd.read,
        Kind.ODF: odf.read,
        Kind.RTF: rtf.read,
        Kind.HTML: html.read,
        Kind.XML: office_xml.read,
        Kind.MAIL: mail.read,
        Kind.MESSAGE: msg.read,
        Kind.ZIP: zips.read,
        Kind.RAR: bsdtar.read,
        Kind.SEVEN_ZIP: bsdtar.read,
        Kind.MEDIA: _unsupported(Kind.MEDIA, "需要检索就另存一份文字说明"),
        Kind.PROGRAM: _unsupported(Kind.PROGRAM, "程序不属于档案，请核实来源后移走"),
        Kind.DATABASE: _unsupported(Kind.DATABASE, "用原来的系统导出为 xlsx"),
    }
)


def extract(path: Path, limits: Limits, readers: Mapping[Kind, Reader] = READERS) -> Extraction:
    """What became of the file; a bad file gives its state and never an exception.

    Meant for a process that may be killed: a hostile file can still cost all the memory and time it is given.
    """
    try:
        return _capped(_read(path, limits, readers), limits.text_chars)
    except Unreadable as ending:
        return ending.extraction()
    except MemoryError:
        return over_limit(f"读取它需要的内存超过 {limits.memory_bytes // 2**20} MB").extraction()
    except RecursionError:
        return over_limit("内容一层套一层，套得太深").extraction()
    except OSError as fault:
        return Extraction(
            State.CORRUPT,
            reason=f"文件打不开（{disk_words(fault)}）",
            remedy="检查文件是否正被别的程序占用、有没有读取权限，然后重新同步",
        )
    except Exception as fault:  # noqa: BLE001 - whatever a damaged file provokes is said of that file
        return corrupt(f"内容不合格式（{type(fault).__name__}）").extraction()


def _read(path: Path, limits: Limits, readers: Mapping[Kind, Reader]) -> Extraction:
    """Checks what may be asked of any file, then lets the reader of its kind read."""
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise Unreadable(State.REFUSED, "不是普通文件", "从档案文件夹里移走")
    if facts.st_size > limits.file_bytes:
        raise over_limit(f"文件大于 {limits.file_bytes // 2**20} MB")
    return readers[kind_of(path)](path, limits)


def _capped(extraction: Extraction, most: int) -> Extraction:
    """At most ``most`` characters; a cut is said in the reason."""
    if sum(len(passage.text) for passage in extraction.passages) <= most:
        return extraction
    kept: list[Passage] = []
    left = most
    for passage in extraction.passages:
        if left <= 0:
            break
        kept.append(replace(passage, text=passage.text[:left]))
        left -= len(passage.text)
    note = f"文字太多，只收录了前 {most} 字"
    reason = f"{extraction.reason}；{note}" if extraction.reason else note
    return replace(
        extraction, passages=tuple(kept), reason=reason, remedy=extraction.remedy or "拆成几份再归档"
    )
