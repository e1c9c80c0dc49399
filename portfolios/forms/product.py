"""Forms of the bank of methodical products: the card, an author, files, decisions, the lists and the catalogue."""
import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Exists, OuterRef
from django.utils import timezone

from projectoffice.accounts.forms.fields import (
    InstitutionField,
    InstitutionFilterField,
    InstitutionInput,
    OfficeForm,
    PersonField,
    options_of,
)
from projectoffice.accounts.models import Institution, Post, User
from projectoffice.common.text import clean_text
from projectoffice.common.uploads import ManyFilesField

from ..models import MethodProduct, Portfolio
from ..product.catalogue import Asked, years
from ..services.product import FIRST_YEAR
from ..words import named_with_year
from .filters import FilterForm
from .portfolio import VersionedForm
from .project import Colleague

MOST_PROPOSED = 300
MOST_NAMED = 5
YEAR_WORDS = dict.fromkeys(("invalid", "min_value", "max_value"), "Год – четыре цифры.")


class ProjectInput(forms.TextInput):
    """A text field with the titles of projects; without them one types a part of the title."""

    template_name = "portfolios/project_input.html"
    proposed = ()

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"list_id": f"{context['widget']['attrs'].get('id', name)}-projects",
                              "proposed": [named_with_year(project) for project in self.proposed]}
        return context


class ProjectField(forms.CharField):
    """A project of those one may see, by its title, with the year where two share it, or by a part that fits only one."""

    widget = ProjectInput

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 600} | kwargs)
        self.projects, self.current = None, None

    def narrow(self, projects, current=None):
        """Choose among these; ``current`` is the one that stands there already."""
        self.projects, self.current = projects, current
        self.widget.proposed = projects.order_by("-start", "title")[:MOST_PROPOSED]

    def prepare_value(self, value):
        return named_with_year(value) if hasattr(value, "title") and hasattr(value, "start") else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        text = clean_text(text)
        if self.current and text == named_with_year(self.current):
            return self.current
        found = self.find(text)
        if not found:
            raise ValidationError("Среди проектов, которые вам видны, такого нет. Впишите название или его часть.")
        if len(found) > 1:
            raise ValidationError("Подходят несколько: " + "; ".join(named_with_year(each) for each in found[:MOST_NAMED])
                                  + ". Впишите полностью, вместе с годом, или откройте нужный проект и добавьте продукт оттуда.")
        return found[0]

    def find(self, text):
        found = list(self.projects.filter(title__iexact=text)[:MOST_NAMED + 1])
        with_year = re.fullmatch(r"(.+), (\d{4})", text)
        if not found and with_year:
            found = list(self.projects.filter(title__iexact=with_year[1], start__year=int(with_year[2]))[:MOST_NAMED + 1])
        return found or list(self.projects.filter(title__icontains=text).order_by("title", "-start")[:MOST_NAMED + 1])


class OutsideLink(forms.URLField):
    """An address on another site: only the web's own two schemes, so that nothing runs from a link."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs):
        super().__init__(**{"assume_scheme": "https", "max_length": 500} | kwargs)


class ProductForm(VersionedForm):
    """The card of a product."""

    title = forms.CharField(label="Название", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
                            error_messages={"required": "Впишите название продукта."})
    kind = forms.ChoiceField(label="Вид", choices=MethodProduct.Kind.choices)
    annotation = forms.CharField(
        label="Аннотация", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Что это, для кого и чем поможет. По этим словам продукт найдут коллеги.")
    institution = InstitutionField(label="Учреждение", required=False)
    project = ProjectField(label="Проект", required=False, help_text="Если продукт сделан в проекте: название или его часть.")
    year = forms.IntegerField(label="Год", min_value=FIRST_YEAR, max_value=2100, required=False, error_messages=YEAR_WORDS,
                              help_text="Когда сделан")
    link = OutsideLink(
        label="Ссылка на другой сайт", required=False, help_text="Видео или страница в интернете, если есть. Например: https://…",
        error_messages={"invalid": "Это не похоже на адрес страницы. Скопируйте его из строки браузера: https://…"})

    def __init__(self, *args, projects, current=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].narrow(projects, current)

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class AuthorForm(OfficeForm):
    """An author: somebody of the portal or a typed name. A school chooses among its own people, the office among all."""

    field_order = ["person", "name"]
    name = forms.CharField(label="Или фамилия и инициалы", max_length=200, required=False,
                           help_text="Для тех, кого нет в списке людей портала. Такое имя посетители не увидят: согласия на публикацию нет.")
    person = PersonField(label="Человек", required=False)
    key = VersionedForm.base_fields["key"]

    def __init__(self, *args, product, whole_town, user, **kwargs):
        super().__init__(*args, **kwargs)
        if not whole_town:
            own = Post.objects.current().filter(person=user, institution__isnull=False).values("institution")
            places = Institution.objects.filter(pk__in=own) | Institution.objects.filter(pk=product.institution_id)
            if product.project_id:
                places = places | Institution.objects.filter(projects__project=product.project_id)
            here = Post.objects.current().filter(institution__in=places)
            self.fields["person"] = Colleague(label="Человек", required=False, empty_label="Нет в списке", queryset=User.objects.active().filter(
                pk__in=here.values("person")).in_order())

    def clean(self):
        words = super().clean()
        if not words.get("person") and not words.get("name") and "person" not in self.errors:
            self.add_error("name", "Выберите человека из списка или впишите фамилию и инициалы.")
        return words


class FilesForm(OfficeForm):
    files = ManyFilesField(label="Файлы", required=True, help_text="Можно выбрать сразу несколько.")
    key = VersionedForm.base_fields["key"]


class DecisionForm(OfficeForm):
    """A decision about the text that was read: the version the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class RemarkForm(DecisionForm):
    words = forms.CharField(label="Что исправить", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
                            error_messages={"required": "Напишите, что исправить, – без этого автор не поймёт, за что взяться."})


class WithdrawForm(DecisionForm):
    words = forms.CharField(label="Почему снимаете", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
                            help_text="Это прочтёт автор. Посетители причину не увидят.",
                            error_messages={"required": "Напишите, почему снимаете: это прочтёт автор."})


class ProductFilter(FilterForm):
    """What of the working list to show; an unknown value counts as not chosen."""

    q = forms.CharField(label="Поиск по названию", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Любое"), *MethodProduct.State.choices])
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Любой"), *MethodProduct.Kind.choices])
    institution = InstitutionFilterField(label="Учреждение", required=False)


class PublishedPlaceInput(InstitutionInput):
    """Proposes the institutions whose products are published, and no others."""

    def proposed(self):
        shown = MethodProduct.objects.published().filter(institution=OuterRef("pk"))
        return {"options": options_of(Institution.objects.filter(Exists(shown)).names())}


class CatalogueForm(FilterForm):
    """What a visitor looks for; every field may be left out, and an unknown value counts as not chosen."""

    q = forms.CharField(label="Слова", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Любой"), *MethodProduct.Kind.choices])
    year = forms.TypedChoiceField(label="Год", required=False, coerce=int, empty_value=None)
    institution = InstitutionFilterField(label="Учреждение", required=False, widget=PublishedPlaceInput)
    portfolio = forms.ModelChoiceField(label="Портфель", queryset=Portfolio.objects.none(), required=False, empty_label="Любой")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "Любой"), *((str(year), str(year)) for year in years())]
        self.fields["portfolio"].queryset = Portfolio.objects.filter(is_public=True)
        for name, words in (("kind", "Такого вида нет."), ("year", "За этот год продуктов нет."), ("portfolio", "Такого портфеля нет.")):
            self.fields[name].error_messages["invalid_choice"] = words

    main_names = ("q", "kind")

    @property
    def opened(self):
        """Whether one of the folded filters is in use or cannot be read."""
        return any(self.cleaned_data.get(bound.name) or bound.errors for bound in self.more)

    def asked(self):
        self.is_valid()
        words = {name: self.cleaned_data.get(name) for name in self.fields}
        return Asked(words["q"] or "", words["kind"] or "", words["year"], words["institution"], words["portfolio"])


def new_year():
    return timezone.localdate().year
