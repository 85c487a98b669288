"""The demonstration: the whole chain played on the invented county, and a page that says what happened."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from dujian_docs import settings
from dujian_docs import workspace as verbs
from dujian_docs.errors import ArchiveConflict
from dujian_docs.sample.archive import plan_archive, sample_due, write_archive
from dujian_docs.sample.figures import FILING_LIST, office
from dujian_docs.sample.planned import truth_of
from dujian_docs.sample.workbooks import BROUGHT, SPOILT_NAME, write_workbooks
from dujian_docs.workspace import Report, Workspace

MARKER = ".dujian-demo"
"""Stands in a folder that a demonstration made and may make anew."""
INPUTS = "录入表"
LINKS_TO_LIST = "评估项目"
"""The first kind that names a filing list, which therefore comes before it."""
DAY = datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=8)))
"""When the demonstration plays, so that it comes out the same whenever it is run."""
INSPECTION = "督导活动/DD2026-05"
QUERIES = ("双减", "责任督学 挂牌", "学校标准化", "三个增长", "云教督2026 1号")


@dataclass(slots=True)
class Story:
    """What the demonstration did: figures for programs, and the page for people."""

    data: dict[str, object] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The page."""
        return "\n".join(self.lines)

    def tell(self, line: str, **figures: object) -> None:
        """One more line, and the figures behind it."""
        self.lines.append(line)
        self.data |= figures


def play(folder: Path, *, report: Report) -> Story:
    """The chain from records to a verified dossier has been played in ``folder``.

    Raises:
        ArchiveConflict: the folder holds something that no demonstration made; it is left alone.
    """
    story = Story()
    prepare(folder)
    plan = verbs.plan_init(folder.resolve(), {**office().settings(), "user.name": office().contact})
    verbs.apply_init(plan)
    with Workspace.open(folder, overrides={}, environment={}, clock=lambda: DAY) as workspace:
        story.tell(f"督检文档演示：云岭县（虚构），工作区 {folder}", workspace=str(folder))
        _records(workspace, story)
        _archive(workspace, story, report)
        _document(workspace, story)
        _search(workspace, story, report)
        _check(workspace, story, report)
        _dossier(workspace, story, report)
        _evaluate(workspace, story)
    _next_steps(folder, story)
    return story


def prepare(folder: Path) -> None:
    """``folder`` is empty and marked; what an earlier demonstration left there is gone."""
    if Path.cwd().resolve().is_relative_to(folder.resolve()) and folder.exists():
        raise ArchiveConflict(
            f"现在就在 {folder.resolve()} 里面，不能清掉它重来",
            remedy="先回到上一层文件夹，再运行 dujian demo",
        )
    if (folder / MARKER).is_file():
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise ArchiveConflict(
            f"{folder} 里已有别的东西，不能在这里演示", remedy="换一个空文件夹或不存在的文件夹"
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("演示用，可整个删除。\n", encoding="utf-8")


def lay_out(folder: Path) -> None:
    """The county's settings, workbooks, filing list, records and archive are in the workspace ``folder``."""
    values: Mapping[str, object] = office().settings()
    (folder / settings.FILE_NAME).write_text(settings.toml_text(values), encoding="utf-8")
    write_workbooks(folder)
    shutil.copyfile(FILING_LIST, folder / "建档目录.yaml")
    with Workspace.open(folder, overrides={}, environment={}, clock=lambda: DAY) as workspace:
        _bring(workspace, folder, BROUGHT)
        write_archive(workspace.archive, plan_archive())


def _bring(workspace: Workspace, folder: Path, titles: Sequence[str]) -> dict[str, int]:
    """These workbooks in ``folder``, and the filing list in its turn, are imported; how many of each kind."""
    counts: dict[str, int] = {}
    for title in titles:
        if title == LINKS_TO_LIST:
            listed = verbs.plan_filing_list_import(workspace, [FILING_LIST])
            verbs.apply_filing_list_import(workspace, listed)
            counts["建档目录"] = len(listed.tree.required_files())
        plan = verbs.plan_import_of(workspace, folder / f"{title}.xlsx")
        verbs.apply_import_of(workspace, plan)
        counts[title] = len(plan.added)
    return counts


def _records(workspace: Workspace, story: Story) -> None:
    folder = workspace.root / INPUTS
    write_workbooks(folder)
    counts = _bring(workspace, folder, BROUGHT[:-1])
    required = counts.pop("建档目录")
    faulty = verbs.plan_import_of(workspace, folder / SPOILT_NAME)
    marked = verbs.mark_wrong_cells(workspace, faulty, folder / SPOILT_NAME)
    verbs.apply_import_of(workspace, faulty)
    counts |= _bring(workspace, folder, BROUGHT[-1:])
    counts[faulty.kind.title] += len(faulty.added)
    listed = "、".join(f"{title} {count}" for title, count in counts.items())
    story.tell(
        f"一、记录　导入{listed}；建档目录 {required} 条应备件", records=counts, required_files=required
    )
    story.tell(
        f"　　　　　{SPOILT_NAME}：对的 {len(faulty.added)} 行先导入，{len(faulty.wrong)} 个错格在副本"
        f" {marked.name} 里标红；改好后补上 {counts[faulty.kind.title] - len(faulty.added)} 行",
        wrong_cells=len(faulty.wrong),
    )


def _archive(workspace: Workspace, story: Story, report: Report) -> None:
    planned = plan_archive()
    write_archive(workspace.archive, planned, lambda done, total, path: report("放入档案", done, total, path))
    story.tell(
        f"二、档案　放入 {len(planned)} 个文件（docx、pdf、xlsx、几种编码的 txt）", archive_files=len(planned)
    )


def _document(workspace: Workspace, story: Story) -> None:
    done = verbs.apply_issue_of(workspace, verbs.plan_issue_of(workspace, "通知", record=INSPECTION))
    story.tell(f"三、发文　{done.number}，归档在 {done.path}", document_number=str(done.number))


def _search(workspace: Workspace, story: Story, report: Report) -> None:
    done = verbs.sync(workspace, report=report)
    story.tell(
        f"四、收录　{done.added} 个文件，其中读不出文字的 {len(done.unreadable)} 个（各有原因和办法）",
        indexed=done.added,
        unreadable=len(done.unreadable),
    )
    found = {query: verbs.search(workspace, query) for query in QUERIES}
    listed = "，".join(f"“{query}” {page.total} 个" for query, page in found.items())
    engine = next(iter(found.values())).engine
    story.tell(f"五、检索　{listed}（{engine}）", hits={query: page.total for query, page in found.items()})


def _check(workspace: Workspace, story: Story, report: Report) -> None:
    result = verbs.check(workspace, report=report)
    counts = {state.label: count for state, count in result.counts().items()}
    listed = "、".join(f"{label} {count}" for label, count in counts.items())
    story.tell(
        f"六、核验　应备 {len(result.matches)} 件：{listed}；目录外 {len(result.foreign)}", check=counts
    )
    truth = truth_of(plan_archive(), sample_due())
    agreed = {match.expectation.key: match.state for match in result.matches} == dict(truth.states)
    story.tell(f"　　　　　与事先埋下的缺漏逐件对照：{'完全一致' if agreed else '有出入'}", as_planted=agreed)
    whole = verbs.report_of(workspace, result)
    folder = workspace.root
    written = verbs.write_reports(whole, xlsx=folder / "缺件清单.xlsx", docx=folder / "缺件清单.docx")
    story.tell(f"　　　　　报告 {'、'.join(path.name for path in written)}", foreign=len(result.foreign))
    guess = next(match for match in result.matches if match.state is verbs.ExpectationState.SUGGESTED)
    verbs.apply_confirmation(
        workspace,
        verbs.plan_confirmation(
            workspace,
            code=result.tree.code,
            required_file=guess.expectation.code,
            unit=guess.expectation.unit.code,
            year=guess.expectation.year,
            path=guess.files[0].item.path,
        ),
    )
    story.tell(f"　　　　　确认一件疑似：{guess.expectation.label}", confirmed=guess.expectation.label)
    owing = max(
        {match.expectation.unit.code: match.expectation.unit for match in result.gaps}.values(),
        key=lambda unit: (sum(match.expectation.unit == unit for match in result.gaps), unit.code),
    )
    done = verbs.apply_issue_of(workspace, verbs.plan_issue_of(workspace, "催报通知", unit=owing.code))
    story.tell(f"七、催报　缺件最多的是{owing.name}，已生成 {done.number}", chasing_number=str(done.number))
    verbs.sync(workspace)


def _dossier(workspace: Workspace, story: Story, report: Report) -> None:
    plan = verbs.plan_bundle(workspace)
    done = verbs.apply_bundle(workspace, plan, workspace.root / "迎检包.zip", report=report)
    checked = verbs.verify(done.path)
    story.tell(
        f"八、迎检包　{done.path.name}：材料 {done.files} 件、合订本 {done.merged_pages} 页、"
        f"缺件说明 {done.gaps} 项；复核{'完好' if checked.intact else '不符'}",
        dossier_files=done.files,
        dossier_intact=checked.intact,
    )


def _evaluate(workspace: Workspace, story: Story) -> None:
    found = verbs.evaluate(workspace)
    made = [one.balance for one in found.sections]
    told = "、".join(f"{one.standard.title}{one.section}{one.verdict.word}" for one in made)
    story.tell(
        f"九、评估　{told}；三个增长{found.growths[0].verdict.word}；得分{found.scores[0].verdict.word}",
        verdicts=[one.verdict.word for one in made],
        growths=found.growths[0].verdict.word,
        score=found.scores[0].verdict.word,
    )
    for one in found.sections:
        for over in one.overruns:
            farthest = one.balance.disparities[over.item.code].pulls[0].school
            words = f"{over.item.title} {over.cv:.4f}（上限 {over.limit:g}），拉开最大的是{farthest}"
            story.tell(f"　　　　　超线：{words}")


def _next_steps(folder: Path, story: Story) -> None:
    story.lines += [
        "",
        "接下来可以试：",
        f"  dujian -w {folder} search 双减 --year 2025      检索",
        f"  dujian -w {folder} check --unit S003            看一个单位缺什么",
        f"  dujian -w {folder} evaluate --charts 图         差异系数、得分怎么算出来的，每项一张图",
        f"  打开 {folder / '缺件清单.xlsx'}；解压迎检包后打开 index.html",
        f"  dujian -w {folder} doctor                       体检",
    ]
