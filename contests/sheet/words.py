"""What pages, letters and files call things of a sheet."""
from portfolios.amounts import shown_amount
from projectoffice.common.russian import plural

from ..models import ScoreSheet
from .marks import total_of

State = ScoreSheet.State


def badge(sheet, marked=0, of=0):
    """Family and word of the badge of a sheet in force, or of none yet."""
    if sheet is None or sheet.state == State.DRAFT and not marked:
        return "neutral", "Не начат"
    if sheet.state == State.DRAFT:
        return "progress", f"Заполняется, {marked} из {of}"
    if sheet.state == State.VOIDED:
        return "closed", "Аннулирован"
    if sheet.recorded_by_id:
        return ("done", "Внесён с бумаги") if sheet.checked_by_id else ("wait", "Ждёт сверки с бумагой")
    return "done", "Сдан"


def total_words(criteria, marks):
    """«11 баллов», «4 балла», «13,5 балла»."""
    total = total_of(criteria, marks)
    whole = total == total.to_integral_value()
    return f"{shown_amount(total)}\u00a0{plural(int(total), 'балл,балла,баллов') if whole else 'балла'}"
