"""Forms of paper and of voiding: what staff write about a sheet that is not theirs."""
from django import forms

from projectoffice.accounts.forms.fields import DateField, OfficeForm
from projectoffice.common.uploads import SCANS, CheckedFileField


class PaperForm(OfficeForm):
    """Where the marks come from; the marks themselves are read beside it."""

    source = forms.CharField(label="Откуда оценки", max_length=200, initial="бумажный лист эксперта",
                             error_messages={"required": "Напишите, откуда оценки: бумажный лист, письмо."})
    source_date = DateField(label="Дата на листе", error_messages={"required": "Укажите дату, которая стоит на листе."})
    source_file = CheckedFileField(label="Скан листа", allowed=SCANS, help_text="PDF, JPG или PNG, до 20 МБ.",
                                   error_messages={"required": "Приложите скан: по нему второй сотрудник сверит оценки."})


class CheckPaperForm(OfficeForm):
    """What was compared with the paper: the fingerprint of the marks the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class VoidForm(OfficeForm):
    reason = forms.CharField(label="Почему лист аннулируют", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text="Причину увидит эксперт.", error_messages={"required": "Напишите, почему лист аннулируют."})
