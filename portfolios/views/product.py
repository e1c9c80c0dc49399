"""The bank of products, inside: the list, a product, its authors and files, the way to publication."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import send_file

from ..forms import product as forms
from ..models import MethodProduct, ProductAuthor, ProductFile, Project
from ..product import page as reading
from ..product import public
from ..product.listing import Listing
from ..product.workflow import CREATE, MODERATE, WRITE, is_moment
from ..services import product as verbs
from .common import ask, attempt, attempt_with_message, once

CARD = ("title", "kind", "annotation", "institution", "project", "year", "link")


@policy(SIGNED_IN)
@require_safe
def products(request):
    """The products that are one's own business: what needs a hand first."""
    return render(request, "portfolios/products.html", {
        "listing": Listing(request.GET, request.user), "may_create": may(request.user, CREATE)})


def find_product(request, pk):
    """The product on whose work page this person may be; 404 otherwise."""
    seen = MethodProduct.objects.belonging_to(request.user)
    return get_object_or_404(seen.select_related("institution", "project", "created_by"), pk=pk)


@policy(SIGNED_IN)
@require_safe
def product(request, pk):
    """What it is, how it stands, what to do next. Whose business it is not reads the public page."""
    seen = MethodProduct.objects.visible_to(request.user)
    found = get_object_or_404(seen.select_related("institution", "project", "created_by"), pk=pk)
    if not MethodProduct.objects.belonging_to(request.user).filter(pk=pk).exists():
        return redirect(found.public_url)
    return render(request, "portfolios/product.html", {
        **reading.page(found, request.user), **what_was_removed(request, found), **what_is_next(request, found)})


def what_was_removed(request, product):
    """The author or file just taken off, with the way back."""
    found = {}
    for name, parts in (("removed_file", product.files), ("removed_author", product.authors)):
        number = request.GET.get(name, "")
        if number.isascii() and number.isdigit() and len(number) < 10:
            found[name] = parts.filter(pk=int(number), position__isnull=True).first()
    return found


def what_is_next(request, product):
    """After a decision, the product that has waited longest: who checks one goes on to the next."""
    if "decided" not in request.GET or not may(request.user, MODERATE):
        return {}
    waiting = MethodProduct.objects.belonging_to(request.user).waiting().exclude(pk=product.pk)
    return {"is_decided": True, "next": waiting.order_by("state_at", "pk").first()}


def onward(product):
    """Where a decision leads: to the page of this product, which names the next one."""
    return f"{product.get_absolute_url()}?decided=1"


@policy(SIGNED_IN)
@require_safe
def product_preview(request, pk):
    """The page exactly as visitors will read it."""
    found = find_product(request, pk)
    return render(request, "portfolios/product_preview.html", as_visitors_read(found))


def as_visitors_read(product):
    return public.page(product, file_url=lambda row: reverse("portfolios:product_file", args=[row.pk]))


@policy(SIGNED_IN)
@require_safe
def product_history(request, pk):
    found = find_product(request, pk)
    return render(request, "portfolios/history.html", {
        "subject": found, "heading": "История продукта", "events": history_of(found)[:500]})


# The card

@policy(CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request):
    """A new product; ``?project=`` proposes where it was made."""
    projects = Project.objects.visible_to(request.user)
    form = forms.ProductForm(request.POST or None, projects=projects, initial=first_words(request, projects))

    def create():
        return verbs.create_product(by=request.user, **{name: form.cleaned_data[name] for name in CARD}).get_absolute_url()

    return ask(request, form, lambda: once(request.user, "product_new", form.cleaned_data["key"], create),
               heading="Новый методический продукт", button="Сохранить черновик", back=(reverse("portfolios:products"), "Методические продукты"),
               done="Черновик сохранён. Добавьте авторов и файлы, потом отправьте на проверку.",
               words="Кроме вас черновик видят соавторы, сотрудники указанного учреждения, те, кто ведёт проект, Проектный офис, "
                     "руководители и администраторы портала. Все увидят продукт, когда офис его проверит и опубликует.")


def first_words(request, projects):
    """What stands in an empty form: this year, the project asked for, its or one's own institution."""
    asked = request.GET.get("project", "")
    project = projects.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    own = list(verbs.places_of(request.user)[:2])
    place = (project.lead if project else None) or (own[0] if len(own) == 1 else None)
    return {"year": forms.new_year(), "project": project, "institution": place, "kind": MethodProduct.Kind.GUIDELINES}


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_edit(request, pk):
    found = find_product(request, pk)
    require(request.user, WRITE, found)
    form = forms.ProductForm(request.POST or None, projects=Project.objects.visible_to(request.user), current=found.project,
                             initial={name: getattr(found, name) for name in (*CARD, "version")})
    words = "Этот продукт опубликован: изменения сразу увидят все." if found.is_published else ""
    return ask(request, form, lambda: verbs.save_product(
        found, by=request.user, version=form.cleaned_data["version"], **{name: form.cleaned_data[name] for name in CARD}),
        heading=f"{found}: изменить", button="Сохранить", back=found, done="Сохранено.", words=words)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_remove(request, pk):
    found = find_product(request, pk)
    require(request.user, WRITE, found)

    def remove():
        verbs.remove_product(found, by=request.user)
        return reverse("portfolios:products")

    return ask(request, forms.OfficeForm(request.POST if request.method == "POST" else None), remove,
               heading=f"Удалить черновик «{found}»?", button="Удалить черновик", back=found, done="Черновик удалён.",
               words="Вместе с ним удалятся его авторы и файлы. Вернуть его будет нельзя.")


# The way to publication

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_submit(request, pk):
    """Asked once: what will happen."""
    found = find_product(request, pk)
    require(request.user, WRITE, found)
    return ask(request, forms.OfficeForm(request.POST if request.method == "POST" else None),
               lambda: verbs.submit_product(found, by=request.user), heading=f"Отправить на проверку «{found}»?",
               button="Отправить на проверку", back=found, done="Отправлено. О решении офис напишет письмом.",
               words="Проектный офис прочитает продукт и опубликует его или вернёт с замечанием. Пока он на проверке, менять его нельзя, "
                     "но можно забрать на доработку.")


@policy(SIGNED_IN)
@require_POST
def product_recall(request, pk):
    found = find_product(request, pk)
    attempt_with_message(request, lambda: verbs.recall_product(found, by=request.user), "Продукт снова у вас: его можно менять.")
    return redirect(found)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_return(request, pk):
    """Back to the author with what to mend."""
    found = find_product(request, pk)
    require(request.user, MODERATE, found)
    form = forms.RemarkForm(request.POST or None, initial={"version": found.version})
    return ask(request, form, lambda: decided(form, lambda words: onward(verbs.return_product(
        found, by=request.user, version=words["version"], remark=words["words"]))),
        heading=f"{found}: вернуть с замечанием", button="Вернуть с замечанием", back=found,
        done="Возвращено. Автор получит письмо с замечанием.")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_publish(request, pk):
    """The page as visitors will read it, and the question."""
    found = find_product(request, pk)
    require(request.user, MODERATE, found)
    form = forms.DecisionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and attempt(form, lambda: decided(form, lambda words: verbs.publish_product(
            found, by=request.user, version=words["version"]))):
        messages.success(request, "Опубликовано. Автору и соавторам ушли письма.")
        return redirect(onward(found))
    if form.errors:
        found.refresh_from_db()
    return render(request, "portfolios/product_publish.html", {
        **as_visitors_read(found), "form": form, "hidden_names": [row["row"] for row in reading.with_consents(
            found.authors.present()) if row["note"]], "is_moment": is_moment(found, "publish", True),
    }, status=422 if form.errors else 200)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_withdraw(request, pk):
    found = find_product(request, pk)
    require(request.user, MODERATE, found)
    form = forms.WithdrawForm(request.POST or None, initial={"version": found.version})
    return ask(request, form, lambda: decided(form, lambda words: verbs.withdraw_product(
        found, by=request.user, version=words["version"], reason=words["words"])),
        heading=f"{found}: снять с публикации", button="Снять с публикации", back=found,
        done="Снято с публикации: посетители продукта больше не видят.",
        words="Страница продукта сразу перестанет открываться у посетителей. Опубликовать его снова можно в любой день.")


def decided(form, verb):
    """A decision about a text that changed meanwhile becomes a sentence; the next try is about the new one."""
    try:
        return verb(form.cleaned_data)
    except StaleVersion as error:
        form.data = form.data.copy()
        form.data["version"] = error.current.version
        raise TransitionNotAllowed(str(error)) from error


# Authors

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_author_new(request, pk):
    found = find_product(request, pk)
    require(request.user, WRITE, found)
    form = forms.AuthorForm(request.POST or None, product=found, whole_town=may(request.user, "accounts.suggest_people"), user=request.user)

    def add():
        verbs.add_author(found, by=request.user, person=form.cleaned_data["person"], name=form.cleaned_data["name"])
        return f"{found.get_absolute_url()}#authors"

    return ask(request, form, lambda: once(request.user, "product_author_new", form.cleaned_data["key"], add),
               heading=f"{found}: автор", button="Добавить автора", back=found, done="Автор добавлен.")


def find_author(request, pk):
    return find_part(request, ProductAuthor.objects.belonging_to(request.user), pk)


def find_part(request, parts, pk):
    """An author or a file of a product this person may change; 404 for what one may not see."""
    part = get_object_or_404(parts.select_related("product__institution", "product__project"), pk=pk)
    require(request.user, WRITE, part.product)
    return part


@policy(SIGNED_IN)
@require_POST
def product_author_move(request, pk):
    return moved(request, find_author(request, pk), "#authors")


@policy(SIGNED_IN)
@require_POST
def product_author_remove(request, pk):
    return removed(request, find_author(request, pk), "removed_author", "#authors")


@policy(SIGNED_IN)
@require_POST
def product_author_return(request, pk):
    return returned(request, find_author(request, pk), "Автор снова в списке.", "#authors")


# Files

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def product_file_add(request, pk):
    found = find_product(request, pk)
    require(request.user, WRITE, found)
    form = forms.FilesForm(request.POST or None, request.FILES or None)

    def add():
        verbs.add_files(found, form.cleaned_data["files"], by=request.user)
        return f"{found.get_absolute_url()}#files"

    if request.method == "POST":
        made = attempt(form, lambda: once(request.user, "product_file_add", form.cleaned_data["key"], add))
        if made:
            messages.success(request, "Файлы добавлены.")
            return redirect(made)
    return render(request, "portfolios/product_files.html", {"product": found, "form": form},
                  status=422 if form.errors else 200)


@policy(SIGNED_IN)
@require_safe
def product_file(request, pk):
    """The file, to whoever may see its product."""
    row = get_object_or_404(ProductFile.objects.visible_to(request.user).select_related("file", "product"), pk=pk)
    if not MethodProduct.objects.belonging_to(request.user).filter(pk=row.product_id).exists():
        raise Http404
    return send_file(row.file)


def find_file(request, pk):
    return find_part(request, ProductFile.objects.belonging_to(request.user).select_related("file"), pk)


@policy(SIGNED_IN)
@require_POST
def product_file_move(request, pk):
    return moved(request, find_file(request, pk), "#files")


@policy(SIGNED_IN)
@require_POST
def product_file_remove(request, pk):
    return removed(request, find_file(request, pk), "removed_file", "#files")


@policy(SIGNED_IN)
@require_POST
def product_file_return(request, pk):
    return returned(request, find_file(request, pk), "Файл снова в списке.", "#files")


# Both alike

def moved(request, part, anchor):
    up = "up" in request.POST
    attempt_with_message(request, lambda: verbs.move_part(part, by=request.user, up=up), f"{part}: {'выше' if up else 'ниже'}.")
    return redirect(f"{part.product.get_absolute_url()}{anchor}")


def removed(request, part, name, anchor):
    """Taken off without a question; the page offers to put it back."""
    address = part.product.get_absolute_url()
    done = attempt_with_message(request, lambda: verbs.remove_part(part, by=request.user), f"Убрано: {part}.")
    return redirect(f"{address}?{name}={part.pk}" if done else f"{address}{anchor}")


def returned(request, part, done, anchor):
    attempt_with_message(request, lambda: verbs.return_part(part, by=request.user), done)
    return redirect(f"{part.product.get_absolute_url()}{anchor}")
