"""Every setting with its meaning, and where its value came from.

Precedence: command line > environment ``DUJIAN_<SECTION>_<KEY>`` > ``dujian.toml`` > default.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dujian_docs.errors import InputInvalid, UsageInvalid

FILE_NAME = "dujian.toml"
ENVIRONMENT_PREFIX = "DUJIAN_"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfficeSection(_Section):
    """本机关：公文上的名称和习惯."""

    name: str = Field("", title="机关全称", description="落款和印发机关用的全称，如 云岭县人民政府教育督导室")
    letterhead: str = Field("", title="发文机关标志", description="红头上的字；空着则为“机关全称”加“文件”")
    series: str = Field("", title="机关代字", description="发文字号的代字，如 云教督")
    signer: str = Field("", title="签发人", description="上行文用；平行文、下行文可空")
    contact: str = Field("", title="联系人", description="公文里的联系人，督导活动未指定联络员时用")
    phone: str = Field("", title="联系电话", description="同上")
    cc: str = Field("", title="抄送", description="版记里的抄送机关，多个用“，”隔开，空着则无抄送")
    sealed: bool = Field(
        default=True, title="加盖印章", description="true：落款按盖章位置排；false：按不盖章位置排"
    )
    first_serial: int = Field(
        1, ge=1, title="起始序号", description="每个代字每年从几号起编；年中启用本系统时填纸质登记簿的下一号"
    )


class ArchiveSection(_Section):
    """档案目录."""

    path: str = Field("archive", title="位置", description="相对工作区或绝对路径，可以是共享文件夹")


class IndexSection(_Section):
    """全文检索."""

    engine: Literal["auto", "whoosh", "tantivy"] = Field(
        "auto", title="引擎", description="auto：装了 tantivy 就用，否则用 whoosh"
    )
    lexicon: str = Field("", title="词表", description="每行一个校名、地名、术语的文本文件；空着则不用")
    synonyms: str = Field(
        "", title="同义词表", description="每行一组同义词的文本文件，如 体卫艺股=体卫艺科；单位的简称不必写"
    )
    rescan_seconds: int = Field(
        60, ge=5, le=86400, title="巡查间隔", description="监视时每隔多少秒全面核对一次"
    )
    polling: bool = Field(
        default=False, title="轮询监视", description="共享文件夹收不到变动通知时改为 true；一般会自动判断"
    )


class LimitsSection(_Section):
    """读取一个文件的上限，防止坏文件拖垮机器."""

    seconds: float = Field(30, gt=0, le=3600, title="时间", description="读一个文件最多几秒")
    memory_mb: int = Field(2048, ge=256, title="内存", description="读文件的进程最多用多少 MB")
    file_mb: int = Field(500, ge=1, title="文件大小", description="超过多少 MB 的文件不读")
    pdf_pages: int = Field(5000, ge=1, title="PDF 页数", description="超过多少页的 PDF 不读")
    sheet_cells: int = Field(5_000_000, ge=1000, title="表格大小", description="超过多少格的工作表不读")
    ocr_seconds: float = Field(30, gt=0, le=3600, title="识别时间", description="识别一页图片最多几秒")
    ocr_memory_mb: int = Field(3072, ge=1024, title="识别内存", description="识别图片的进程最多用多少 MB")
    image_megapixels: int = Field(100, ge=1, title="图片大小", description="超过多少百万点的图片不识别")
    text_chars: int = Field(20_000_000, ge=1000, title="字数", description="一个文件最多收录多少字")
    zip_members: int = Field(
        10_000, ge=1, title="压缩包件数", description="压缩包（含 docx、xlsx 等）里最多多少个文件"
    )
    zip_member_mb: int = Field(
        200, ge=1, title="压缩包单件", description="压缩包里的一个文件解开后最多多少 MB"
    )
    zip_total_mb: int = Field(1024, ge=1, title="压缩包总量", description="压缩包解开后一共最多多少 MB")
    zip_ratio: int = Field(
        200, ge=2, title="压缩比", description="压缩包里 1 MB 以上的文件最多压缩到几分之一"
    )
    package_depth: int = Field(3, ge=1, le=20, title="压缩包层数", description="压缩包套压缩包最多几层")
    files_per_worker: int = Field(2000, ge=1, title="进程换新", description="读文件的进程读多少个文件换一个")


class CheckSection(_Section):
    """缺件核验."""

    filing_list: str = Field("", title="建档目录", description="默认核验的目录代码；只有一个目录时可空")


class EvaluationSection(_Section):
    """评估的口径."""

    split_rounding: Literal["不舍入", "先舍入生均"] = Field(
        "不舍入", title="一贯制拆分", description="一贯制学校的用房、设备等按学段拆分时怎样舍入"
    )
    retention_formula: Literal["甲", "乙"] = Field(
        "甲",
        title="巩固率公式",
        description="甲：毕业÷（入学+转入−转出）；乙：（毕业−转入+转出）÷（入学−死亡）",
    )
    retention_primary: float = Field(98, ge=0, le=100, title="小学巩固率", description="不低于百分之几")
    retention_junior: float = Field(95, ge=0, le=100, title="初中巩固率", description="不低于百分之几")
    satisfaction: float = Field(85, ge=0, le=100, title="满意率", description="不低于百分之几")
    part: str = Field("A2", title="单列指标", description="总分之外还要单独达标的指标；空着则没有")
    part_points: float = Field(26, ge=0, title="单列指标合格线", description="该指标至少得几分")
    bonus_counts: bool = Field(
        default=False, title="加分计入总分", description="true：奖励加分可以帮总分达到合格线"
    )
    fails_below: float = Field(
        50,
        ge=50,
        le=60,
        title="不合格线",
        description="自评不到百分之几算不合格；评分表没有规定 50 到 60，定为 60 则没有空档",
    )


class DueSection(_Section):
    """到期提醒."""

    soon_days: int = Field(7, ge=1, le=365, title="提前几天", description="离到期几天之内算“即将到期”")
    look_back_days: int = Field(90, ge=1, le=730, title="回头看", description="问题销号多少天以后复查")
    clocks: Literal["自然日", "工作日"] = Field(
        "自然日",
        title="问责时限",
        description="问责办法里的“日”怎样数；到期那天放假的顺延到上班第一天",
    )
    days_off: str = Field("", title="本地放假", description="国家安排以外的放假日，用“、”隔开，如 2026-12-31")


class VisitsSection(_Section):
    """责任督学到校."""

    per_month: int = Field(1, ge=0, le=31, title="每月次数", description="每所学校每月至少几次；0：不要求")
    per_term: int = Field(
        2, ge=0, le=200, title="每学期次数", description="每所学校每学期至少几次；0：不要求"
    )
    school_months: str = Field(
        "3、4、5、6、9、10、11、12",
        title="要求到校的月份",
        description="按月要求的月份，寒暑假所在的月份不写",
    )
    each: bool = Field(
        default=False,
        title="人人到校",
        description="一所学校有几名责任督学时，true：每人都要到够；false：合起来到够",
    )
    most_schools: int = Field(20, ge=1, title="最多几所", description="一名责任督学最多负责几所学校")


class CrossInspectionSection(_Section):
    """交叉检查."""

    batches: int = Field(2, ge=1, le=12, title="每年批数", description="一年排几批")
    units: Literal["学校", "乡镇", "部门", "政府"] = Field(
        "学校",
        title="参加的单位",
        description="哪一类单位互相检查；省、市一级写“政府”，有上级单位的政府都参加",
    )
    avoid: str = Field(
        "", title="回避", description="不能互相检查的单位，用“、”隔开，如 S001=S004、S002=S009"
    )


class HelpSection(_Section):
    """结对帮扶."""

    reports_heard: int = Field(3, ge=0, le=100, title="听汇报", description="一年不少于几次")
    least_funds: float = Field(10_000, ge=0, title="筹资", description="一年不少于多少元")
    monthly: bool = Field(default=True, title="每月指导", description="每个月都要有指导")


class TargetsSection(_Section):
    """专项检查的建议名单：各种情形每一个计几分，0 为不计."""

    open: float = Field(1, ge=0, le=100, title="整改未完", description="每个没有销号的问题计几分")
    overdue: float = Field(2, ge=0, le=100, title="整改逾期", description="每个逾期的问题另计几分")
    relapsed: float = Field(3, ge=0, le=100, title="反弹", description="每个反弹的问题计几分")
    tip: float = Field(2, ge=0, le=100, title="举报", description="一年内每件举报计几分")
    behind: float = Field(1, ge=0, le=100, title="调度靠后", description="季度调度里每项靠后计几分")
    not_reported: float = Field(2, ge=0, le=100, title="调度未报", description="季度调度没有报计几分")


class FiguresSection(_Section):
    """数据核对."""

    jump_percent: float = Field(
        50, gt=0, le=1000, title="变化过大", description="相邻两个学年相差百分之几以上提醒核对"
    )


class UserSection(_Section):
    """谁在操作."""

    name: str = Field("", title="经办人", description="写入留痕记录的姓名；空着则用电脑登录名")


class ProgramsSection(_Section):
    """可选程序."""

    soffice: str = Field("", title="LibreOffice", description="soffice 的完整路径；空着则自动查找")


class Settings(BaseModel):
    """All settings, checked; every leaf is a key ``section.name``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: OfficeSection = OfficeSection()
    archive: ArchiveSection = ArchiveSection()
    index: IndexSection = IndexSection()
    limits: LimitsSection = LimitsSection()
    check: CheckSection = CheckSection()
    evaluation: EvaluationSection = EvaluationSection()
    due: DueSection = DueSection()
    visits: VisitsSection = VisitsSection()
    cross_inspection: CrossInspectionSection = CrossInspectionSection()
    help: HelpSection = HelpSection()
    targets: TargetsSection = TargetsSection()
    figures: FiguresSection = FiguresSection()
    user: UserSection = UserSection()
    programs: ProgramsSection = ProgramsSection()


@dataclass(frozen=True, slots=True)
class Sourced:
    """One setting as it stands: its key, title, value and the place the value came from."""

    key: str
    title: str
    value: object
    source: str
    description: str


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings and, for each key that is not a default, where it was set."""

    settings: Settings
    sources: Mapping[str, str]

    def rows(self) -> tuple[Sourced, ...]:
        """Every setting in the order of the file, with its source."""
        return tuple(
            Sourced(
                key,
                field.title or key,
                getattr(section, name),
                self.sources.get(key, "默认"),
                field.description or "",
            )
            for key, section, name, field in _leaves(self.settings)
        )


def _leaves(settings: Settings) -> Iterator[tuple[str, BaseModel, str, Any]]:
    for section_name in Settings.model_fields:
        section: BaseModel = getattr(settings, section_name)
        for name, field in type(section).model_fields.items():
            yield f"{section_name}.{name}", section, name, field


def keys() -> tuple[str, ...]:
    """Every key that may be set, in the order of the file."""
    return tuple(key for key, *_ in _leaves(Settings()))


def load(file: Path, *, environment: Mapping[str, str], overrides: Mapping[str, str]) -> LoadedSettings:
    """The settings that hold: ``overrides`` (command line) over environment over ``file`` over defaults.

    A missing ``file`` counts as empty. Text from the environment and the command line is read as the
    setting's type.

    Raises:
        InputInvalid: the file is not TOML, or a value has the wrong type; names the place and the key.
        UsageInvalid: a key that does not exist.
    """
    values: dict[str, object] = {}
    sources: dict[str, str] = {}

    def set_value(key: str, value: object, source: str) -> None:
        if key not in keys():
            raise _unknown_key(key, source)
        values[key], sources[key] = value, source

    for key, value in _flat(_read(file)):
        set_value(key, value, FILE_NAME)
    for key in keys():
        variable = ENVIRONMENT_PREFIX + key.replace(".", "_").upper()
        if variable in environment:
            set_value(key, environment[variable], f"环境变量 {variable}")
    for key, value in overrides.items():
        set_value(key, value, "命令行")
    return LoadedSettings(_checked(values, sources), MappingProxyType(sources))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise InputInvalid(
            f"设置文件 {file.name} 不是 UTF-8 编码", remedy="用记事本另存为 UTF-8 编码"
        ) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"第 {place[1]} 行第 {place[2]} 个字符" if place else "末尾"
        raise InputInvalid(
            f"设置文件 {file.name} 的{where}写法不对",
            remedy='对照 dujian init 生成的样子改正，文字要加英文双引号，如 name = "…"',
        ) from error


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _unknown_key(key: str, source: str) -> UsageInvalid:
    near = difflib.get_close_matches(key, keys(), n=1, cutoff=0.5)
    hint = f"是不是 {near[0]}？" if near else ""
    return UsageInvalid(
        f"没有“{key}”这个设置（来自{source}）", remedy=f"{hint}用 dujian config show 看全部设置"
    )


def _checked(values: Mapping[str, object], sources: Mapping[str, str]) -> Settings:
    tree: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        tree.setdefault(section, {})[name] = value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        key = ".".join(str(part) for part in error.errors()[0]["loc"][:2])
        described = next(row for row in LoadedSettings(Settings(), {}).rows() if row.key == key)
        raise InputInvalid(
            f"设置 {key}（{described.title}）的值“{values[key]}”不合适（来自{sources[key]}）",
            remedy=described.description,
        ) from error


def toml_text(overrides: Mapping[str, object]) -> str:
    """A ``dujian.toml`` that documents every setting; ``overrides`` are set, defaults commented out."""
    lines = ["# 督检文档工作区设置。行首有 # 的是默认值，去掉 # 再改。改完用 dujian config show 核对。"]
    section = ""
    for key, owner, name, field in _leaves(Settings()):
        if key.partition(".")[0] != section:
            section = key.partition(".")[0]
            lines += ["", f"[{section}]  # {(type(owner).__doc__ or '').rstrip('.')}"]
        value = overrides.get(key, getattr(owner, name))
        lines += [
            f"# {field.title}：{field.description}",
            ("" if key in overrides else "# ") + f"{name} = {_toml(value)}",
        ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
