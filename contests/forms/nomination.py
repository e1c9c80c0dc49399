"""Forms of the parts of a contest: nominations, questions, criteria, awards, rules of ties."""
from django import forms
from django.core.exceptions import ValidationError

from ..contest.levels import LevelsNotRead, read_levels
from ..contest.places import read_places
from ..models import AwardLevel, Criterion, TieRule
from ..scoring import Tie
from .fields import PointsField, StepForm, WholeField

MOST_LEVEL_SIGNS = 60_000


class NominationForm(StepForm):
    title = forms.CharField(label="Название", max_length=300, error_messages={"required": "Впишите название номинации."})
    about = forms.CharField(label="Для каких работ", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    most_authors = WholeField(label="Авторов не больше", least=1, most=50, initial=5)


class FieldForm(StepForm):
    """A question of the entry."""

    label = forms.CharField(label="Вопрос", max_length=300, error_messages={"required": "Впишите вопрос."},
                            help_text="Например: «Какую проблему решает проект?»")
    help = forms.CharField(label="Подсказка под вопросом", max_length=500, required=False)
    limit = WholeField(label="Знаков не больше", least=1, most=20_000, initial=2000)
    is_required = forms.BooleanField(label="Без ответа заявку не отправить", required=False, initial=True)
    names_authors = forms.BooleanField(label="Не показывать экспертам, когда авторы скрыты", required=False,
                                       help_text="Отметьте, если из ответа видно, чья это работа.")


class CriterionForm(StepForm):
    """A criterion with the words of its levels, a line a mark."""

    round = forms.ChoiceField(label="Тур", choices=Criterion.Round.choices)
    title = forms.CharField(label="Критерий", max_length=300, error_messages={"required": "Впишите критерий."})
    maximum = WholeField(label="Высшая оценка", least=1, most=100, initial=5)
    weight = PointsField(label="Вес", least="0.01", most="999.99", required=True, initial=1,
                         help_text="На сколько умножается оценка. Обычно 1.")
    words = forms.CharField(label="Что значит каждая оценка", max_length=MOST_LEVEL_SIGNS, required=False,
                            widget=forms.Textarea(attrs={"rows": 7}),
                            help_text="По строке на оценку, например: «0 – не показано», «1 – показано частично». Эксперт прочтёт "
                                      "эти слова раньше, чем выберет оценку.")
    has_halves = forms.BooleanField(label="Можно ставить половины: 2,5", required=False)
    needs_comment = forms.BooleanField(label="Эксперт обязан пояснить оценку", required=False)
    counts = forms.BooleanField(label="Входит в итог", required=False, initial=True,
                                help_text="Без отметки оценку показывают отдельно, на место она не влияет.")

    def clean(self):
        words = super().clean()
        if words.get("maximum") and "words" not in self.errors:
            try:
                words["levels"] = read_levels(words.get("words", ""), words["maximum"])
            except LevelsNotRead as error:
                self.add_error("words", error.sentences)
        return words


class AwardForm(StepForm):
    title = forms.CharField(label="Название", max_length=100, help_text="Например: Победитель, Лауреат, Участник",
                            error_messages={"required": "Впишите, как называется награда."})
    places = forms.CharField(label="Места", max_length=60, required=False,
                             help_text="Например: 1 или 2–3. Пусто – всем остальным, кто прошёл.")
    paper = forms.ChoiceField(label="Бумага", choices=AwardLevel.Paper.choices)
    becomes_project = forms.BooleanField(label="Такие работы входят в портфель и становятся проектами", required=False)

    def clean_places(self):
        try:
            read_places(self.cleaned_data["places"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data["places"]


class TieForm(StepForm):
    """One more rule of the chain; «Выше оценка по критерию» is offered once for each criterion. ``taken`` are not offered again."""

    rule = forms.ChoiceField(label="Правило")

    def __init__(self, *args, titles=(), taken=(), **kwargs):
        super().__init__(*args, **kwargs)
        rules = TieRule._meta.get_field("rule").choices
        offered = [(rule, title) for rule, _ in rules for title in (titles if rule == Tie.CRITERION else [""])]
        self.offered = {f"{rule}:{title}": (rule, title) for rule, title in offered if (rule, title) not in taken}
        self.fields["rule"].choices = [
            (value, str(TieRule(rule=rule, criterion_title=title))) for value, (rule, title) in self.offered.items()]

    def clean(self):
        """What was chosen as the verb takes it: the rule and the criterion's title."""
        words = super().clean()
        if "rule" in words:
            words["rule"], words["criterion_title"] = self.offered[words["rule"]]
        return words
