"""What has gone wrong in the invented archive, one line for each thing that happens in real ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dujian_docs.filing import Expectation, ExpectationKey, FilingTree, folder_of, place_of
from dujian_docs.sample.files import Make
from dujian_docs.sample.occasions import Occasion
from dujian_docs.sample.papers import Paper, paper_for
from dujian_docs.sample.planned import INBOX, Fate, PlannedFile

MISSING: tuple[ExpectationKey, ...] = (
    ("C2-01", "D005", 2026),
    ("C6-03", "D002", 2026),
    ("C8-02", "D002", 2024),
    ("C9-01", "D002", 2024),
    ("C10-03", "T002", 2026),
    ("C12-02", "D008", 2025),
    ("C13-03", "D002", 2026),
    ("C16-02", "D007", 2026),
    ("C21-03", "D002", 2026),
    ("C24-03", "D001", 2026),
    ("C26-02", "D001", 2026),
    ("C26-04", "D002", 2025),
)
"""What nobody has handed in, of the county's and townships' files."""

SHORT: tuple[ExpectationKey, ...] = (("C1-03", "G001", 2026),)
"""Of these one file too few is there."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """A file that answers ``key`` but is not as it should be.

    ``path`` is written from the archive; ``{place}`` stands for the folder where the file belongs,
    ``{stem}`` for the name it should have, ``{C5}`` and the like for an indicator's folder.
    ``year`` is the year the paper is of, when another than the key's.
    """

    key: ExpectationKey
    fate: Fate
    make: Make
    path: str
    year: int | None = None


MISHAPS: tuple[Mishap, ...] = (
    # last year's file under its own year, though only this year's is asked for
    Mishap(
        ("C13-01", "D002", 2024),
        Fate.WRONG_YEAR,
        Make.PDF,
        "{place}/C13-01_2023_县教体局_学业质量监测分析.pdf",
        2023,
    ),
    Mishap(
        ("C21-02", "S007", 2025),
        Fate.WRONG_YEAR,
        Make.XLSX,
        "{place}/C21-02_2024_河口小学_馆藏和借阅统计.xlsx",
        2024,
    ),
    Mishap(
        ("C10-03", "T003", 2026),
        Fate.WRONG_YEAR,
        Make.DOCX,
        "{place}/C10-03_2023_松坪乡_控辍保学包联责任书.docx",
        2023,
    ),
    # the right file in the wrong folder
    Mishap(("C20-02", "D002", 2026), Fate.WRONG_PLACE, Make.XLSX, "{C20}/2025/{stem}.xlsx"),
    Mishap(("C6-02", "S004", 2025), Fate.WRONG_PLACE, Make.GBK, "{C5}/2025/{stem}.txt"),
    Mishap(("C8-03", "D002", 2026), Fate.WRONG_PLACE, Make.XLSX, "{C9}/2026/{stem}.xlsx"),
    Mishap(("C14-02", "S005", 2026), Fate.WRONG_PLACE, Make.PDF, f"{INBOX}/{{stem}}.pdf"),
    # cut off, locked, empty
    Mishap(("C4-02", "D006", 2024), Fate.UNREADABLE, Make.CUT_PDF, "{place}/{stem}.pdf"),
    Mishap(("C9-02", "D004", 2025), Fate.UNREADABLE, Make.LOCKED_DOCX, "{place}/{stem}.docx"),
    Mishap(("C23-02", "D004", 2025), Fate.UNREADABLE, Make.LOCKED_PDF, "{place}/{stem}.pdf"),
    Mishap(("C16-01", "S009", 2026), Fate.UNREADABLE, Make.EMPTY, "{place}/{stem}.docx"),
    # another format, a copy instead of the original, a name of one's own
    Mishap(("C7-03", "S008", 2026), Fate.SUGGESTED, Make.PDF, "{place}/{stem}.pdf"),
    Mishap(("C15-01", "D001", 2026), Fate.SUGGESTED, Make.PDF, "{place}/{stem}（复印件）.pdf"),
    Mishap(
        ("C12-03", "S003", 2026), Fate.SUGGESTED, Make.DOCX, "{place}/石桥小学课后服务实施方案（定稿）.docx"
    ),
    Mishap(
        ("C5-02", "S006", 2026), Fate.SUGGESTED, Make.XLSX, "{place}/枫林小学办学条件逐项对照（改2）.xlsx"
    ),
    # in the inbox under names that say little; only the text tells
    Mishap(("C4-04", "D003", 2025), Fate.SUGGESTED, Make.GBK, f"{INBOX}/财政局发来（最终版）.txt"),
    Mishap(("C12-04", "S006", 2026), Fate.SUGGESTED, Make.DOCX, f"{INBOX}/文档12.docx"),
    Mishap(("C25-03", "S010", 2026), Fate.SUGGESTED, Make.UTF16, f"{INBOX}/新建文本文档.txt"),
    Mishap(("C15-02", "S007", 2025), Fate.SUGGESTED, Make.PDF, f"{INBOX}/扫描全能王 001.pdf"),
    Mishap(
        ("C3-04", "D003", 2026), Fate.SUGGESTED, Make.PDF, f"{INBOX}/关于2026年教育部门预算批复的通知.pdf"
    ),
)


def mishap_files(tree: FilingTree, due: Mapping[ExpectationKey, Expectation]) -> Iterator[PlannedFile]:
    """The files of ``MISHAPS``."""
    folders = {leaf.code: folder_of(tree, leaf.code) for leaf in tree.leaves()}
    for one in MISHAPS:
        expectation = due[one.key]
        path = one.path.format(place=place_of(tree, expectation), stem=expectation.file_stem, **folders)
        paper = paper_for(Occasion(expectation.code, expectation.unit, one.year or expectation.year))
        yield PlannedFile(path, paper, one.make, one.fate, (one.key,))


def stray_files(tree: FilingTree, due: Mapping[ExpectationKey, Expectation]) -> Iterator[PlannedFile]:
    """Files that answer nothing: foreign ones, ones nobody can place, and what editors leave behind."""
    folders = {leaf.code: folder_of(tree, leaf.code) for leaf in tree.leaves()}

    def stray(path: str, paper: Paper, make: Make, fate: Fate) -> PlannedFile:
        return PlannedFile(path.format(**folders), paper, make, fate)

    yield stray("{C3}/2025/会议照片说明.docx", _PHOTOS, Make.DOCX, Fate.FOREIGN)
    yield stray("{C16}/2025/食堂一周菜谱.xlsx", _MENU, Make.XLSX, Fate.FOREIGN)
    yield stray("{C12}/2026/校服征订说明.txt", _UNIFORMS, Make.UTF8, Fate.FOREIGN)
    split = next(one for key, one in due.items() if key[0] == "C17-03")
    borrowed = paper_for(Occasion("C17-03", split.unit, split.year))
    yield stray(
        "{C17}/2026/C17-03_2026_青溪镇中心小学_一贯制学校面积拆分说明.docx", borrowed, Make.DOCX, Fate.FOREIGN
    )
    yield stray("{C25}/2026/C25-09_2026_县督导室_座谈会签到表.docx", _SIGNED_IN, Make.DOCX, Fate.FOREIGN)
    yield stray(f"{INBOX}/學校標準化建設驗收通報.txt", _TRADITIONAL, Make.BIG5, Fate.UNFILED)
    yield stray(f"{INBOX}/网上下载_外地经验.txt", _NOISY, Make.UTF8, Fate.UNFILED)
    yield stray(f"{INBOX}/20260118_值班表.xlsx", _ON_DUTY, Make.XLSX, Fate.UNFILED)
    yield stray("{C1}/2026/~$均衡发展创建任务清单.docx", _PHOTOS, Make.LOCK_FILE, Fate.IGNORED)
    yield stray(f"{INBOX}/~$文档12.docx", _PHOTOS, Make.LOCK_FILE, Fate.IGNORED)


def near_duplicate(file: PlannedFile) -> PlannedFile:
    """The same paper under a second name, with one sentence more."""
    stem, dot, extension = file.path.rpartition(".")
    said = (*file.paper.paragraphs, "以上数据已与县教育体育局核对一致。")
    return replace(file, path=f"{stem}（核对稿）{dot}{extension}", paper=replace(file.paper, paragraphs=said))


_PHOTOS = Paper(
    heading="现场照片说明",
    paragraphs=("照片1：会场全景。", "照片2：发言席。", "照片3：签到处。拍摄：办公室。"),
    dated=date(2025, 4, 17),
)
_MENU = Paper(
    heading="学生食堂一周菜谱",
    paragraphs=(
        "周一：土豆烧肉、炒青菜、米饭。周二：番茄炒蛋、豆腐、米饭。周三：鸡腿、白菜、馒头。",
        "周四：肉末茄子、冬瓜汤、米饭。周五：鱼丸、南瓜、花卷。",
    ),
)
_UNIFORMS = Paper(
    heading="校服征订说明",
    paragraphs=("学生自愿购买校服，由家长委员会比价确定供货商，学校不代收费用。", "尺码登记到班主任处。"),
    dated=date(2026, 9, 4),
)
_SIGNED_IN = Paper(
    heading="座谈会签到表",
    paragraphs=("时间：下午三点。地点：县政府三楼会议室。", "到会：家长代表9人、教师代表6人、社区代表4人。"),
    dated=date(2026, 6, 11),
)
_ON_DUTY = Paper(
    heading="办公室值班表",
    paragraphs=("一月十八日至二十四日由综合股值班，电话畅通，遇有情况及时报告带班领导。",),
)
_TRADITIONAL = Paper(
    heading="關於學校標準化建設驗收情況的通報",
    paragraphs=(
        "根據年度計劃，驗收組歷時七天，對申報學校標準化建設的九所學校逐校驗收，二所評為先進，七所評為合格。",
        "各校重視功能教室建設，圖書、儀器登記造冊，校園環境明顯改善；責任督學掛牌督導公示牌懸掛到位。",
        "存在的問題：檔案分類不清，無卷內目錄；個別學校實驗室藥品櫃沒有實行雙人雙鎖。",
        "請未達標的學校對照細則整改，一個月內提出複驗申請。",
    ),
)
_NOISY = Paper(
    heading="外地經(jīng)驗(yàn)：督導(dǎo)評(píng)估怎樣促進(jìn)學(xué)校標(biāo)準(zhǔn)化",
    paragraphs=(
        "一是把學(xué)校標(biāo)準(zhǔn)化建設(shè)納入政府督導(dǎo)評(píng)估，實(shí)行一校一檔(dàng)案。",
        "二是堅(jiān)持雙減與課(kè)后服務(wù)并重，減輕學(xué)生過(guò)重的課(kè)業(yè)負(fù)擔(dān)。",
        "三是責(zé)任督學(xué)掛牌督導(dǎo)，發(fā)現(xiàn)問(wèn)題當(dāng)場(chǎng)反饋，限期整改。",
    ),
)
