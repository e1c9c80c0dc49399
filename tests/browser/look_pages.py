"""Pages that exist only in tests: each component once, with a small memory on the server's side."""
from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from projectoffice.common.policy import PUBLIC, policy
from tests.common.test_look import SNAPSHOT

server = {}


class Report(forms.Form):
    text = forms.CharField(label="Что сделано", widget=forms.Textarea)
    due = forms.DateField(label="Срок", required=False)


class Scan(forms.Form):
    file = forms.FileField(label="Скан подписанного листа")


def show(request, source, **context):
    return HttpResponse(engines["django"].from_string(source).render({"snapshot": SNAPSHOT, **context}, request))


def page_of(source):
    return policy(PUBLIC)(lambda request: show(request, source))


SHEET = """{% extends "base.html" %}{% block title %}План{% endblock %}{% block h1 %}План заседаний на 2027 год{% endblock %}
{% block page_width %}page-1320{% endblock %}{% block title_row_class %}title-row-sticky{% endblock %}
{% block badge %}{% badge "neutral" "Черновик" %}{% endblock %}
{% block actions %}<button class="btn btn-primary" type="button">Направить на согласование</button>
<details class="menu"><summary class="btn btn-outline-secondary">Ещё</summary><div class="menu-panel"><ul>
<li><a href="?word">Скачать Word</a></li></ul></div></details>{% endblock %}
{% block content %}<div class="with-aside">{% include "components/_paper_table.html" %}
<aside class="aside"><details open data-fold><summary>Замечания: 1</summary>
<ul class="remarks"><li><p>Строка 3: номер 2 уже есть выше.</p></li></ul></details></aside></div>{% endblock %}"""

REGISTER = """{% extends "base.html" %}{% block title %}Реестр{% endblock %}{% block h1 %}Реестр документов{% endblock %}
{% block page_width %}page-1200{% endblock %}{% block content %}
<table class="work-table"><caption class="visually-hidden">Документы</caption>
<thead><tr>{% sort_head "Документ" "title" %}<th scope="col">Состояние</th><th scope="col" class="num">Страниц</th></tr></thead>
<tbody><tr class="edge-alert"><th scope="row" class="name"><a href="#">План заседаний на 2027 год</a></th>
<td>{% badge "alert" "Возвращён" %}</td><td class="num" data-label="Страниц">12</td></tr>
<tr><th scope="row" class="name"><a href="#">Протокол № 3</a></th><td>{% badge "done" "Подписан" %}</td>
<td class="num none" data-label="Страниц">–</td></tr></tbody></table>
{% include "components/_pager.html" with shown=2 total=12500 next_url="?page=2" %}
{% include "components/_empty.html" with word="Больше ничего нет." %}{% endblock %}"""

REPORT = """{% extends "base.html" %}{% load static %}{% block title %}Отчёт{% endblock %}{% block h1 %}Отчёт{% endblock %}
{% block grey_line %}<span class="save-state" data-save-state></span>{% endblock %}
{% block content %}<form class="block" method="post" data-autosave="/report/save/" data-autosave-key="report:1">{% csrf_token %}
<input type="hidden" name="version" value="{{ version }}">{% field form.text %}{% field form.due %}<button type="submit">Дальше</button></form>{% endblock %}
{% block scripts %}<script src="{% static 'js/autosave.js' %}" nonce="{{ csp_nonce }}" defer></script>{% endblock %}"""

UPLOAD = """{% extends "base.html" %}{% load static %}{% block title %}Скан{% endblock %}{% block h1 %}Скан{% endblock %}
{% block content %}<form class="block" method="post" enctype="multipart/form-data" data-upload data-max-bytes="1000">{% csrf_token %}
{% form_errors %}{% include "components/_upload.html" with field=form.file hint="PDF до 1 КБ." %}</form>{% endblock %}
{% block scripts %}<script src="{% static 'js/upload.js' %}" nonce="{{ csp_nonce }}" defer></script>{% endblock %}"""


ROW = """{% extends "base.html" %}{% block title %}Строка{% endblock %}{% block h1 %}Строка{% endblock %}
{% block grey_line %}<span class="save-state" data-save-state></span>{% endblock %}
{% block content %}<form class="block" hx-post="/row/save/" hx-trigger="change" hx-target="#answer" data-saves="row:1">{% csrf_token %}
<label for="topic">Тема</label><input class="form-control" id="topic" name="topic"></form><div id="answer"></div>{% endblock %}"""


@policy(PUBLIC)
def row_save(request):
    """Saves, refuses with a fragment, or falls over, as the text says."""
    topic = request.POST["topic"]
    if topic == "сбой":
        return HttpResponse("Traceback", status=500)
    if topic == "":
        return HttpResponse("Впишите тему или удалите строку.", status=422)
    server["row"] = topic
    return HttpResponse("ок")


@policy(PUBLIC)
def report(request):
    kept = server.setdefault("report", {"text": "", "due": "", "version": 1})
    if request.method == "POST":
        server["pressed"] = request.POST.dict()
    return show(request, REPORT, form=Report(initial=kept), version=kept["version"])


@policy(PUBLIC)
def report_save(request):
    kept = server["report"]
    if request.POST["version"] != str(kept["version"]):
        return JsonResponse({"version": kept["version"], "values": {"text": [kept["text"]]}}, status=409)
    form = Report(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    kept.update(text=form.cleaned_data["text"], version=kept["version"] + 1)
    return JsonResponse({"version": kept["version"]})


@policy(PUBLIC)
def upload(request):
    form = Scan(request.POST or None, request.FILES or None)
    if form.is_valid():
        if form.cleaned_data["file"].read().startswith(b"%PDF"):
            server["scan"] = form.cleaned_data["file"].name
            messages.success(request, "Скан загружен.")
            return redirect("/register/")
        form.add_error("file", "Это не PDF. Сохраните скан в формате PDF и загрузите снова.")
    return show(request, UPLOAD, form=form)


urlpatterns = [
    path("", page_of(REGISTER), name="home"),
    path("sheet/", page_of(SHEET)),
    path("register/", page_of(REGISTER)),
    path("row/", page_of(ROW)),
    path("row/save/", row_save),
    path("report/", report),
    path("report/save/", report_save),
    path("upload/", upload),
    path("", include("projectoffice.common.urls")),
]
