from django import forms

from projectoffice.common.uploads import IMAGES, CheckedFileField

from ..models import User
from .fields import OfficeForm, PersonField
from .people import EMAIL_WRONG, PHONE

ZONES = [
    ("Europe/Kaliningrad", "Калининград (МСК−1)"), ("Europe/Moscow", "Москва (МСК)"), ("Europe/Samara", "Самара (МСК+1)"),
    ("Europe/Saratov", "Саратов (МСК+1)"), ("Europe/Ulyanovsk", "Ульяновск (МСК+1)"),
    ("Europe/Astrakhan", "Астрахань (МСК+1)"), ("Asia/Yekaterinburg", "Екатеринбург (МСК+2)"),
    ("Asia/Omsk", "Омск (МСК+3)"), ("Asia/Novosibirsk", "Новосибирск (МСК+4)"), ("Asia/Barnaul", "Барнаул (МСК+4)"),
    ("Asia/Tomsk", "Томск (МСК+4)"), ("Asia/Krasnoyarsk", "Красноярск (МСК+4)"), ("Asia/Irkutsk", "Иркутск (МСК+5)"),
    ("Asia/Yakutsk", "Якутск (МСК+6)"), ("Asia/Vladivostok", "Владивосток (МСК+7)"),
    ("Asia/Magadan", "Магадан (МСК+8)"), ("Asia/Sakhalin", "Южно-Сахалинск (МСК+8)"),
    ("Asia/Kamchatka", "Петропавловск-Камчатский (МСК+9)"),
]
# The same codes as the stamps of documents, which this app stands below.
STAMP_KINDS = [("agree", "Согласовано"), ("accept", "Рассмотрено"), ("approve", "Утверждаю")]
SIDES = [("left", "Слева"), ("right", "Справа")]
STYLES = [("office", "«Утверждаю» – как печатает офис"), ("gost", "УТВЕРЖДАЮ – по ГОСТ")]
METHODS = [("ink", "На бумаге"), ("electronic", "На портале")]


class OfficeProfileForm(OfficeForm):
    city = forms.CharField(label="Город", max_length=200, error_messages={"required": "Впишите город."})
    department = forms.CharField(label="Департамент", max_length=300,
                                 error_messages={"required": "Впишите наименование департамента."})
    name = forms.CharField(label="Проектный офис", max_length=300,
                           help_text="Так портал называется в шапке и в письмах",
                           error_messages={"required": "Впишите наименование офиса."})
    phone = forms.CharField(label="Телефон", max_length=60, required=False, widget=PHONE,
                            help_text="Виден на всех страницах: люди звонят")
    hours = forms.CharField(label="Часы работы", max_length=120, required=False)
    email = forms.EmailField(label="Почта", max_length=254, required=False, error_messages=EMAIL_WRONG)
    time_zone = forms.ChoiceField(label="Часовой пояс", choices=ZONES)
    zone_name = forms.CharField(label="Как назвать время", max_length=60, help_text="«Время – Самара»",
                                error_messages={"required": "Впишите, как назвать время."})
    attendance_limit = forms.IntegerField(
        label="Присутствующих перечислять до", min_value=0, max_value=500,
        help_text="Если их больше, в протоколе печатаем «N человек (список прилагается)»",
        error_messages=dict.fromkeys(("required", "min_value", "max_value", "invalid"), "Укажите число от 0 до 500."),
    )
    consent_text = forms.CharField(
        label="Текст согласия на публикацию имени", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Новый текст увидят те, кто даёт согласие с этого дня; прежние согласия хранят свой текст",
    )
    totp_required = forms.BooleanField(label="Второй ключ обязателен для руководителей и администраторов", required=False)
    emblem = CheckedFileField(label="Эмблема", required=False, allowed=IMAGES, most=5 * 1024 * 1024,
                              help_text="PNG или JPG до 5 МБ; показываем в шапке")
    no_emblem = forms.BooleanField(label="Убрать эмблему", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = self.initial.get("time_zone")
        if zone and zone not in dict(ZONES):
            self.fields["time_zone"].choices = [(zone, zone), *ZONES]


class DefaultStampForm(OfficeForm):
    """One stamp every new document begins with."""

    kind = forms.ChoiceField(label="Гриф", choices=STAMP_KINDS)
    side = forms.ChoiceField(label="Сторона", choices=SIDES)
    style = forms.ChoiceField(label="Заголовок", choices=STYLES)
    step = forms.TypedChoiceField(label="Очередь", coerce=int, choices=[(1, "1"), (2, "2"), (3, "3")])
    post = forms.CharField(label="Должность, по строкам", max_length=500, required=False,
                           widget=forms.Textarea(attrs={"rows": 2}))
    name = forms.CharField(label="Инициалы и фамилия", max_length=120, required=False, help_text="Как напечатать")
    signer = PersonField(label="Кто подписывает", required=False)
    method = forms.ChoiceField(label="Как подписывает", choices=METHODS)

    def has_changed(self):
        """Filled in: the choices alone say nothing, they always hold something."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("post", "name", "signer"))

    def clean(self):
        words = super().clean()
        signer = words.get("signer")
        if not words.get("name") and isinstance(signer, User):
            words["name"] = signer.signature_name
        if "name" in words and not words["name"] and not self.errors:
            self.add_error("name", "Впишите, чья подпись, или выберите человека.")
        if words.get("method") == "electronic" and "signer" not in self.errors and not (signer and signer.can_log_in):
            self.add_error("method", "На портале подписывает тот, кто входит на портал. Выберите такого человека или бумагу.")
        return words

    def as_stamp(self):
        """The stamp as the profile keeps it: fields of a stamp of a document."""
        words = self.cleaned_data
        signer = words["signer"]
        return {
            "kind": words["kind"], "place": "head", "side": words["side"], "style": words["style"], "step": words["step"],
            "post": words["post"], "name": words["name"], "signer_id": signer.pk if signer else None,
            "method": words["method"],
        }


def stamps_of(formset):
    """The default stamps a valid formset holds: the empty form and the deleted ones left out."""
    return [form.as_stamp() for form in formset if form.has_changed() and form not in formset.deleted_forms]


DefaultStampFormSet = forms.formset_factory(DefaultStampForm, extra=1, can_delete=True, max_num=10, absolute_max=12)
