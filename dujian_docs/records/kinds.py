"""The kinds of record: one model per kind is its storage, workbook columns, JSON and template context.

A field's ``title`` is its workbook column, its ``description`` the advice shown to a clerk who gets it wrong.
``Link("unit")`` in a field's annotation says that its value is the key of another record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dujian_docs.records.fields import Code, Day, Flag, IdText, Link, Name, Paragraphs, Text, Words, Year


class Record(BaseModel):
    """The base of every kind: frozen, and refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)


class UnitType(StrEnum):
    """单位类别."""

    GOVERNMENT = "政府"
    DEPARTMENT = "部门"
    TOWNSHIP = "乡镇"
    SCHOOL = "学校"
    TRAINING_ORG = "培训机构"


class Unit(Record):
    """A unit (单位): government, department, township, school or training organisation."""

    code: Code = Field(title="单位代码", description="本县内不重复的代码，如 S003")
    name: Name = Field(title="单位名称", description="统计用全称")
    unit_type: UnitType = Field(title="单位类别")
    parent: Annotated[Code, Link("unit")] | None = Field(None, title="上级单位", description="填上级单位的单位代码")
    aliases: Words = Field((), title="别名", description="简称、曾用名，用“、”隔开")
    stage: Text = Field("", title="学段", description="学校填写，如 小学、初中、九年一贯制")
    address: Text = Field("", title="地址")
    contact: Text = Field("", title="联系人")
    phone: IdText = Field("", title="联系电话")


class Person(Record):
    """A person (人员): inspectors, leaders, liaisons."""

    code: Code = Field(title="人员编号", description="如 P012")
    name: Name = Field(title="姓名")
    unit: Annotated[Code, Link("unit")] = Field(title="所在单位", description="填单位代码")
    post: Text = Field("", title="职务")
    roles: Words = Field((), title="角色", description="如 责任督学、督导室主任、联络员，用“、”隔开")
    id_number: IdText = Field("", title="身份证号", description="18 位，按文本填写")
    phone: IdText = Field("", title="联系电话")


class SupervisionType(StrEnum):
    """督导类型."""

    GOV_SUPERVISION = "督政"
    SCHOOL_SUPERVISION = "督学"
    EVALUATION_MONITORING = "评估监测"


class InspectionMode(StrEnum):
    """督导方式."""

    COMPREHENSIVE = "综合督导"
    SPECIAL = "专项督导"
    ROUTINE = "经常性督导"
    CROSS = "交叉检查"
    JOINT = "联合督查"
    UNANNOUNCED = "四不两直"
    LOOK_BACK = "回头看"


class Campaign(Record):
    """A campaign (评估项目): what the year's inspections and files serve."""

    code: Code = Field(title="项目代码", description="如 JH2026")
    title: Name = Field(title="项目名称")
    year: Year = Field(title="年度")
    lead_unit: Annotated[Code, Link("unit")] = Field(title="牵头单位", description="填单位代码")
    start_date: Day | None = Field(None, title="开始日期")
    end_date: Day | None = Field(None, title="结束日期")
    filing_list: Annotated[Code, Link("filing_list")] | None = Field(None, title="建档目录", description="填目录代码")
    basis: Paragraphs = Field((), title="依据", description="一行一件依据文件")


class Inspection(Record):
    """An inspection (督导活动)."""

    code: Code = Field(title="活动编号", description="如 DD2026-03")
    title: Name = Field(title="活动名称", description="如 春季学期开学工作专项督导")
    supervision_type: SupervisionType = Field(title="督导类型")
    mode: InspectionMode = Field(title="督导方式")
    campaign: Annotated[Code, Link("campaign")] | None = Field(None, title="所属项目", description="填项目代码")
    organiser: Annotated[Code, Link("unit")] = Field(title="组织单位", description="填单位代码")
    purpose: Text = Field("", title="缘由", description="为什么开展，写成一句话，如“为全面了解……”")
    start_date: Day | None = Field(None, title="开始日期")
    end_date: Day | None = Field(None, title="结束日期")
    units: Annotated[Words, Link("unit")] = Field((), title="督导对象", description="被督导单位的单位代码，用“、”隔开")
    leader: Annotated[Code, Link("person")] | None = Field(None, title="组长", description="填人员编号")
    members: Annotated[Words, Link("person")] = Field((), title="组员", description="填人员编号，用“、”隔开")
    contents: Paragraphs = Field((), title="督导内容", description="一行一条")
    methods: Paragraphs = Field((), title="督导方法", description="一行一条")
    requirements: Paragraphs = Field((), title="有关要求", description="一行一条")
    materials: Paragraphs = Field((), title="需备材料", description="一行一件")
    contact: Annotated[Code, Link("person")] | None = Field(None, title="联络员", description="填人员编号")


class FindingStatus(StrEnum):
    """问题状态."""

    OPEN = "未启动"
    RECTIFYING = "整改中"
    AWAITING_CHECK = "待核"
    CLOSED = "销号"
    RELAPSED = "反弹"


class FindingSource(StrEnum):
    """问题来源."""

    NATION = "国"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"
    SELF_CHECK = "自查"


class Finding(Record):
    """A finding (问题): one row of the 整改台账."""

    code: Code = Field(title="问题编号", description="如 W2026-001")
    inspection: Annotated[Code, Link("inspection")] | None = Field(None, title="督导活动", description="填活动编号")
    unit: Annotated[Code, Link("unit")] = Field(title="责任单位", description="填单位代码")
    description: Name = Field(title="问题描述")
    source: FindingSource = Field(title="来源")
    basis: Text = Field("", title="依据条款")
    indicator: Text = Field("", title="对应指标", description="填三级指标代码，如 C12")
    responsible_person: Text = Field("", title="责任人")
    measure: Text = Field("", title="整改措施")
    found_date: Day = Field(title="发现日期")
    deadline: Day | None = Field(None, title="整改时限")
    status: FindingStatus = Field(FindingStatus.OPEN, title="状态")


class Scope(StrEnum):
    """归集层级: who must have the file."""

    COUNTY = "县级"
    TOWNSHIP = "乡镇"
    SCHOOL = "学校"


class FilingList(Record):
    """A filing list (建档目录): its heading and pass rule; its rows are indicators and required files."""

    code: Code = Field(title="目录代码", description="如 YL2026")
    title: Name = Field(title="目录名称")
    year: Year = Field(title="评估年度", description="目录里的 T")
    total_points: float = Field(100, title="总分")
    bonus_points: float = Field(0, title="奖励加分")
    pass_points: float = Field(85, title="合格线")
    note: Text = Field("", title="说明")


class Indicator(Record):
    """An indicator (指标) of a filing list; levels A, B and C form the tree."""

    filing_list: Annotated[Code, Link("filing_list")] = Field(title="目录代码")
    code: Code = Field(title="指标代码", description="如 A1、B3、C12", pattern=r"^[ABC][1-9]\d?$")
    title: Name = Field(title="指标名称")
    parent: Text = Field("", title="上级指标", description="B 级填 A 级代码，C 级填 B 级代码")
    points: float = Field(title="分值")
    scoring: Text = Field("", title="评分要点")


class RequiredFile(Record):
    """A required file (应备件) of a filing list; with units and years it becomes expectations."""

    filing_list: Annotated[Code, Link("filing_list")] = Field(title="目录代码")
    code: Code = Field(title="应备件编号", description="如 C12-03", pattern=r"^C[1-9]\d?-\d{2}$")
    indicator: Code = Field(title="三级指标", description="如 C12")
    title: Name = Field(title="材料名称")
    responsible_unit: Annotated[Code, Link("unit")] | None = Field(
        None, title="责任单位", description="县级件填提供单位的单位代码；乡镇、学校件留空"
    )
    scope: Scope = Field(Scope.COUNTY, title="归集层级")
    stages: Words = Field((), title="适用学段", description="学校件限定学段时填写，如 小学、九年一贯制；留空为全部学校")
    years: Words = Field(("T",), title="年份", description="如 T-2、T-1、T")
    copy_allowed: Flag = Field(True, title="可用复印件")
    seal_required: Flag = Field(False, title="须盖章")
    min_count: int = Field(1, ge=1, le=200, title="最少件数")
    formats: Words = Field((), title="格式", description="如 pdf、docx、xlsx；留空不限")
    any_of: Words = Field((), title="匹配词", description="材料里应出现的词，用“、”隔开")
    aliases: Words = Field((), title="别称")
    also_serves: Words = Field((), title="兼用指标", description="同一材料还服务的指标代码")
    note: Text = Field("", title="备注")


class Assignment(Record):
    """An assignment (挂接): a clerk's word that an item of the archive serves a required file."""

    filing_list: Annotated[Code, Link("filing_list")] = Field(title="目录代码")
    required_file: Code = Field(title="应备件编号")
    unit: Annotated[Code, Link("unit")] = Field(title="单位代码")
    year: Year = Field(title="年份")
    sha256: Code = Field(title="文件指纹", pattern=r"^[0-9a-f]{64}$")
    path: Name = Field(title="确认时的位置")
    note: Text = Field("", title="说明")


class NumberState(StrEnum):
    """发文字号的状态: reserved becomes used or void, and never anything else after."""

    RESERVED = "预留"
    USED = "已用"
    VOID = "作废"


class DocumentEntry(Record):
    """A row of the document register (发文登记): one document number and what became of it."""

    series: Name = Field(title="机关代字")
    year: Year = Field(title="年度")
    serial: int = Field(ge=1, title="序号")
    state: NumberState = Field(title="状态")
    genre: Name = Field(title="文种")
    title: Text = Field("", title="标题")
    record: Text = Field("", title="来源记录")
    path: Text = Field("", title="归档位置")
    sha256: Text = Field("", title="文件指纹")
    void_reason: Text = Field("", title="作废原因")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: identifier, Chinese name, model, and the fields whose values make its key.

    ``entered`` kinds have a workbook form; the others are written only by verbs.
    """

    name: str
    title: str
    model: type[Record]
    key_fields: tuple[str, ...] = ("code",)
    entered: bool = True

    def key_of(self, record: Record) -> str:
        """The record's key: the values of its key fields joined by ``/``."""
        return "/".join(str(getattr(record, field)) for field in self.key_fields)


KINDS: tuple[Kind, ...] = (
    Kind("unit", "单位", Unit),
    Kind("person", "人员", Person),
    Kind("filing_list", "建档目录", FilingList),
    Kind("indicator", "指标", Indicator, ("filing_list", "code")),
    Kind("required_file", "应备件", RequiredFile, ("filing_list", "code")),
    Kind("campaign", "评估项目", Campaign),
    Kind("inspection", "督导活动", Inspection),
    Kind("finding", "问题", Finding),
    Kind(
        "assignment", "挂接", Assignment, ("filing_list", "required_file", "unit", "year", "sha256"), entered=False
    ),
    Kind("document", "发文登记", DocumentEntry, ("series", "year", "serial"), entered=False),
)
"""In an order in which links always point to earlier kinds."""
