"""From a Word document to an ImportedTable: find the table, read what stands above it, gather remarks."""
import re
from itertools import takewhile

from projectoffice.common.terms import calendar_year, is_school_year, parse_term, school_year
from projectoffice.common.text import TOPIC_LIMIT
from projectoffice.common.worddoc import Paragraph, Table
from projectoffice.common.wordfile import FileRefused

from ..table.linting import is_outside, numbering_faults
from .columns import find_header, guess_columns
from .rows import RowReader
from .stamps import read_head, says_nothing
from .titles import find_period, find_title, guess_period

ROW_LIMIT = 2_000
TEXT_LIMIT = 5_000_000
LABEL_LIMIT, NUMBER_LIMIT, CELL_LIMIT, NAME_LIMIT = 20, 40, 300, 120


def read(document, form, plan, *, year=None):
    """Fills and returns the imported table with what stands in a WordDocument. FileRefused when it holds none of this form."""
    blocks = _flattened(document.blocks, form)
    first, header_row, columns = _find_table(blocks, form)
    head_blocks = [*blocks[:first], *_rows_as_blocks(blocks[first], header_row)]
    head = read_head(head_blocks, newspaper=document.newspaper_columns)
    after = _read_tables(plan, blocks, first, columns, form)
    if not plan.items:
        raise FileRefused(form.told["no_rows"], "no_rows")
    foot = read_head(after)
    for stamp in foot.stamps:
        stamp.place = "foot"
    plan.stamps = head.stamps + foot.stamps
    plan.title, others = find_title(head.lines)
    others = _head_first_section(plan, blocks, first, others)
    _take_labels_from_topics(plan, columns)
    _set_period(plan, year, [text for text, _ in head.lines])
    _set_terms(plan)
    _limit(plan, form)
    _remark_on_plan(plan, document, columns, others, [text for text, _ in foot.lines], form)
    _remark_on_rows(plan, columns, form)
    plan.remarks.sort(key=lambda remark: remark["row"] or 0)
    return plan


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────

def _flattened(blocks, form):
    """A plan drawn inside a cell of an outer table comes out; other tables stay as they are."""
    flat = []
    for block in blocks:
        inner = [table for row in block.rows for cell in row.cells for table in cell.tables] if isinstance(block, Table) else []
        if inner and not find_header(block, form.words) and any(find_header(table, form.words) for table in _all_tables(inner)):
            for row in block.rows:
                for cell in row.cells:
                    own = [paragraph for paragraph in cell.paragraphs if not _stands_in(paragraph, cell.tables)]
                    flat.extend([*own, *_flattened(cell.tables, form)])
        else:
            flat.append(block)
    return flat


def _all_tables(tables):
    for table in tables:
        yield table
        yield from _all_tables([inner for row in table.rows for cell in row.cells for inner in cell.tables])


def _stands_in(paragraph, tables):
    return any(paragraph is inner for table in tables for row in table.rows for cell in row.cells for inner in cell.paragraphs)


def _find_table(blocks, form):
    """(index of the first plan table, its heading row, columns)."""
    tables = [(index, block) for index, block in enumerate(blocks) if isinstance(block, Table)]
    too_wide = 0
    for index, table in tables:
        if found := find_header(table, form.words):
            row, columns = found
            if len(columns.order) <= form.most_columns:
                return index, row, columns
            too_wide = len(columns.order)
    if too_wide:
        raise FileRefused(form.told["too_wide"].format(count=too_wide), "not_a_plan")
    for index, table in tables:
        if not form.extra and (columns := guess_columns(table, form.most_columns)):
            return index, 0, columns
    raise FileRefused(form.told["nothing"], "not_a_plan")


def _rows_as_blocks(table, count):
    """Rows above the heading row (a title or stamps drawn inside the table) as a table of their own."""
    return [Table(table.rows[:count], table.widths)] if count else []


def _read_tables(plan, blocks, first, columns, form):
    """Reads the plan's tables one after another; gives back the blocks that are no part of them."""
    reader, after = RowReader(plan, columns, form), []
    for index, block in enumerate(blocks[first:], first):
        if not isinstance(block, Table):
            after.append(block)
            continue
        own, start = (columns, columns.header_rows) if index == first else _columns_of_next(block, columns, form)
        if own is None:
            after.append(block)
            continue
        if index != first:
            _section_between(reader, after)
            after = []
        reader.read_table(block, first_row=start, columns=own)
        if len(plan.items) > ROW_LIMIT:
            raise FileRefused(f"В плане больше {ROW_LIMIT} строк. Разделите его на несколько файлов.", "too_many_rows")
        if sum(len(line["text"]) for item in plan.items for line in item.topics) > TEXT_LIMIT:
            raise FileRefused("В плане слишком много текста. Разделите его на несколько файлов.", "too_long")
    if reader.pending_section:
        after.append(Paragraph(reader.pending_section))
    return after


def _columns_of_next(table, columns, form):
    """(columns, first row) of a table that goes on with the plan; (None, 0) for another one."""
    if found := find_header(table, form.words):
        own = found[1]
        return (own, own.header_rows) if len(own.order) <= form.most_columns else (None, 0)
    if table.columns != columns.order[-1][1] and all(len(row.cells) != len(columns.order) for row in table.rows):
        return None, 0
    if guess_columns(table, form.most_columns) or any(_looks_like_rest(row, columns) for row in table.rows):
        return columns, 0
    return None, 0


def _looks_like_rest(row, columns):
    """A row cut by a page break, or one with a number and a term."""
    if len(row.cells) != len(columns.order):
        return False
    texts = {role: cell.text for cell, (_, _, role, _) in zip(row.cells, columns.order, strict=True)}
    if not texts.get("topic"):
        return False
    numbered = bool(re.fullmatch(r"\d{1,3}[.)]?", texts.get("label", "")))
    timed = bool(texts.get("term")) and parse_term(texts["term"], calendar_year(2020)).understood
    return numbered or timed or not (texts.get("label") or texts.get("term") or texts.get("responsible"))


def _section_between(reader, blocks):
    """A short line between two tables is the heading of the second."""
    texts = [block.text.strip() for block in blocks if not isinstance(block, Table) and block.text.strip()]
    if texts and len(texts) <= 2 and all(len(text) < 150 for text in texts):
        reader.open_section(" ".join(texts))


def _head_first_section(plan, blocks, first, others):
    """When later tables have their headings between them, the line right above the first table is its heading."""
    between = {block.text.strip() for block in blocks[first + 1:] if not isinstance(block, Table)} - {""}
    above = blocks[first - 1] if first else None
    text = "" if above is None or isinstance(above, Table) else above.text.strip()
    if text not in others or plan.items[0].section or not any(item.section in between for item in plan.items):
        return others
    for item in takewhile(lambda item: not item.section, plan.items):
        item.section = text
    return [other for other in others if other != text]


_NUMBER_IN_TOPIC = re.compile(r"(\d{1,3}[.)]?)[ \t\u00a0]+(?=\S)|(\d{1,3}[.)])(?=\S)")


def _take_labels_from_topics(plan, columns):
    """Without a column of numbers the topics may begin with them: «1. Обсуждение …» in every row, counting on."""
    if columns.of("label") or len(plan.items) < 2:
        return
    found = []
    for item in plan.items:
        lines = item.topics
        if lines and lines[0]["marker"] == "number" and lines[0]["level"] == 0 and sum(
                line["marker"] == "number" and line["level"] == 0 for line in lines) == 1:
            found.append("1.")
        else:
            match = _NUMBER_IN_TOPIC.match(lines[0]["text"]) if lines else None
            found.append(match[0].strip() if match else "")
    numbers = [int(re.match(r"\d+", label)[0]) if label else 0 for label in found]
    if sum(number == position for position, number in enumerate(numbers, 1)) < 0.6 * len(numbers):
        return
    for item, label in zip(plan.items, found, strict=True):
        if label:
            item.label, first = label, item.topics[0]
            if first["marker"] == "number":
                item.topics[0] = first | {"marker": "paragraph"}
            else:
                item.topics[0] = first | {"text": first["text"][len(_NUMBER_IN_TOPIC.match(first["text"])[0]):]}


# ── period and terms ──────────────────────────────────────────────────────────────────────────────────────

def _set_period(plan, year, head_texts):
    named = find_period(plan.title) or find_period(head_texts)
    period = named or guess_period([item.term for item in plan.items])
    if year is not None:
        school = period is not None and is_school_year(period)
        plan.period = school_year(year) if school else calendar_year(year)
        if named and named[0].year != year:
            plan.remark("year_differs", None, f"В заголовке файла стоит {named[0].year} год, а план загружается на {year}-й. Проверьте годы в тексте.")
        return
    plan.period = period
    if period and not named:
        plan.remark("year_guessed", None, f"В заголовке нет года. По срокам в таблице взят {period[0].year}-й: проверьте.")
    elif not period:
        plan.remark("year_missing", None, "В заголовке файла нет года. Укажите год плана.")


def _set_terms(plan):
    for item in plan.items:
        # Without a period only terms that name their year mean anything: a far year shows which do not.
        term = parse_term(item.term, plan.period or calendar_year(1))
        if term.understood and (plan.period or not term.start or term.start.year > 1900):
            item.term_start, item.term_end = term.start, term.end


def _limit(plan, form):
    """Cells longer than the plan can hold are cut, and it is said."""
    for position, item in enumerate(plan.items, 1):
        long = len(item.label) > LABEL_LIMIT or len(item.term) > CELL_LIMIT or any(len(name) > CELL_LIMIT for name in item.responsible)
        if len(item.section) > CELL_LIMIT:
            plan.remark("cell_too_long", position, f"Строка {position}: слишком длинный подзаголовок над нею, взято начало.")
        item.label, item.term, item.section = item.label[:LABEL_LIMIT], item.term[:CELL_LIMIT], item.section[:CELL_LIMIT]
        item.responsible = [name[:CELL_LIMIT] for name in item.responsible]
        if long:
            plan.remark("cell_too_long", position, f"Строка {position}: в графе «№», «Срок» или «Ответственный» слишком длинный текст, взято начало.")
        if sum(len(line["text"]) for line in item.topics) > TOPIC_LIMIT:
            plan.remark("topic_too_long", position, f"Ошибка в строке {position}: тема длиннее {TOPIC_LIMIT} знаков, план с нею не загрузится. "
                        "Сократите её или разделите на две строки.")
        _limit_extra(plan, position, item, form)
    for stamp in plan.stamps:
        stamp.name, stamp.basis = stamp.name[:NAME_LIMIT], stamp.basis[:CELL_LIMIT]


def _limit_extra(plan, position, item, form):
    for role, kind in form.extra.items():
        if kind == "lines":
            long = sum(len(line["text"]) for line in item.extra[role]) > TOPIC_LIMIT
        else:
            limit = NUMBER_LIMIT if kind == "number" else TOPIC_LIMIT
            long, item.extra[role] = len(item.extra[role]) > limit, item.extra[role][:limit]
        if long:
            plan.remark("cell_too_long", position, f"Строка {position}: слишком длинный текст в графе «{form.told[role]}». Сократите его.")


# ── remarks ───────────────────────────────────────────────────────────────────────────────────────────────

def _remark_on_plan(plan, document, columns, others, below, form):
    kinds = [stamp.kind for stamp in plan.stamps]
    if form.needs_approval and "approve" not in kinds:
        plan.remark("approve_missing", None, "В файле не нашёлся гриф «Утверждаю»: добавьте его перед отправкой.")
    for stamp in plan.stamps:
        if not stamp.name and not stamp.basis:
            plan.remark("stamp_incomplete", None, f"В грифе {_quoted(stamp.heading)} не нашлось ни имени, ни акта: проверьте его.")
    if not plan.title:
        plan.remark("title_missing", None, "Заголовок плана не нашёлся: впишите его.")
    if columns.guessed:
        plan.remark("columns_guessed", None, "У таблицы нет заголовков граф, они определены по содержанию. Проверьте, всё ли на месте.")
    for role, name in (("term", "Срок"), ("responsible", "Ответственный")):
        if not columns.of(role):
            plan.remark("column_missing", None, f"Графы «{name}» в файле нет.")
    if columns.skipped:
        names = ", ".join(f"«{heading}»" for heading in columns.skipped)
        plan.remark("columns_skipped", None, f"Не загружено содержание граф, которых нет в плане: {names}.")
    skipped = [text for text in (*others, *below) if not says_nothing(text)]
    if skipped:
        plan.remark("text_skipped", None, f"Не загружен текст вне таблицы: «{_short(' / '.join(skipped))}».")
    if document.tracked_changes:
        plan.remark("tracked_changes", None, "В файле есть непринятые исправления. Они загружены так, как если бы их приняли.")


def _remark_on_rows(plan, columns, form):
    for position, item in enumerate(plan.items, 1):
        if not item.topics:
            plan.remark("topic_missing", position, f"Строка {position}: {form.told['no_topic']}.")
        _remark_on_term(plan, position, item, columns, form)
        if not item.responsible and columns.of("responsible"):
            plan.remark("no_responsible", position, f"Строка {position}: не указан ответственный.")
        elif any(_is_doubtful(name) for name in item.responsible):
            plan.remark("responsible_doubtful", position, f"Строка {position}: проверьте, верно ли разделены ответственные.")
    sections = [item.section for item in plan.items]
    for position, code, message in numbering_faults([item.label for item in plan.items], sections, anew=form.anew):
        plan.remark(code, position, message)


def _remark_on_term(plan, position, item, columns, form):
    term = parse_term(item.term, plan.period or calendar_year(1))
    if not item.term:
        if columns.of("term"):
            plan.remark("term_missing", position, f"Строка {position}: не указан срок.")
    elif not term.understood:
        plan.remark("term_not_understood", position, f"Строка {position}: срок «{_short(item.term)}» не распознан, он останется как в файле.")
    elif plan.period and is_outside(term, form.reach(plan.period)):
        plan.remark("term_outside_period", position, f"Строка {position}: срок «{_short(item.term)}» выходит за период плана.")


def _is_doubtful(name):
    return len(name) > 150 or name.count(",") > 4 or len(re.findall(r"[А-ЯЁ]\.\s?[А-ЯЁ]\.", name)) > 1


def _quoted(heading):
    return heading if heading.startswith("«") else f"«{heading}»"


def _short(text, limit=80):
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0]}…"


