from django import forms

from projectoffice.common.idempotency import new_key

from ..models import Body, Membership, User
from .fields import DateField, OfficeForm, PersonField
from .people import DatesMixin


class BodyForm(OfficeForm):
    name = forms.CharField(label="Наименование", max_length=300, error_messages={"required": "Впишите наименование."})
    genitive = forms.CharField(label="В родительном падеже", max_length=300, help_text="Для заголовков: «План заседаний …»",
                               error_messages={"required": "Впишите, как продолжить «План заседаний …»."})
    quorum = forms.ChoiceField(label="Кворум", choices=Body.Quorum.choices, initial=Body.Quorum.HALF,
                               help_text="Сколько членов должно быть на заседании, чтобы оно могло решать")
    is_main = forms.BooleanField(label="Основной орган: его план предлагается первым", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, initial=1)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)


class MemberForm(DatesMixin, OfficeForm):
    role = forms.ChoiceField(label="Роль", choices=Membership.Role.choices, initial=Membership.Role.MEMBER)
    since = DateField(label="С", required=False)
    until = DateField(label="По", required=False, help_text="Последний день; пусто – по сей день")
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class NewMemberForm(MemberForm):
    field_order = ["person", "role", "since", "until"]
    person = PersonField(label="Человек")


class SubstitutionForm(OfficeForm):
    absent = PersonField(label="Кого замещают")
    acting = PersonField(label="Кто замещает", queryset=None)
    since = DateField(label="С", error_messages={"required": "Укажите первый день."})
    until = DateField(label="По", help_text="Последний день включительно", error_messages={"required": "Укажите последний день."})
    post = forms.CharField(label="Должность в подписи", max_length=300,
                           help_text="Как печатать: «И.о. руководителя Проектного офиса»",
                           error_messages={"required": "Впишите должность так, как её напечатать в подписи."})
    basis = forms.CharField(label="Основание", max_length=300, help_text="Например: приказ от 01.06.2027 № 84",
                            error_messages={"required": "Укажите приказ: без него подпись и.о. оспорят."})
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)

    def clean(self):
        words = super().clean()
        since, until = words.get("since"), words.get("until")
        if since and until and until < since:
            self.add_error("until", "Дата «по» раньше даты «с».")
        absent, acting = words.get("absent"), words.get("acting")
        if isinstance(absent, User) and absent == acting:
            self.add_error("acting", "Человек не может замещать сам себя.")
        return words
