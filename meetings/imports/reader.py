"""From a Word document to an ImportedPlan: what heads the columns of a plan of meetings, how it is spoken of."""
from projectoffice.common.worddoc import read_document
from projectoffice.documents.imports import reader
from projectoffice.documents.imports.form import Form

from .plan import ImportedPlan

UNCHANGED = "Ничего не загружено, ваш план не изменился."
FORM = Form(told={
    "nothing": f"В файле не нашлась таблица с графами «Тема» и «Срок». {UNCHANGED}",
    "too_wide": "В таблице этого файла граф: {count}, а в плане заседаний их от трёх до пяти. Похоже, это другой план. " + UNCHANGED,
    "no_rows": f"В таблице плана нет ни одной строки под заголовками. {UNCHANGED}",
    "no_topic": "нет темы",
})


def read_plan_stream(stream, *, year=None):
    """Runs in the child process: the wire form of the plan."""
    return read(read_document(stream), year=year).to_wire()


def read(document, *, year=None):
    """The ImportedPlan of a WordDocument."""
    return reader.read(document, FORM, ImportedPlan(), year=year)
