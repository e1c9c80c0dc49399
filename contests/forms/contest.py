"""Forms of a contest itself: card, rules, dates, reasons, next year."""
from django import forms

from projectoffice.accounts.forms.fields import MomentField, OfficeForm
from projectoffice.common.uploads import CheckedFileField

from ..contest.dates import NAMES, ORDER, clashes
from ..models import Contest
from .fields import PointsField, ShareField, StepForm, WholeField

FIRST_YEAR, LAST_YEAR = 2000, 2099
YEAR = dict.fromkeys(("invalid", "required", "min_value", "max_value"), f"Год – четыре цифры, от {FIRST_YEAR} до {LAST_YEAR}.")


def year_field():
    return forms.IntegerField(label="Год", min_value=FIRST_YEAR, max_value=LAST_YEAR, error_messages=YEAR)


class ContestForm(StepForm):
    title = forms.CharField(label="Название", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
                            error_messages={"required": "Впишите название конкурса."})
    year = year_field()
    about = forms.CharField(label="О конкурсе", max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
                            help_text="Для кого конкурс, зачем, что получат победители. Это увидят все, когда конкурс объявят.")
    regulation = CheckedFileField(label="Положение", allowed=("pdf", "docx"), required=False,
                                  help_text="PDF или Word. Файл увидят все, когда конкурс объявят.")
    no_regulation = forms.BooleanField(label="Убрать файл положения", required=False)

    def __init__(self, *args, has_regulation=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_regulation:
            del self.fields["no_regulation"]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class RulesForm(StepForm):
    """The rules of scoring: what is written in the regulation, as settings."""

    experts_per_entry = WholeField(label="Экспертов на работу", least=1, most=20)
    combining = forms.ChoiceField(label="Итог работы", choices=Contest._meta.get_field("combining").choices)
    pass_mark = PointsField(label="Проходной балл", least=0, most=100_000, required=False,
                            help_text="Работа с меньшим итогом не получит места. Пусто – без порога.")
    divergence = PointsField(label="Расхождение, при котором решает третий эксперт", least=0, most=100_000, required=False,
                             help_text="Разница между самым высоким и самым низким листом. Пусто – третьего эксперта не зовут.")
    rounds = forms.ChoiceField(label="Как складываются туры", choices=Contest._meta.get_field("rounds").choices)
    onsite_share = ShareField(label="Доля очного тура, %", help_text="Нужна, если туры складываются по долям.")
    public_weight = ShareField(label="Вес общественного жюри, %", help_text="0 – голоса показывают отдельно, на места они не влияют.")
    votes_each = WholeField(label="Голосов у члена жюри в каждой номинации", least=1, most=100)
    is_blind = forms.BooleanField(label="Эксперты не видят авторов и учреждение", required=False)
    shows_others = forms.BooleanField(label="Кто сдал свой лист, видит листы других экспертов этой работы", required=False)
    asks_panel_comment = forms.BooleanField(label="Кроме комментария участнику есть комментарий для комиссии", required=False)
    needs_signed_scan = forms.BooleanField(label="К заявке нужен скан с подписью и печатью директора", required=False)


class StagesForm(StepForm):
    """Begin and end of each stage; both empty: there is no such stage."""

    def __init__(self, *args, kinds=ORDER, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        for kind in kinds:
            self.fields[f"{kind}_starts"] = MomentField(label="Начало", required=False)
            self.fields[f"{kind}_ends"] = MomentField(label="Окончание", required=False)

    @property
    def rows(self):
        """``(name, (begin, end))`` of each stage, for the page."""
        return [(NAMES[kind], (self[f"{kind}_starts"], self[f"{kind}_ends"])) for kind in self.kinds]

    def clean(self):
        words = super().clean()
        for kind in self.kinds:
            names = (f"{kind}_starts", f"{kind}_ends")
            empty = [name for name in names if words.get(name) is None and name not in self.errors]
            if len(empty) == 1:
                self.add_error(empty[0], "Укажите и этот срок или очистите оба: тогда этапа не будет.")
        for clash in clashes(self.backwards()):
            self.add_error(f"{clash.kind}_{clash.end}", clash.sentence)
        return words

    def backwards(self):
        """Stages that end before they begin: those alone are never stored."""
        return {kind: pair for kind, pair in self.dates.items() if pair[1] <= pair[0]}

    @property
    def dates(self):
        """``{kind: (starts, ends)}`` of the stages both of whose dates are given."""
        words = self.cleaned_data
        pairs = {kind: (words.get(f"{kind}_starts"), words.get(f"{kind}_ends")) for kind in self.kinds}
        return {kind: pair for kind, pair in pairs.items() if None not in pair}


REASON = "Напишите причину: её прочтут участники."


class ReasonForm(OfficeForm):
    reason = forms.CharField(label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": REASON})

    def clean_reason(self):
        return " ".join(self.cleaned_data["reason"].split())


class ProlongForm(StagesForm, ReasonForm):
    """Later dates of an announced contest, with the reason; what has begun is told, not asked."""

    def __init__(self, *args, begun=(), **kwargs):
        super().__init__(*args, **kwargs)
        for kind in begun:
            self.fields[f"{kind}_starts"].disabled = True
        for name in self.fields:
            if name.endswith(("_starts", "_ends")):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = "Срок объявлен, убрать его нельзя."


class CopyForm(StepForm):
    title = ContestForm.base_fields["title"]
    year = year_field()

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())
