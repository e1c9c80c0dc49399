"""The start page of each person and the front page of a visitor."""
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from meetings.services.assignment_work import report_done, return_report
from portfolios.models import Milestone, ProjectInstitution
from portfolios.services.passport import save_step, start_passport
from portfolios.services.report import return_report as send_back
from portfolios.services.report import submit_report
from projectoffice.accounts.models import OfficeProfile, User
from projectoffice.common.history import record
from projectoffice.common.models import Event
from projectoffice.common.russian import moment_short, term_words
from projectoffice.common.waiting import Sources, Waiting
from projectoffice.documents.distribution import Addressee
from projectoffice.documents.services.distribution import distribute
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import return_document, send
from tests.canary import Canaries
from tests.contests.things import EntryFactory, announced
from tests.documents.paper import make_paper
from tests.factories import AssignmentFactory, InstitutionFactory, PostFactory, StampFactory, UserFactory
from tests.portfolios.things import (
    PortfolioFactory,
    filled_passport,
    in_force,
    led_by,
    report_of,
    shown,
    submitted_product,
    with_editor,
    written,
)
from tests.portfolios.things import sent as sent_report

BACKEND = "projectoffice.accounts.backends.LoginOrEmailBackend"
DAY = timedelta(days=1)
MOST = 30  # questions of the page: a handful for the person, then one or two for each source of four apps


def today():
    return timezone.localdate()


def with_point(project, days, name="Первый показ"):
    """A filled passport whose one point is so many days ahead, in a project that goes on around today."""
    project.start, project.end = today() - 100 * DAY, today() + 200 * DAY
    passport = filled_passport(project)
    project.stages.update(start=project.start, end=project.end)
    Milestone.objects.filter(project=project).update(due=today() + days * DAY, name=name)
    return passport


@pytest.fixture
def open_as(client):
    def open_as(person):
        client.force_login(person, backend=BACKEND)
        return client.get(reverse("home")).content.decode()

    return open_as


@pytest.fixture
def page_as(open_as):
    def page_as(person):
        return html.fromstring(open_as(person))

    return page_as


def words(node):
    return " ".join(" ".join(node.itertext()).split())


def having(page, *classes):
    """Elements of these classes, each given as of its own: ``having(page, "row-action", "btn")`` are buttons in actions."""
    path = "".join(f'//*[contains(concat(" ", @class, " "), " {name} ")]' for name in classes)
    return page.xpath(f"//main{path}")


def section(page, title):
    """The rows of a section, each as one text; None when the page has no such section."""
    for each in page.iter("section"):
        heading = each.find(".//h2")
        if heading is not None and words(heading).startswith(title):
            return [words(row) for row in each.xpath('.//ul[contains(@class, "rows")]/li')]
    return None


def h1(page):
    return words(page.find(".//h1"))


@pytest.fixture
def waits(monkeypatch):
    """Rows of the list as a source outside the apps would give them."""
    from projectoffice.common import waiting

    def waits(*rows):
        source = Sources()
        source(lambda user: rows)
        monkeypatch.setattr(waiting, "contributes", source)

    return waits


def row(what="Отчёт", **fields):
    return Waiting(**{"what": what, "whose": "", "url": f"/{what}/", "action": "Открыть", **fields})


class TestTheList:
    def test_a_signer_finds_what_waits_and_the_office_what_is_out_on_paper(self, cast, open_as):
        document = make_paper(cast.secretary)
        StampFactory(document=document, signer=cast.office_head, method="electronic")
        send(document, by=cast.secretary)
        on_paper = make_paper(cast.secretary, title="Порядок смотра")
        StampFactory(document=on_paper, signer=cast.office_head, method="ink")
        send(on_paper, by=cast.secretary)
        assert "Прочитать и утвердить" in open_as(cast.office_head)
        assert "Отметить подписанное" in open_as(cast.secretary)
        assert "Сейчас ничего не требуется" in open_as(cast.stranger)

    def test_a_returned_draft_shows_its_author_the_remark_and_whose_it_is(self, cast, page_as):
        document = make_paper(cast.secretary, title="Порядок")
        stamp = StampFactory(document=document, signer=cast.office_head, method="electronic")
        shown = send(document, by=cast.secretary).current_sheet.content_hash
        assert "Исправить" not in words(page_as(cast.secretary))
        return_document(stamp, by=cast.office_head, shown_hash=shown, reason="Уточните срок")
        (told,) = section(page_as(cast.secretary), "Впереди")
        assert "«Уточните срок»" in told and f"{today():%d.%m.%Y}" in told and told.endswith("Исправить : Порядок, редакция 1")

    def test_the_button_of_the_top_row_alone_is_filled(self, cast, page_as, waits):
        waits(row("поздний", due=today() + DAY), row("закрытый", due=today() - 9 * DAY, closed="Приём закончился."),
              row("ранний", due=today() - DAY))
        page = page_as(cast.member_of_school_a)
        assert [each.get("href") for each in having(page, "btn-primary")] == ["/ранний/"]
        assert len(having(page, "row-action", "btn")) == 2

    def test_what_is_late_stands_apart_from_what_is_to_come(self, cast, page_as, waits):
        waits(row("раз", due=today() - DAY), row("два", due=today()), row("три"))
        page = page_as(cast.member_of_school_a)
        assert [words(each) for each in page.xpath("//main//section//h2")][:2] == ["Просрочено: 1", "Впереди: 2"]

    def test_after_a_closed_term_the_row_stays_without_its_button_and_says_whom_to_call(self, cast, page_as, waits):
        OfficeProfile.objects.update_or_create(pk=1, defaults={"city": "", "department": "", "phone": "12-34-56"})
        waits(row(due=today() - DAY, closed="Приём закончился 1 июня в 18:00. Черновик сохранён."))
        page = page_as(cast.member_of_school_a)
        (told,) = section(page, "Просрочено")
        assert "Черновик сохранён. Если нужно, позвоните в офис: 12-34-56" in told and "Приём закрыт" in told
        assert not having(page, "row-action", "btn")

    def test_a_row_says_its_institution_to_who_works_in_several_and_who_has_it_open(self, cast, page_as, waits):
        person = cast.member_of_school_a
        waits(row(whose="Проект «Река»", place="Школа № 7", busy="Громова Е.В.", note="Внесено Проектным офисом по вашему письму."))
        (told,) = section(page_as(person), "Впереди")
        assert "Школа № 7" not in told and "Сейчас заполняет: Громова Е.В." in told and "по вашему письму" in told
        PostFactory(person=person, title="учитель", institution=InstitutionFactory())
        assert "Проект «Река» · Школа № 7" in section(page_as(person), "Впереди")[0]

    def test_a_colleague_who_writes_just_now_is_named_and_an_hour_later_not(self, cast, page_as):
        head, colleague = cast.member_of_school_a, UserFactory(surname="Лапина", given_name="Вера", patronymic="Ильинична")
        project = led_by(head.institutions[0], head=head)
        with_editor(project, colleague)
        passport = start_passport(project, by=head)
        save_step(passport, {"goal": "Учить."}, {}, by=colleague)
        assert "Сейчас заполняет: Лапина В.И." in section(page_as(head), "Впереди")[0]
        assert "Сейчас заполняет" not in section(page_as(colleague), "Впереди")[0]
        last = Event.objects.order_by("-pk").first()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE common_event SET moment = moment - interval '1 hour' WHERE id = %s", [last.pk])
        assert "Сейчас заполняет" not in section(page_as(head), "Впереди")[0]

    def test_a_passport_leads_to_the_first_step_that_is_empty(self, cast, page_as):
        head = cast.member_of_school_a
        project = led_by(head.institutions[0], head=head, title="Река")
        passport = start_passport(project, by=head)
        save_step(passport, {"problem": [{"text": "Беда", "level": 0, "marker": "paragraph"}], "audience": "Все."}, {}, by=head)
        page = page_as(head)
        assert "Проект «Река» · заполнено 1 из 6" in section(page, "Впереди")[0]
        assert having(page, "row-action", "btn")[0].get("href") == reverse("portfolios:passport_step", args=[project.pk, "goal"]) + "#id_goal"

    def test_two_projects_of_one_name_are_told_apart_by_their_years(self, cast, page_as):
        head = cast.member_of_school_a
        led_by(head.institutions[0], head=head, title="Река")
        led_by(head.institutions[0], head=head, title="Река", start="2025-09-01", end="2026-05-31")
        told = " ".join(section(page_as(head), "Впереди"))
        assert "01.09.2026–31.05.2027" in told and "01.09.2025–31.05.2026" in told


class TestReports:
    @pytest.fixture
    def head(self, cast):
        return cast.member_of_school_a

    @pytest.fixture
    def report(self, head):
        project = led_by(head.institutions[0], head=head, title="Река")
        project.indicators.create(position=1, name="Участники", target=10)
        return report_of(project)

    def link(self, page):
        return having(page, "row-action", "btn")[0].get("href")

    def row_of(self, page, title="Впереди"):
        return next(told for told in section(page, title) if told.startswith("Отчёт"))

    def test_a_report_says_how_much_is_filled_and_leads_to_the_first_empty_field(self, head, report, page_as):
        page = page_as(head)
        assert "Проект «Река» · заполнено 0 из 3" in self.row_of(page) and "Не начат" in self.row_of(page)
        assert self.link(page) == f"{report.get_absolute_url()}#id_course_0"
        report.course, report.done = "on_track", "Всё."
        report.save()
        page = page_as(head)
        assert "заполнено 2 из 3" in self.row_of(page) and self.link(page) == f"{report.get_absolute_url()}#indicators"
        report.course = "lagging"
        report.save()
        assert "заполнено 2 из 4" in self.row_of(page_as(head))

    def test_a_returned_report_shows_the_remark_its_author_and_the_new_date(self, cast, head, report, page_as):
        report = sent_report(report, by=head)
        later = timezone.now() + 12 * DAY
        send_back(report, by=cast.secretary, number=1, remark="Укажите исходное значение.\nИ цель.\nИ единицу.", due_at=later)
        told = self.row_of(page_as(head))
        assert "«Укажите исходное значение. И цель. …»" in told and "Сорокина" in told and term_words(later).replace("\xa0", " ") in told
        assert "Возвращён" in told and self.link(page_as(head)) == report.get_absolute_url()

    def test_a_sent_report_stands_with_its_hour_state_and_the_copy_with_its_mark(self, cast, head, report, page_as, client):
        colleague = PostFactory(person=UserFactory(), institution=head.institutions[0], title="учитель").person
        report = sent_report(report, by=head)
        for person in (head, colleague):
            page = page_as(person)
            (told,) = section(page, "Уже отправлено")
            assert "На проверке" in told and moment_short(report.submitted_at) in told and "Скачать с отметкой" in told
            (file,) = having(page, "row-link")[0].xpath("./a/@href")
            assert client.get(file)["Content-Type"] == "application/pdf"
        assert section(page_as(cast.member_of_school_b), "Уже отправлено") is None

    def test_what_the_office_entered_for_the_team_says_so(self, cast, head, report, page_as):
        written(report)
        submit_report(report, by=cast.secretary, shown=shown(report), source="письмо № 5", source_date=today())
        words_of_it = f"Внесено Проектным офисом: письмо № 5, {today():%d.%m.%Y}"
        assert words_of_it in section(page_as(head), "Уже отправлено")[0]
        send_back(report, by=cast.secretary, number=1, remark="Мало", due_at=timezone.now() + DAY)
        assert f"{words_of_it}. Проверьте" in self.row_of(page_as(head))

    def test_a_closed_term_leaves_the_row_for_a_month_without_its_button(self, head, report, page_as):
        type(report.period).objects.update(accepts_late=False)
        type(report).objects.update(due_at=timezone.now() - 3 * DAY)
        page = page_as(head)
        assert "Приём закончился" in self.row_of(page, "Просрочено") and "Черновик сохранён" in self.row_of(page, "Просрочено")
        assert report.get_absolute_url() not in self.link(page)
        type(report).objects.update(due_at=timezone.now() - 31 * DAY)
        assert section(page_as(head), "Просрочено") is None
        type(report.period).objects.update(accepts_late=True)
        assert "Просрочен на 31 день" in self.row_of(page_as(head), "Просрочено")


class TestWhosePage:
    def test_the_title_is_the_institutions_and_for_the_office_the_number_of_things(self, cast, page_as):
        person = cast.member_of_school_a
        school = person.institutions[0]
        assert h1(page_as(person)) == f"Школа № {school.number}: что нужно сделать"
        PostFactory(person=person, title="учитель", institution=InstitutionFactory(kind="Лицей", number=4, legal_form="МАОУ"))
        assert h1(page_as(person)) in (f"Школа № {school.number} и Лицей № 4: что нужно сделать",
                                       f"Лицей № 4 и Школа № {school.number}: что нужно сделать")
        PostFactory(person=person, title="учитель", institution=InstitutionFactory())
        assert h1(page_as(person)) == "Ваши учреждения: что нужно сделать"
        assert h1(page_as(cast.secretary)) == h1(page_as(cast.stranger)) == "Мои дела"

    def test_who_works_in_the_office_and_in_a_school_has_one_page_with_both(self, cast, page_as):
        PostFactory(person=cast.secretary, title="учитель", institution=InstitutionFactory())
        led_by(cast.secretary.institutions[0], title="Своё дело")
        page = page_as(cast.secretary)
        assert h1(page) == "Мои дела" and section(page, "Наши проекты") and "Справочники и списки" in words(page)

    def test_the_words_of_the_first_visit_go_for_good_with_the_button(self, cast, open_as, client):
        person = cast.member_of_school_a
        assert "Здесь собрано всё" in open_as(person)
        assert client.post(reverse("start_read")).status_code == 302
        assert "Здесь собрано всё" not in open_as(person)
        client.logout()
        assert "Здесь собрано всё" not in open_as(User.objects.get(pk=person.pk))
        assert "Здесь собрано всё" in open_as(cast.member_of_school_b)
        assert "Здесь собрано всё" not in open_as(cast.secretary)

    def test_the_phone_stands_in_the_first_lines_and_below(self, cast, page_as):
        OfficeProfile.objects.update_or_create(pk=1, defaults={"city": "", "department": "", "phone": "12-34-56", "hours": "9–17"})
        page = page_as(cast.member_of_school_a)
        assert "12-34-56" in words(having(page, "title-line")[0])
        assert words(page.xpath("//main")[0]).endswith("Проектный офис: 12-34-56 , 9–17")


class TestBelowTheList:
    def test_the_institutions_projects_stand_with_their_state_and_next_date(self, cast, page_as):
        head = cast.member_of_school_a
        in_force(with_point(led_by(head.institutions[0], head=head, title="Река"), 40), cast.secretary)
        colleague = PostFactory(person=UserFactory(), institution=head.institutions[0], title="учитель").person
        for person in (head, colleague):
            (told,) = section(page_as(person), "Наши проекты")
            assert told.startswith("Река") and "Реализуется" in told and "«Первый показ» – до" in told
        assert section(page_as(cast.member_of_school_b), "Наши проекты") is None

    def test_a_point_of_a_passport_being_changed_is_told_as_it_is_in_force(self, cast, page_as):
        head = cast.member_of_school_a
        passport = with_point(led_by(head.institutions[0], head=head), 40)
        colleague = PostFactory(person=UserFactory(), institution=head.institutions[0], title="учитель").person
        assert "Первый показ" not in section(page_as(head), "Наши проекты")[0]
        revise(in_force(passport, cast.secretary).document, by=cast.secretary, basis="приказ", basis_date=today())
        Milestone.objects.update(name="Другой показ", due=today() + 60 * DAY)
        for person in (colleague, head):
            (told,) = section(page_as(person), "Наши проекты")
            assert f"«Первый показ» – до {term_words(today() + 40 * DAY)}".replace("\xa0", " ") in told.replace("\xa0", " ") and "Другой" not in told

    def test_papers_sent_to_the_mailbox_of_the_school_come_first(self, cast, page_as):
        person = cast.member_of_school_a
        school = person.institutions[0]
        school.email = "school@klenovsk.example"
        school.save()
        ours = send(make_paper(cast.secretary, title="Выписка для школ"), by=cast.secretary)
        for place in range(7):
            send(make_paper(cast.secretary, title=f"Порядок {place}"), by=cast.secretary)
        assert not any("Выписка для школ" in told for told in section(page_as(person), "Документы для нас"))
        distribute(ours, [Addressee(school.email, str(school), "учреждение")], by=cast.secretary, formats=["pdf"], key="k")
        assert section(page_as(person), "Документы для нас")[0].startswith("Выписка для школ")
        assert not section(page_as(cast.member_of_school_b), "Документы для нас")[0].startswith("Выписка для школ")

    def test_what_was_sent_stands_with_its_hour_and_state(self, cast, page_as):
        person, controller = cast.member_of_school_a, UserFactory()
        one = AssignmentFactory(executor=person, controller=controller, text="Собрать отчёты", due_end=today() + 9 * DAY)
        assert section(page_as(person), "Уже отправлено") is None
        report = report_done(one, by=person, text="Вот.", done_on=today())
        (told,) = section(page_as(person), "Уже отправлено")
        assert told == f"Отчёт об исполнении Собрать отчёты На проверке {moment_short(report.at)}"
        return_report(one, by=controller, report=report, reason="Мало")
        assert section(page_as(person), "Уже отправлено") is None
        assert "«Мало»" in section(page_as(person), "Впереди")[0]
        assert section(page_as(cast.member_of_school_b), "Уже отправлено") is None

    def test_a_passport_on_its_way_stands_with_its_hour_and_whom_it_waits_for(self, cast, page_as):
        head, signer = cast.member_of_school_a, UserFactory(surname="Лапина", given_name="Вера", patronymic="Ильинична")
        passport = filled_passport(led_by(head.institutions[0], head=head, title="Река"), by=head, approver=signer)
        colleague = UserFactory()
        PostFactory(person=colleague, title="учитель", institution=head.institutions[0])
        document = send(passport.document, by=head)
        page = page_as(head)
        (told,) = section(page, "Уже отправлено")
        assert told == f"Паспорт проекта Проект «Река» Ждём: Лапина В.И. На утверждении {moment_short(document.sent_at)}"
        assert section(page, "Впереди") is None
        for other in (colleague, cast.member_of_school_b):
            assert section(page_as(other), "Уже отправлено") is None
        record_ink(document.stamps.get(), by=cast.secretary, signed_on=today())
        (told,) = section(page_as(head), "Уже отправлено")
        assert told.startswith("Паспорт проекта Проект «Река» Утверждён")

    def test_when_nothing_is_asked_the_nearest_date_is_told_or_how_one_will_learn(self, cast, open_as):
        head = cast.member_of_school_a
        assert "Когда офис откроет конкурс" in open_as(head)
        in_force(with_point(led_by(head.institutions[0], head=head, title="Река"), 40), cast.secretary)
        told = open_as(head)
        assert "Сейчас ничего не требуется." in told and "контрольная точка «Первый показ», проект «Река»." in told
        assert "Ближайший срок" not in open_as(cast.member_of_school_b)


class TestWhoLearnsNothing:
    def test_others_see_neither_drafts_nor_what_happened(self, cast, open_as, client):
        canaries = Canaries()
        make_paper(cast.secretary, title=canaries.plant("the title of a draft"))
        strict = send(make_paper(cast.secretary, kind="numbered_paper", title=canaries.plant("a strict paper")), by=cast.secretary)
        assert strict.state == "issued"
        for person in (cast.stranger, cast.member_of_school_a):
            assert canaries.scan(open_as(person).encode()) == set()
        client.logout()
        assert canaries.scan(client.get("/")) == set()
        assert canaries.scan(open_as(cast.secretary).encode()) == {"the title of a draft", "a strict paper"}

    def test_what_happened_in_contests_is_told_to_the_office_alone(self, cast, open_as):
        """Heads and administrators have a role too, and do not see the entries."""
        canaries = Canaries()
        entry = EntryFactory(title=canaries.plant("an entry"))
        record("create_entry", entry, f"Внесена заявка: {canaries.plant('a line of history')}", by=cast.secretary)
        for person in (cast.department_head, cast.administrator, cast.stranger):
            assert canaries.scan(open_as(person).encode()) == set()
        assert "a line of history" in canaries.scan(open_as(cast.secretary).encode())

    def test_one_school_finds_nothing_of_another(self, cast, open_as):
        canaries = Canaries()
        head = cast.member_of_school_a
        school = head.institutions[0]
        with_points = led_by(school, head=head, title=canaries.plant("a project"))
        in_force(with_point(with_points, 3, canaries.plant("a point")), cast.secretary)
        led_by(school, head=head, title=canaries.plant("a project without a passport"))
        draft = filled_passport(led_by(school, head=head, title=canaries.plant("a project with a draft")), by=head)
        stamp = StampFactory(document=draft.document, signer=cast.office_head, method="electronic", kind="agree", step=1)
        shown = send(draft.document, by=head).current_sheet.content_hash
        return_document(stamp, by=cast.office_head, shown_hash=shown, reason=canaries.plant("a remark"))
        assert canaries.scan(open_as(head).encode()) == set(canaries.places.values())
        for person in (cast.member_of_school_b, cast.stranger):
            assert canaries.scan(open_as(person).encode()) == set()


class TestTheFrontPage:
    def test_a_visitor_finds_what_was_published(self, cast, client):
        document = send(make_paper(cast.secretary, title="Положение о смотре"), by=cast.secretary)
        assert "Положение о смотре" not in client.get("/").content.decode()
        publish(document, by=cast.secretary)
        assert "Положение о смотре" in client.get("/").content.decode()


class TestCost:
    def cost(self, client):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        return len(asked)

    @pytest.mark.parametrize("person", ["secretary", "stranger"])
    def test_the_start_page_asks_as_much_for_many_papers_as_for_few(self, cast, client, person):
        client.force_login(getattr(cast, person), backend=BACKEND)

        def issue(count):
            for _ in range(count):
                send(make_paper(cast.secretary), by=cast.secretary)

        issue(3)
        few = self.cost(client)
        issue(6)
        assert self.cost(client) <= few <= MOST

    def test_a_team_with_much_to_do_costs_as_much_as_one_with_little(self, cast, client):
        head = cast.member_of_school_a
        school, portfolio = head.institutions[0], PortfolioFactory()
        PostFactory(person=head, title="учитель", institution=InstitutionFactory())
        client.force_login(head, backend=BACKEND)

        def work():
            """Passports and reports in every state, a part of a report, a product, an assignment, a point that is near."""
            def project():
                return led_by(school, head=head, portfolio=portfolio)

            project()
            start_passport(project(), by=head)
            record("save_passport", start_passport(project(), by=cast.secretary).document, "Изменён", by=cast.secretary)
            back = filled_passport(project(), by=head)
            stamp = StampFactory(document=back.document, signer=cast.office_head, method="electronic", kind="agree", step=1)
            shown = send(back.document, by=head).current_sheet.content_hash
            return_document(stamp, by=cast.office_head, shown_hash=shown, reason="Мало")
            send(filled_passport(project(), by=head).document, by=head)
            report_of(project())
            sent_report(report_of(project()), by=head)
            back = sent_report(report_of(project()), by=head)
            send_back(back, by=cast.secretary, number=1, remark="Мало", due_at=timezone.now() + DAY)
            partner = ProjectInstitution.objects.create(project=led_by(InstitutionFactory(), kind="network"), institution=school)
            report_of(partner.project)
            submitted_product(author=head)
            one = AssignmentFactory(executor=head, controller=cast.secretary, due_end=today())
            return_report(one, by=cast.secretary, report=report_done(one, by=head, text="Вот.", done_on=today()), reason="Мало")
            EntryFactory(nomination=announced("acceptance"), created_by=head)
            EntryFactory(nomination=announced(), created_by=head, state="returned", number=1, submitted_at=timezone.now(),
                         correct_until=timezone.now() + DAY)
            near = in_force(with_point(project(), 3), cast.secretary).project
            ProjectInstitution.objects.create(project=near, institution=InstitutionFactory())

        work()
        self.cost(client)  # kinds of content are asked for once in the life of a process
        few = self.cost(client)
        for _ in range(3):
            work()
        assert self.cost(client) == few <= MOST
