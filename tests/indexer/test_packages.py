"""What is inside a package is found, counted, moved and forgotten with it, whatever interrupts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from indexer import ArchiveIndex, Limits, State
from indexer.engines import EngineName
from indexer.manifest import Manifest
from indexer.scan import MARKER_NAME


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    (folder / MARKER_NAME).touch()
    return folder


@pytest.fixture(params=["whoosh", "tantivy"])
def index(root: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ArchiveIndex]:
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    with ArchiveIndex.open(root, tmp_path / "index", engine=request.param) as opened:
        yield opened


def pack(target: Path, **files: str | bytes) -> Path:
    """A ZIP of texts; names have a ``_`` for the dot."""
    with zipfile.ZipFile(target, "w") as package:
        for name, content in files.items():
            package.writestr(name.replace("_", "."), content)
    return target


def letter(subject: str, **attached: bytes | EmailMessage) -> EmailMessage:
    """A mail with these attachments; names have a ``_`` for the dot."""
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "李静 <lj@example.cn>", "督导室 <dd@example.cn>"
    made["Date"], made["Message-ID"] = "Thu, 05 Mar 2026 08:30:00 +0800", "<1@example.cn>"
    made.set_content(f"{subject}正文")
    for name, content in attached.items():
        if isinstance(content, EmailMessage):
            made.add_attachment(content)
        else:
            made.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name.replace("_", ".")
            )
    return made


def found(index: ArchiveIndex, words: str) -> list[str]:
    return sorted(hit.path for hit in index.search(f'"{words}"').hits)


def test_members_are_items_of_their_own(index: ArchiveIndex, root: Path) -> None:
    inner = pack(root / "内.zip", 丙_txt="门卫值守").read_bytes()
    pack(root / "外.zip", 甲_txt="食堂陪餐", 乙_txt="消防演练", 附件_zip=inner, 坏_docx=b"PK\x03\x04 broken")
    (root / "内.zip").unlink()
    report = index.sync()
    assert (report.added, [item.path for item in report.unreadable]) == (1, ["外.zip!/坏.docx"])
    assert found(index, "食堂陪餐") == ["外.zip!/甲.txt"]
    assert found(index, "门卫值守") == ["外.zip!/附件.zip!/丙.txt"]
    assert {item.path: (item.state, item.package) for item in index.items()} == {
        "外.zip": (State.INDEXED, ""),
        "外.zip!/甲.txt": (State.INDEXED, "外.zip"),
        "外.zip!/乙.txt": (State.INDEXED, "外.zip"),
        "外.zip!/附件.zip": (State.INDEXED, "外.zip"),
        "外.zip!/附件.zip!/丙.txt": (State.INDEXED, "外.zip"),
        "外.zip!/坏.docx": (State.CORRUPT, "外.zip"),
    }
    assert index.text_of("外.zip!/甲.txt")[0].text == "食堂陪餐"
    assert [hit.path for hit in index.search("食堂陪餐", under="别处").hits] == []


def test_members_change_move_and_go_with_their_package(index: ArchiveIndex, root: Path) -> None:
    pack(root / "包.zip", 甲_txt="食堂陪餐", 乙_txt="消防演练")
    index.sync()
    pack(root / "包.zip", 甲_txt="校车检查")
    assert index.sync().changed == 1
    assert (found(index, "食堂陪餐"), found(index, "消防演练")) == ([], [])
    assert found(index, "校车检查") == ["包.zip!/甲.txt"]
    (root / "包.zip").rename(root / "改名.zip")
    assert index.sync().moved == 1
    assert found(index, "校车检查") == ["改名.zip!/甲.txt"]
    (root / "改名.zip").unlink()
    index.sync()
    assert found(index, "校车检查") == []
    index.sync()
    assert index.items() == ()
    assert index.status().notes == (), "nothing had to be mended"


def test_a_rebuilt_engine_has_the_members_again(index: ArchiveIndex, root: Path, tmp_path: Path) -> None:
    pack(root / "包.zip", 甲_txt="食堂陪餐")
    index.sync()
    index.close()
    (mark,) = (tmp_path / "index").glob("*/fingerprint.json")
    mark.write_text("{}", encoding="utf-8")
    name: EngineName = "whoosh" if mark.parent.name == "whoosh" else "tantivy"
    with ArchiveIndex.open(root, tmp_path / "index", engine=name) as again:
        assert found(again, "食堂陪餐") == ["包.zip!/甲.txt"]
        assert "重建" in again.status().notes[0]
        assert again.sync().unchanged == 1


def test_what_was_read_before_an_interruption_is_not_read_again(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members come into the manifest before their package, so it is taken up where it stopped."""
    pack(root / "包.zip", **{f"第{number}份_txt": f"内容{number}" for number in range(6)})
    kept: list[int] = []
    keep = Manifest.keep_texts

    class PowerCut(BaseException):
        pass

    def cut(self: Manifest, texts: dict[str, object]) -> None:
        kept.append(len(texts))
        if len(kept) == 3:
            raise PowerCut
        keep(self, texts)  # type: ignore[arg-type]

    monkeypatch.setattr("indexer.sync.TEXTS_AT_ONCE", 2)
    monkeypatch.setattr(Manifest, "keep_texts", cut)
    with pytest.raises(PowerCut):
        index.sync()
    assert index.items() == ()
    kept.clear()
    kept += [0, 0, 0]
    assert index.sync().added == 1
    assert sum(kept[3:]) == 3, "two of the members, and the package"
    assert len(index.items()) == 7


def test_a_package_too_deep_is_told(root: Path, tmp_path: Path) -> None:
    pack(root / "包.zip", 甲_txt="最里")
    for _ in range(2):
        inner = (root / "包.zip").read_bytes()
        pack(root / "包.zip", 内_zip=inner)
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(package_depth=2)) as index:
        report = index.sync()
        assert [(item.path, item.state) for item in report.unreadable] == [
            ("包.zip!/内.zip!/内.zip", State.REFUSED)
        ]
        assert "2 层" in report.unreadable[0].reason
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(package_depth=3)) as index:
        index.sync()
        assert found(index, "最里") == ["包.zip!/内.zip!/内.zip!/甲.txt"]


def test_too_many_files_in_nested_packages_are_refused(root: Path, tmp_path: Path) -> None:
    inner = pack(root / "内.zip", **{f"{at}_txt": "字" for at in range(8)}).read_bytes()
    pack(root / "外.zip", 一_zip=inner, 二_zip=inner)
    (root / "内.zip").unlink()
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(zip_members=10)) as index:
        report = index.sync()
        (refused,) = report.unreadable
        assert refused.path in {"外.zip!/一.zip", "外.zip!/二.zip"}, "whichever was read last"
        assert "超过 10 个" in refused.reason


def test_what_is_attached_to_mail_is_an_item_of_its_own(index: ArchiveIndex, root: Path) -> None:
    report = docx.Document()
    report.add_paragraph("校园食堂陪餐情况报告")
    report.save(str(root / "报告.docx"))
    written = (root / "报告.docx").read_bytes()
    (root / "报告.docx").unlink()
    inner = letter("转发函", 丙_txt="门卫值守".encode("gb18030"))
    mail = bytes(letter("报送函", 报告_docx=written, 坏_docx=b"PK\x03\x04 broken", 转_eml=inner))
    pack(root / "包.zip", 函_eml=mail)
    assert index.sync().added == 1
    assert found(index, "校园食堂陪餐情况报告") == ["包.zip!/函.eml!/报告.docx"]
    assert found(index, "门卫值守") == ["包.zip!/函.eml!/转发函.eml!/丙.txt"]
    assert found(index, "转发函正文") == ["包.zip!/函.eml!/转发函.eml"]
    assert "包.zip!/函.eml" in {hit.path for hit in index.search('"报告.docx"').hits}, "named in the mail too"
    items = {item.path: item for item in index.items()}
    assert {path: item.state for path, item in items.items()} == {
        "包.zip": State.INDEXED,
        "包.zip!/函.eml": State.INDEXED,
        "包.zip!/函.eml!/报告.docx": State.INDEXED,
        "包.zip!/函.eml!/坏.docx": State.CORRUPT,
        "包.zip!/函.eml!/转发函.eml": State.INDEXED,
        "包.zip!/函.eml!/转发函.eml!/丙.txt": State.INDEXED,
    }
    facts = items["包.zip!/函.eml"].facts
    assert (facts.title, facts.author, facts.created) == (
        "报送函",
        "李静 <lj@example.cn>",
        "2026-03-05T08:30:00+08:00",
    )
    assert items["包.zip!/函.eml!/转发函.eml"].facts.title == "转发函"


def test_mail_in_mail_ends_where_packages_in_packages_do(root: Path, tmp_path: Path) -> None:
    inmost = letter("四")
    for subject in ("三", "二", "一"):
        inmost = letter(subject, 信_eml=inmost)
    (root / "信.eml").write_bytes(bytes(inmost))
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(package_depth=2)) as index:
        (refused,) = index.sync().unreadable
        assert (refused.path, refused.state) == ("信.eml!/二.eml!/三.eml", State.REFUSED)
        assert "2 层" in refused.reason
        assert refused.facts.title == "三", "the letter itself was read"
        assert found(index, "三正文") == ["信.eml!/二.eml!/三.eml"]


def test_bytes_are_counted_over_all_that_lies_inside(root: Path, tmp_path: Path) -> None:
    """Packages that hold nothing but packages weigh nothing themselves."""
    with zipfile.ZipFile(root / "内.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("甲.txt", "字" * 250_000)
    inner = (root / "内.zip").read_bytes()
    (root / "内.zip").unlink()
    pack(root / "外.zip", 一_zip=inner, 二_zip=inner, 三_zip=inner)
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(zip_total_bytes=2 << 20)) as index:
        refused = [item for item in index.sync().unreadable if "超过 2 MB" in item.reason]
        assert len(refused) == 1
        assert refused[0].package == "外.zip"
    pack(root / "外.zip", 一_zip=pack(tmp_path / "纸.zip", 甲_txt="字" * 250_000).read_bytes())
    with ArchiveIndex.open(root, tmp_path / "j", limits=Limits(zip_total_bytes=1 << 20)) as index:
        assert index.sync().unreadable == ()
