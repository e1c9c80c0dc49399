"""Forms of the results: an award by hand, a correction, who signs the diplomas, printing on blanks, a winner's project."""
from django import forms

from portfolios.models import ManagementModel
from projectoffice.accounts.forms.fields import OfficeForm
from projectoffice.common.uploads import SCANS, CheckedFileField

from ..models import AwardLevel

NONE = "none"
MOST_SHIFT = 50


class AwardForm(OfficeForm):
    """Another award than the place brings, with the reason the protocol repeats."""

    level = forms.ChoiceField(label="Награда", widget=forms.RadioSelect, error_messages={"required": "Выберите награду."})
    reason = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text="Причина войдёт в протокол. Команда её не увидит.",
                             error_messages={"required": "Напишите, почему награда другая."})

    def __init__(self, *args, contest, **kwargs):
        super().__init__(*args, **kwargs)
        self.levels = {str(level.pk): level for level in AwardLevel.objects.filter(contest=contest)}
        self.fields["level"].choices = [*((key, str(level)) for key, level in self.levels.items()), (NONE, "Без награды")]

    @property
    def chosen(self):
        return self.levels.get(self.cleaned_data["level"])


class ShownForm(OfficeForm):
    """What was read before the question was answered."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)


class CorrectionForm(ShownForm):
    protocol = forms.CharField(label="Протокол", max_length=300, help_text="Номер и дата, например: протокол комиссии № 4 от 21.11.2027",
                               error_messages={"required": "Назовите протокол: номер и дату."})
    reason = forms.CharField(label="Что и почему исправлено", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
                             help_text="Это прочтут все на странице итогов и команды в письмах.",
                             error_messages={"required": "Напишите, что и почему исправлено."})
    protocol_file = CheckedFileField(label="Скан протокола", required=False, allowed=SCANS)


class SignerForm(OfficeForm):
    """Who signs a paper; both may be left out, then the line stays empty for the pen."""

    post = forms.CharField(label="Должность того, кто подпишет", max_length=200, required=False)
    name = forms.CharField(label="Имя в подписи", max_length=100, required=False, help_text="Например: Н.П. Орлова. Если не написать, на бумаге останется пустая строка для подписи.")


class DiplomasForm(SignerForm):
    """Who signs the diplomas; of those that are ready a reason, when they are to be made anew."""

    reason = forms.CharField(label="Почему готовые нужно сделать заново", max_length=400, required=False,
                             help_text="Например: ошибка в должности. Номера и коды останутся прежними, команды увидят новые файлы.",
                             error_messages={"required": "Все бумаги уже готовы. Напишите, почему их нужно сделать заново."})

    def __init__(self, *args, made, left, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not left
        if not made:
            del self.fields["reason"]


class BlankForm(OfficeForm):
    """The text alone on ready blanks, moved by some millimetres."""

    paper = forms.ChoiceField(label="Что печатать", choices=[("diploma", "Дипломы"), ("certificate", "Сертификаты")])
    right = forms.DecimalField(label="Сдвинуть вправо, мм", min_value=-MOST_SHIFT, max_value=MOST_SHIFT, max_digits=4, decimal_places=1, initial=0)
    down = forms.DecimalField(label="Сдвинуть вниз, мм", min_value=-MOST_SHIFT, max_value=MOST_SHIFT, max_digits=4, decimal_places=1, initial=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("right", "down"):
            words = f"Число от −{MOST_SHIFT} до {MOST_SHIFT}, можно с одной цифрой после запятой."
            self.fields[name].error_messages |= dict.fromkeys(
                ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits", "required"), words)
            self.fields[name].localize = True


class ProjectForm(OfficeForm):
    """Where the winner goes on: a model of management of a portfolio."""

    model = forms.ModelChoiceField(label="Управленческая модель", queryset=ManagementModel.objects.none(), empty_label="Выберите",
                                   error_messages={"required": "Выберите модель.", "invalid_choice": "Выберите модель из списка."})

    def __init__(self, *args, models, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = models
        self.fields["model"].label_from_instance = lambda model: f"{model.portfolio} – {model.name}"
