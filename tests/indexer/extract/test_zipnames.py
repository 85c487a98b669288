"""The quick look into a package's directory sees what zipfile sees."""

from __future__ import annotations

import io
import zipfile

import pytest

from indexer.extract.zipnames import _plain_names, names_in


def packed(*names: str, comment: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in names:
            package.writestr(name, "督导")
        package.comment = comment
    return target.getvalue()


PLAIN = packed("[Content_Types].xml", "word/document.xml")


def test_the_directory_of_an_office_file_is_read_at_once() -> None:
    assert _plain_names(io.BytesIO(PLAIN)) == ["[Content_Types].xml", "word/document.xml"]


@pytest.mark.parametrize(
    "package",
    [
        packed("上报/材料.docx"),
        packed("word/document.xml", comment=b"word"),
        b"MZ" * 40 + PLAIN,
        PLAIN.replace(b"word/document.xml", b"word/docu\0ent.xml"),
    ],
    ids=["Chinese name", "comment", "bytes before it", "name with a zero"],
)
def test_what_is_unusual_is_left_to_zipfile(package: bytes) -> None:
    assert _plain_names(io.BytesIO(package)) is None
    assert names_in(io.BytesIO(package)) == zipfile.ZipFile(io.BytesIO(package)).namelist()


@pytest.mark.parametrize("cut", [1, 10, 21, 22, 60, len(PLAIN) - 10])
def test_a_cut_off_package_is_none(cut: int) -> None:
    with pytest.raises(zipfile.BadZipFile):
        names_in(io.BytesIO(PLAIN[:-cut]))


def test_a_directory_that_promises_more_is_left_to_zipfile() -> None:
    end = PLAIN.rindex(b"PK\5\6")
    more = PLAIN[: end + 8] + b"\3\0\3\0" + PLAIN[end + 12 :]
    assert _plain_names(io.BytesIO(more)) is None
