"""Documents a second: our whole way against docxtpl as it is commonly used, and against peers for Node.

Ours fills in, places and numbers what the texts place, and reads everything back; the others only fill in.
Every document is another one: its number, its addressee and its rows differ. Times are processor seconds.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docxtpl import DocxTemplate

from bench import Measurement
from dujian_docs.documents import Genre, genres, shipped_templates
from dujian_docs.documents.fields import Context, Field, FieldKind, Source
from dujian_docs.documents.rendering import load_template, render
from dujian_docs.documents.template_text import texts_of

ROUNDS, DOCUMENTS, NAIVE_DOCUMENTS, QUICK = 5, 200, 20, 2
PEERS = {"docxtemplater": "3.71.0", "pizzip": "3.3.0", "easy-template-x": "7.2.8", "carbone": "3.8.2"}
SECONDS = 300
AT = datetime(2026, 3, 2, tzinfo=UTC)
_FIELDS = (
    *(Field(name, name, FieldKind.TEXT, Source.RECORD, "") for name in ("title", "main_to", "number", "cc")),
    *(Field(f"p{n}", f"p{n}", FieldKind.TEXT, Source.RECORD, "") for n in range(10)),
    Field("items", "items", FieldKind.ROWS, Source.RECORD, "", columns=("text",)),
    Field("rows", "rows", FieldKind.ROWS, Source.RECORD, "", columns=("number", "name", "task", "day")),
)
Fill = Callable[[Context], bytes]


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """Every shipped genre against docxtpl; then one template against docxtpl and the peers from npm."""
    yield from _against_docxtpl(quick=quick)
    yield from _against_peers(folder, quick=quick)


def _against_docxtpl(*, quick: bool) -> Iterator[Measurement]:
    for name, same_title in (("同一标题", True), ("每份标题不同", False)):
        ratios: dict[str, float] = {}
        total = {"ours": 0.0, "naive": 0.0}
        for genre in genres([shipped_templates()]):
            records = [_varied(genre, number, same_title=same_title) for number in range(_many(quick=quick))]
            ours, naive = _contest(_ours(genre), _naive(genre.template.content), records, quick=quick)
            ratios[genre.name] = naive / ours
            total["ours"] += ours
            total["naive"] += naive
        slowest = sorted(ratios, key=lambda one: ratios[one])[:3]
        yield Measurement(
            f"成批生成公文（填写、排位置、读回核对）比 docxtpl（只填写），{name}，最慢的文种",
            "≥ 20 倍",
            min(ratios.values()),
            20.0,
            corpus=f"自带的 {len(ratios)} 个文种",
            figures={
                "平均每份毫秒": round(total["ours"] / len(ratios) * 1000, 3),
                "docxtpl 毫秒": round(total["naive"] / len(ratios) * 1000, 2),
                **{f"{one} 倍": round(ratios[one], 1) for one in slowest},
            },
        )


def _against_peers(folder: Path, *, quick: bool) -> Iterator[Measurement]:
    content = _template(folder / "ours.docx", "{{ %s }}", _jinja)
    template = load_template("bench", content, _FIELDS)
    records = [_record(number) for number in range(_many(quick=quick))]
    ours, naive = _contest(
        lambda record: render(template, record, at=AT), _naive(content), records, quick=quick
    )
    figures = {"我们 份/秒": round(1 / ours), "docxtpl 份/秒": round(1 / naive, 1)}
    expected = _words(render(template, records[-1], at=AT))
    peers = _peers(folder, records)
    for name, (seconds, words) in peers.items():
        figures[f"{name} 份/秒"] = round(1 / seconds, 1)
        figures[f"{name} 文字相同"] = float(words == expected)
    fastest = min([naive, *(seconds for seconds, _ in peers.values())])
    yield Measurement(
        f"同一份模板、同样的记录，比{'、'.join(['docxtpl', *peers])}中最快的",
        "≥ 1.0 倍",
        fastest / ours,
        1.0,
        corpus=f"{len(records)} 份，10 段、5 行的表",
        figures=figures,
    )


def _many(*, quick: bool) -> int:
    return QUICK if quick else DOCUMENTS


def _contest(ours: Fill, naive: Fill, records: Sequence[Context], *, quick: bool) -> tuple[float, float]:
    """Seconds a document of each; they take turns, and of each the fastest round counts."""
    best = [float("inf"), float("inf")]
    few = records[: QUICK if quick else NAIVE_DOCUMENTS]
    ours(records[0])
    for _ in range(1 if quick else ROUNDS):
        for place, (fill, some) in enumerate(((ours, records), (naive, few))):
            begun = time.process_time()
            for record in some:
                fill(record)
            best[place] = min(best[place], (time.process_time() - begun) / len(some))
    return best[0], best[1]


def _ours(genre: Genre) -> Fill:
    return lambda record: render(genre.template, record, at=AT)


def _naive(content: bytes) -> Fill:
    """Opened, filled and saved for each document, with its values escaped."""

    def fill(record: Context) -> bytes:
        document = DocxTemplate(io.BytesIO(content))
        document.render(dict(record), autoescape=True)
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return fill


def _varied(genre: Genre, number: int, *, same_title: bool) -> Context:
    """The genre's sample as the document of one of many schools."""
    values: dict[str, Any] = dict(genre.sample())
    if "number" in values:
        values["number"] = f"云教督〔2026〕{number + 1}号"
    if isinstance(values.get("main_to"), str):
        values["main_to"] = f"云岭县第{number + 1}小学"
    if not same_title and isinstance(values.get("title"), str):
        values["title"] = f"{values['title']}（{number + 1}）"
    for field in genre.fields:
        rows = values.get(field.name)
        if field.kind is FieldKind.ROWS and rows:
            column = field.columns[-1]
            values[field.name] = [*rows[:-1], {**rows[-1], column: f"{rows[-1][column]}{number}"}]
        elif field.kind is FieldKind.LINES and rows:
            values[field.name] = [*rows[:-1], f"{rows[-1]}{number}"]
    return values


def _record(number: int) -> dict[str, Any]:
    return {
        "title": "云岭县人民政府教育督导室关于限期整改校园安全问题的通知",
        "main_to": f"云岭县第{number + 1}小学",
        "number": f"云教督〔2026〕{number + 1}号",
        "cc": "县人民政府办公室",
        **{f"p{n}": f"督导组第{n + 1}次到校，查看了{number + n}处，请于10日内整改。" * 3 for n in range(10)},
        "items": [{"text": f"第{number + n}项：完善门卫制度。"} for n in range(3)],
        "rows": [
            {"number": str(n + 1), "name": "周明远", "task": f"整改第{number + n}项", "day": "3月20日"}
            for n in range(5)
        ],
    }


Loop = Callable[[str, Sequence[str]], tuple[Sequence[str], Sequence[str], Sequence[str]]]
"""Of a list's name and the columns printed of it: what stands before, is repeated, and stands behind."""


def _jinja(name: str, columns: Sequence[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    kind = "tr" if len(columns) > 1 else "p"
    cells = [f"{{{{ one.{column} }}}}" for column in columns]
    return [f"{{%{kind} for one in {name} %}}"], cells, [f"{{%{kind} endfor %}}"]


def _sections(name: str, columns: Sequence[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    cells = [f"{{{column}}}" for column in columns]
    if len(columns) == 1:
        return [f"{{#{name}}}"], cells, [f"{{/{name}}}"]
    return [], [f"{{#{name}}}{cells[0]}", *cells[1:-1], f"{cells[-1]}{{/{name}}}"], []


def _indexed(name: str, columns: Sequence[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    return (
        [],
        [f"{{d.{name}[i].{column}}}" for column in columns],
        [f"{{d.{name}[i+1].{column}}}" for column in columns],
    )


def _template(file: Path, tag: str, loop: Loop) -> bytes:
    """The same document in a library's own language, written to ``file``."""
    document = docx.Document()
    for name in ("number", "title", "main_to"):
        document.add_paragraph(tag % name)
    for number in range(10):
        document.add_paragraph("经查，" + tag % f"p{number}" + "特此说明。")
    for paragraphs in loop("items", ["text"]):
        for text in paragraphs:
            document.add_paragraph(text)
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, ("序号", "姓名", "任务", "时间"), strict=True):
        cell.text = text
    for cells in loop("rows", ["number", "name", "task", "day"]):
        if cells:
            row = table.add_row()
            for cell, text in zip(row.cells, cells, strict=False):
                cell.text = text
    document.add_paragraph("抄送：" + tag % "cc" + "。")
    file.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(file))
    return file.read_bytes()


def _peers(folder: Path, records: Sequence[Context]) -> Mapping[str, tuple[float, list[str]]]:
    """Seconds a document of each peer and the words of its last one; nothing, and why, without npm."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        print("没有安装 node 和 npm，不与 docxtemplater、easy-template-x、carbone 比较")
        return {}
    wanted = [f"{name}@{version}" for name, version in PEERS.items()]
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *wanted]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        print("npm 取不到 docxtemplater、easy-template-x、carbone，不与它们比较")
        return {}
    _template(folder / "docxtemplater.docx", "{%s}", _sections)
    _template(folder / "easy-template-x.docx", "{%s}", _sections)
    _template(folder / "carbone.docx", "{d.%s}", _indexed)
    (folder / "records.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    script = Path(__file__).with_name("rendering_peers.cjs")
    told = subprocess.run([node, script, folder], check=True, capture_output=True, timeout=SECONDS)
    return {
        name: (one["seconds"] / len(records), _words(base64.b64decode(one["document"])))
        for name, one in json.loads(told.stdout).items()
    }


def _words(content: bytes) -> list[str]:
    """The paragraphs that hold text; easy-template-x leaves empty ones where its tags stood."""
    return [text for text in texts_of(docx.Document(io.BytesIO(content)).element) if text.strip()]
