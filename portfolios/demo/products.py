"""Demonstration products of Кленовск: in every state, with files made here, names of authors with and without consent."""
import io
from datetime import timedelta

import docx
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from projectoffice.accounts.models import User
from projectoffice.common.sheets import write_xlsx

from ..models import MethodProduct, Project
from ..services import product as verbs

Kind, State = MethodProduct.Kind, MethodProduct.State
# Title, kind, annotation, files, link.
PRODUCTS = [
    ("Пара роста: рабочая тетрадь наставника", Kind.GUIDELINES,
     "Двенадцать встреч наставника и молодого учителя: о чём говорить, что посмотреть на уроке, как договориться о следующем шаге. "
     "К каждой встрече есть вопросы и место для записей обоих.", ("docx", "xlsx"), ""),
    ("Разговор после урока", Kind.TOOL,
     "Карточки для разбора открытого занятия: что увидел гость, что удивило ученика, что учитель попробует завтра. "
     "Помогают говорить о деле и не обижать коллегу.", ("png", "docx"), ""),
    ("Инженерная суббота: двенадцать заданий для семьи", Kind.COLLECTION,
     "Задания на час из бумаги, картона и верёвки: мост, подъёмник, водяное колесо. Для учеников начальной школы и их родителей.",
     ("docx", "png"), ""),
    ("Сценарий праздника первого прочитанного рассказа", Kind.SCENARIO,
     "Праздник для первоклассников, которые прочитали первый рассказ целиком. Роли, реквизит из класса, работа на сорок минут.", ("docx",), ""),
    ("Лаборатория во дворе: программа кружка", Kind.PROGRAMME,
     "Тридцать четыре занятия под открытым небом: почва, вода, тень, звук. Приборы делают сами ученики. Есть план на год и список опытов.",
     ("docx", "xlsx"), ""),
    ("Читательский дневник, который хочется вести", Kind.TOOL,
     "Шаблон дневника на учебный год: обложка героя, карта событий, вопрос автору. Проверен в седьмых классах.", ("docx",), ""),
    ("Как собрать команду завучей", Kind.GUIDELINES,
     "Опыт трёх школ: с чего начать, как распределить роли, какие встречи отменить. С примерами повесток и протоколов.", ("docx",), ""),
    ("Родительский час: семь встреч без нравоучений", Kind.SCENARIO,
     "Сценарии встреч с родителями о телефоне, ссорах, домашнем задании и каникулах. Каждая занимает час и кончается одним решением.",
     ("docx",), "https://example.org/roditelskiy-chas"),
    ("Воспитатель и логопед: общий план на неделю", Kind.TOOL,
     "Таблица, в которой двое планируют вместе: звук недели, игры в группе, задания домой. Заполненный пример внутри.", ("xlsx",), ""),
    ("Сад без конфликтов: карточки чувств", Kind.COLLECTION,
     "Двадцать карточек для детей пяти–семи лет и памятка для взрослых, как говорить о ссоре по горячим следам.", ("png",), ""),
    ("Математика руками: мастерская измерений", Kind.PROGRAMME,
     "Цикл занятий, на которых длину, площадь и объём меряют шагами, ладонями и вёдрами, а потом сравнивают с формулами.", ("docx",), ""),
    ("Школьный радиоузел: с чего начать", Kind.GUIDELINES,
     "Какое оборудование нужно, как распределить роли, как писать новости на три минуты. Примеры выпусков – по ссылке.",
     (), "https://example.org/radio"),
    ("Тьюторская карта ученика", Kind.TOOL,
     "Одна страница, на которой видны цели ученика, трудности и те, кто помогает. Как заполнять вместе с учеником.", ("docx",), ""),
    ("Экскурсия по одному кварталу", Kind.SCENARIO,
     "Маршрут, который готовят и ведут сами ученики: десять домов, десять рассказов, вопросы прохожим.", ("docx", "png"), ""),
    ("Понятный урок: правила простого языка", Kind.GUIDELINES,
     "Как объяснить задание так, чтобы его понял каждый: короткие фразы, примеры, рисунки. Для учителей всех предметов.", ("docx",), ""),
    ("Теплица круглый год: журнал наблюдений", Kind.TOOL,
     "Таблица для измерений температуры, влажности и роста, с готовыми графиками. Подходит и для подоконника.", ("xlsx",), ""),
    ("Уроки по страницам А.С. Пушкина для сельской школы", Kind.COLLECTION,
     "Десять уроков чтения, на которых сказки и стихи читают вслух, рисуют и спорят о них.", ("docx",), ""),
    ("Профессии нашего города: интервью с мастером", Kind.MEDIA,
     "Видеоуроки, снятые учениками на предприятиях города, и вопросы к каждому.", (), "https://example.org/professii"),
    ("Первый год в школе: вопросы молодого учителя", Kind.COLLECTION,
     "Сорок вопросов, которые стесняются задать, и короткие ответы коллег.", ("docx",), ""),
    ("Двор, который мы построили: как вести переговоры", Kind.GUIDELINES,
     "Как ученикам договориться с жителями, управляющей компанией и администрацией о скамейках и деревьях.", ("docx",), ""),
    ("Открытый урок – открытый разговор: регламент встречи", Kind.TOOL,
     "Порядок встречи на девяносто минут и роли гостей.", ("docx",), ""),
    ("Юный метеоролог: станция на крыше", Kind.PROGRAMME, "Занятия для пятых классов: приборы, наблюдения, прогноз на завтра.", ("docx",), ""),
    ("Совет отцов: первая встреча", Kind.SCENARIO, "", (), ""),
    ("Робот и я: паспорт занятия", Kind.OTHER, "Черновик описания трёх занятий по робототехнике.", (), ""),
    ("Речка, мост, улица: фотоальбом", Kind.MEDIA, "Фотографии города, подписанные учениками.", ("png",), ""),
]
# What became of each, in turn; the rest are published.
FATES = {18: State.SUBMITTED, 19: State.SUBMITTED, 20: State.RETURNED, 21: State.RETURNED, 22: State.DRAFT, 23: State.DRAFT, 24: State.WITHDRAWN}
REMARK = "Добавьте в аннотацию, для каких классов материал и сколько занимает времени. В файле подпишите рисунки."
REASON = "Автор просит заменить фотографии, на которых видны лица учеников."


def create():
    """Products of this year's and last year's projects; expects the people, projects and portfolios of the demonstration."""
    secretary, writer = User.objects.get(username="sekretar"), User.objects.get(username="shkola12")
    projects = list(Project.objects.exclude(status=Project.Status.PREPARING).exclude(head=None).order_by("pk")
                    .prefetch_related("institutions__institution").select_related("head")[:len(PRODUCTS) * 3])
    own = [project for project in projects if project.head == writer]
    for place, row in enumerate(PRODUCTS):
        # The school's own work is in every state, so that its login has something to do.
        mine = place in (0, 5, 18, 20, 22)
        project = own[0] if mine and own else projects[place * 3 % len(projects)]
        lead_to(FATES.get(place, State.PUBLISHED), one(row, place, project, writer if mine else secretary), secretary)
    spread_over_the_years(list(MethodProduct.objects.published().order_by("-pk")))


def one(row, place, project, by):
    title, kind, annotation, files, link = row
    institution = by.current_post.institution if by.username == "shkola12" else project.lead
    product = verbs.create_product(by=by, title=title, kind=kind, annotation=annotation, institution=institution,
                                   project=project if place % 5 != 3 else None, year=timezone.localdate().year - place % 3, link=link)
    if place != 22:
        verbs.add_author(product, by=by, person=project.head)
    if place % 4 == 1:
        verbs.add_author(product, by=by, name="Соколова М.А.")
    if files:
        verbs.add_files(product, [MAKERS[ending](title, annotation) for ending in files], by=by)
    product.refresh_from_db()
    return product


def lead_to(state, product, secretary):
    if state == State.DRAFT:
        return
    product = verbs.submit_product(product, by=secretary)
    if state == State.RETURNED:
        verbs.return_product(product, by=secretary, version=product.version, remark=REMARK)
    elif state in (State.PUBLISHED, State.WITHDRAWN):
        product = verbs.publish_product(product, by=secretary, version=product.version)
    if state == State.WITHDRAWN:
        verbs.withdraw_product(product, by=secretary, version=product.version, reason=REASON)


def spread_over_the_years(products):
    """Published one by one over two years, and not all on the day of the demonstration."""
    for place, product in enumerate(products):
        product.published_at = timezone.now() - timedelta(days=7 + 31 * place)
        product.year = min(product.year, timezone.localtime(product.published_at).year)  # made no later than it was published
    MethodProduct.objects.bulk_update(products, ["published_at", "year"])


# Files made here: nothing of them is taken from elsewhere.

def short(title):
    return title.partition(":")[0]


def word_file(title, annotation):
    document, out = docx.Document(), io.BytesIO()
    document.add_heading(title, 1)
    document.add_paragraph(annotation)
    for number, words in enumerate(("С чего начать", "Как это проходит", "Что может пойти не так", "Как понять, что получилось"), start=1):
        document.add_heading(f"{number}. {words}", 2)
        document.add_paragraph("Здесь авторы описывают свой опыт: что сделали, что увидели, что изменили бы в следующий раз.")
    document.save(out)
    return ContentFile(out.getvalue(), f"{short(title)}.docx")


def sheet_file(title, annotation):
    rows = [[f"Неделя {number}", "", "", ""] for number in range(1, 13)]
    return ContentFile(write_xlsx(["Когда", "Что делаем", "Кто отвечает", "Что получилось"], rows), f"{short(title)} – таблица.xlsx")


def picture_file(title, annotation):
    picture, out = Image.new("RGB", (800, 600), "#E6EEF7"), io.BytesIO()
    drawing = ImageDraw.Draw(picture)
    for place in range(6):
        left, top = 60 + place % 3 * 240, 70 + place // 3 * 250
        drawing.rounded_rectangle((left, top, left + 200, top + 200), radius=16, fill="white", outline="#1F4F8B", width=3)
        drawing.ellipse((left + 60, top + 60, left + 140, top + 140), fill=("#3B8A5A", "#B9791A", "#3F73B3")[place % 3])
    picture.save(out, "PNG")
    return ContentFile(out.getvalue(), f"{short(title)} – карточки.png")


MAKERS = {"docx": word_file, "xlsx": sheet_file, "png": picture_file}
