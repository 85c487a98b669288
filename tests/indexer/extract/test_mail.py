"""Mail: fields in any encoding or none, bodies of any kind, what is attached, and pages saved as one file."""

from __future__ import annotations

import base64
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.attached import file_name
from indexer.extract.endings import Unreadable
from indexer.extract.mailtext import words
from indexer.extract.members import Unpacker
from indexer.extract.sniff import Kind, kind_of
from indexer.model import Extraction, Limits, Passage, State

SUBJECT = "关于报送义务教育优质均衡发展自评报告的函"
BODY = "各学校：\n请于三月底前报送。"
HEAD = (
    f"主题：{SUBJECT}\n发件人：李静 <lj@example.cn>\n收件人：督导室 <dd@example.cn>\n"
    "抄送：周明远 <z@example.cn>\n日期：2026-03-05T08:30:00+08:00"
)


def letter(body: str = BODY) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = SUBJECT, "李静 <lj@example.cn>", "督导室 <dd@example.cn>"
    made["Cc"], made["Date"] = "周明远 <z@example.cn>", "Thu, 05 Mar 2026 08:30:00 +0800"
    made["Message-ID"] = "<1@example.cn>"
    made.set_content(body)
    return made


def said(folder: Path, data: bytes) -> Extraction:
    (folder / "邮件.eml").write_bytes(data)
    assert kind_of(folder / "邮件.eml") is Kind.MAIL
    return extract(folder / "邮件.eml", Limits())


def kept(folder: Path, *inside: int) -> bytes:
    """The bytes of what is attached to the letter that was last asked about."""
    with Unpacker(folder, Limits()).member(folder / "邮件.eml", inside) as file:
        return file.read_bytes()


def raw(text: str, codec: str = "gb18030", kind: str = "text/plain", more: str = "") -> bytes:
    head = f"From: 李静 <lj@example.cn>\nTo: x@example.cn\nSubject: {SUBJECT}\nMIME-Version: 1.0\n"
    return (f"{head}Content-Type: {kind}\n{more}\n{text}").encode(codec)


def test_a_letter_tells_head_body_and_attachments(tmp_path: Path) -> None:
    made = letter()
    made.add_alternative(f"<p>{BODY}</p>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="msword", filename="自评报告.docx")
    made.add_attachment("附件里的字", filename="说明.txt")
    inner = EmailMessage()
    inner["Subject"] = "转发的函"
    inner.set_content("里面的话")
    made.add_attachment(inner)
    found = said(tmp_path, bytes(made))
    assert found.passages == (
        Passage(HEAD, label="邮件头"),
        Passage(BODY),
        Passage("自评报告.docx\n说明.txt\n转发的函.eml", label="附件"),
    )
    assert [(one.position, one.name) for one in found.members] == [
        (0, "自评报告.docx"),
        (1, "说明.txt"),
        (2, "转发的函.eml"),
    ]
    assert [kept(tmp_path, one.position) for one in found.members[:2]] == [b"x", "附件里的字\n".encode()]
    with Unpacker(tmp_path, Limits()).member(tmp_path / "邮件.eml", (2,)) as file:
        inside = extract(file, Limits())
    assert inside.passages == (Passage("主题：转发的函", label="邮件头"), Passage("里面的话"))
    assert (found.facts.title, found.facts.author) == (SUBJECT, "李静 <lj@example.cn>")
    assert found.facts.created == "2026-03-05T08:30:00+08:00"


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
@pytest.mark.parametrize(
    "declared", ["", "; charset=us-ascii", "; charset=gb2312", "; charset=utf-8", "; charset=x"]
)
def test_bytes_without_or_with_a_wrong_encoding_are_read(tmp_path: Path, codec: str, declared: str) -> None:
    found = said(tmp_path, raw(BODY, codec, f"text/plain{declared}"))
    assert found.facts.title == SUBJECT
    assert Passage(BODY) in found.passages


def test_the_alternative_that_says_more_is_read(tmp_path: Path) -> None:
    made = letter("请用网页方式查看")
    made.add_alternative(f"<table><tr><td>学校</td><td>{SUBJECT}</td></tr></table>", subtype="html")
    assert said(tmp_path, bytes(made)).passages[1] == Passage(f"学校\t{SUBJECT}")


def test_html_is_read_by_the_encoding_the_mail_names(tmp_path: Path) -> None:
    page = raw("<meta charset=utf-8><p>督导</p>", "gb18030", "text/html; charset=gb2312")
    assert Passage("督导") in said(tmp_path, page).passages


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?gb2312?B?" + base64.b64encode("督导".encode("gbk")).decode() + "?=", "督导"),
        ("=?UTF-8?Q?=E7=9D=A3=E5=AF=BC_ab?=", "督导 ab"),
        ("=?utf-8?B?55uj?= =?utf-8?B?5a+8?=", "監导"),
        ("=?gb2312?B?tg==?=\n =?gb2312?B?vbW8?=", "督导"),
        ("Re: =?gbk?B?tr21vA==?= (2)", "Re: 督导 (2)"),
        ("=?gbk?B?tr21v?= x", "督� x"),
        ("=?没有?B?x?= 督导", "=?没有?B?x?= 督导"),
        ("  甲\n\t乙 ", "甲 乙"),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    assert words(value) == text


NAMED = {
    'filename="甲.doc"': "甲.doc",
    "filename*=GB2312''%D2%D2.doc": "乙.doc",
    "filename*=GB2312''%E9F%E9%46.doc": "镕镕.doc",
    f'filename="=?gb2312?B?{base64.b64encode("丙.doc".encode("gbk")).decode()}?="': "丙.doc",
    "filename*0*=utf-8''%E4%B8; filename*1*=%81.doc": "丁.doc",
    'filename="C:\\\\上报\\\\..\\\\3/15通知.doc"': "上报_3_15通知.doc",
}


def test_names_of_attachments_are_read_however_they_are_written(tmp_path: Path) -> None:
    names = tuple(NAMED)
    parts = "".join(
        f"--b\nContent-Type: application/msword\nContent-Disposition: attachment; {name}\n\nx\n"
        for name in names
    )
    found = said(tmp_path, raw(f"{parts}--b--\n", "gb18030", "multipart/mixed; boundary=b"))
    assert [one.name for one in found.members] == list(NAMED.values())
    assert found.passages[-1] == Passage("\n".join(NAMED.values()), label="附件")


def part(kind: str, content: bytes, *fields: str) -> str:
    """One part of a letter, in base64."""
    head = (f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *fields)
    return "--b\n" + "\n".join(head) + f"\n\n{base64.encodebytes(content).decode()}"


def test_names_are_each_said_once_and_made_up_where_there_are_none(tmp_path: Path) -> None:
    parts = (
        part("application/pdf", b"1"),
        part("application/pdf", b"2"),
        part('application/msword; name="甲.doc"', b"3"),
        part("application/msword", b"4", 'Content-Disposition: attachment; filename="甲.doc"'),
        part("message/rfc822", b"", "Content-Disposition: attachment"),
    )
    found = said(tmp_path, raw("".join((*parts, "--b--\n")), "gb18030", "multipart/mixed; boundary=b"))
    assert [one.name for one in found.members] == [
        "附件.pdf",
        "附件(2).pdf",
        "甲.doc",
        "甲(2).doc",
        "邮件.eml",
    ]
    assert [kept(tmp_path, at) for at in range(4)] == [b"1", b"2", b"3", b"4"]


PICTURE = bytes(range(256)) * 100
"""25 KB: more than a logo."""


@pytest.mark.parametrize(
    ("kind", "content", "fields", "is_kept"),
    [
        ("image/png; name=a.png", PICTURE[:9_000], ("Content-ID: <1>",), False),
        ("image/png; name=a.png", PICTURE, ("Content-ID: <1>",), True),
        ("image/png", PICTURE[:9_000], ("Content-Disposition: inline",), False),
        ("image/png", PICTURE[:9_000], ("Content-Disposition: attachment", "Content-ID: <1>"), True),
        ("image/png; name=a.png", PICTURE[:9_000], (), True),
        ("application/pdf; name=a.pdf", b"x", ("Content-Disposition: inline", "Content-ID: <1>"), True),
        ("text/css", b"p{}", ("Content-Location: a.css",), False),
        ("application/x-mso", b"x", ("Content-Location: file:///C:/oledata.mso",), False),
        ("text/csv; name=a.csv", b"x", (), True),
        ("text/calendar", b"x", (), False),
        ("application/pkcs7-signature; name=smime.p7s", b"x", (), False),
    ],
)
def test_what_the_body_shows_is_no_file_unless_it_may_be_a_letter(
    tmp_path: Path, kind: str, content: bytes, fields: tuple[str, ...], is_kept: bool
) -> None:
    text = f"--b\nContent-Type: text/plain\n\n{BODY}\n{part(kind, content, *fields)}--b--\n"
    found = said(tmp_path, raw(text, "gb18030", "multipart/related; boundary=b"))
    assert Passage(BODY) in found.passages
    assert len(found.members) == is_kept
    assert [one.size_bytes for one in found.members] == [len(content)] * is_kept
    assert any(one.label == "附件" for one in found.passages) == is_kept


def test_a_text_attached_beside_the_chosen_alternative_is_kept(tmp_path: Path) -> None:
    attached = part("text/plain", "附件里的字".encode(), "Content-Disposition: attachment; filename=a.txt")
    plain = f"--b\nContent-Type: multipart/mixed; boundary=c\n\n{attached.replace('--b', '--c')}--c--\n"
    html = f"--b\nContent-Type: text/html\n\n<p>{BODY * 3}</p>\n--b--\n"
    found = said(tmp_path, raw(plain + html, "gb18030", "multipart/alternative; boundary=b"))
    assert [one.name for one in found.members] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../逃.doc", "逃.doc"),
        ("图\u202egpj.exe", "图gpj.exe"),
        ("甲\x00.exe", "甲"),
        ("a\tb\x1b[31m.txt", "ab[31m.txt"),
        ("\\\\主机\\共享\\表.xls", "主机_共享_表.xls"),
        ("", "无名"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
    ],
)
def test_names_of_files_lead_nowhere_and_show_all_they_hold(name: str, safe: str) -> None:
    assert file_name(name) == safe


def test_an_attachment_too_large_or_gone_is_refused_alone(tmp_path: Path) -> None:
    made = letter()
    made.add_attachment(bytes(3_000), maintype="application", subtype="msword", filename="大.doc")
    made.add_attachment(b"x", maintype="application", subtype="msword", filename="小.doc")
    assert len(said(tmp_path, bytes(made)).members) == 2
    unpacker = Unpacker(tmp_path, Limits(zip_member_bytes=1_000))
    for position, state in ((0, State.REFUSED), (2, State.CORRUPT)):
        with (
            pytest.raises(Unreadable) as refused,
            unpacker.member(tmp_path / "邮件.eml", (position,)),
        ):
            pass
        assert refused.value.state is state
    assert sorted(path.name for path in tmp_path.iterdir()) == ["邮件.eml"], "nothing half is left"
    assert extract(tmp_path / "邮件.eml", Limits(zip_members=1)).state is State.REFUSED


def test_flowing_text_is_joined(tmp_path: Path) -> None:
    flowed = raw("督导 \n评估\n-- \n李静", kind="text/plain; format=flowed; delsp=yes")
    assert Passage("督导评估\n--\n李静") in said(tmp_path, flowed).passages


def test_a_page_saved_as_one_file_is_read(tmp_path: Path) -> None:
    page = f"<html><head><title>通知</title></head><body><p class=3D'a'>{SUBJECT}</p></body></html>"
    data = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----=_b"\n\n说明\n\n------=_b\n'
        "Content-Location: file:///C:/1.htm\nContent-Transfer-Encoding: quoted-printable\n"
        f'Content-Type: text/html; charset="gb2312"\n\n{page}\n\n------=_b\nContent-Type: image/png\n'
        "Content-Location: file:///C:/a.png\n\nx\n------=_b--\n"
    )
    assert said(tmp_path, data.encode("gb18030")).passages == (Passage(SUBJECT),)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data", State.ENCRYPTED),
        ("multipart/encrypted; boundary=b", State.ENCRYPTED),
        ("application/pkcs7-mime; smime-type=signed-data", State.INDEXED),
    ],
)
def test_an_encrypted_letter_says_so_and_keeps_its_head(tmp_path: Path, kind: str, state: State) -> None:
    found = said(tmp_path, raw("x", kind=kind))
    assert found.state is state
    assert SUBJECT in found.passages[0].text


def test_signatures_are_counted(tmp_path: Path) -> None:
    made = letter()
    made.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    assert said(tmp_path, bytes(made)).facts.signatures == 1
    assert said(tmp_path, bytes(letter())).facts.signatures == 0


def test_a_letter_without_words_is_empty(tmp_path: Path) -> None:
    found = said(tmp_path, b"Received: x\nFrom: a@b\nTo: c@d\nDate: never\nMessage-ID: x\n\n \n")
    assert (found.state, found.facts.created) == (State.EMPTY, "")
    assert found.remedy


@pytest.mark.parametrize(
    "data",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)),
        b"Subject: " + b"=?utf-8?B?5a+8?= " * 50_000 + b"\n\n",
        b"Subject: " + b"=?" * 200_000 + b"\n\n",
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    ],
)
def test_no_letter_takes_long(tmp_path: Path, data: bytes) -> None:
    began = time.process_time()
    found = said(tmp_path, b"Received: x\nMIME-Version: 1.0\nFrom: a@b\n" + data)
    assert time.process_time() - began < 10
    assert found.passages or (found.reason and found.remedy)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(200, 5_000), st.integers(0, 255)), max_size=12))
def test_damage_ends_in_a_state(tmp_path: Path, flips: list[tuple[int, int]]) -> None:
    made = letter()
    made.add_alternative(f"<p>{BODY}</p>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="msword", filename="自评报告.docx")
    data = bytearray(bytes(made))
    for at, byte in flips:
        data[at % len(data)] = byte
    (tmp_path / "坏.eml").write_bytes(data)
    found = extract(tmp_path / "坏.eml", Limits())
    assert found.passages or (found.reason and found.remedy)


@given(st.text(max_size=60))
def test_any_field_is_one_line(value: str) -> None:
    assert "\n" not in words(value)
