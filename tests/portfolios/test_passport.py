"""The passport: filled in steps, saved as typed, by two people, sent, issued, revised, compared, given back."""
import json
import uuid
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portfolios.amounts import read_amount, typed_amount
from portfolios.forms.passport import StepForm
from portfolios.models import Milestone, Passport, Project, Stage, TeamMember
from portfolios.passports import BY_CODE, STEPS, filled, missing, unfinished_steps, with_unfinished_steps
from portfolios.services import milestones, typed
from portfolios.services import passport as verbs
from portfolios.services import project as projects
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.invariants import violations
from projectoffice.common.lines import from_text
from projectoffice.documents.compare import compare
from projectoffice.documents.models import Document
from projectoffice.documents.services import stamps
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import send
from projectoffice.documents.snapshot import take_snapshot
from tests.factories import UserFactory

from .things import ProjectFactory, document_of, filled_passport, fresh, in_force, led_by, with_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    return cast.member_of_school_a


@pytest.fixture
def passport(cast, head):
    return verbs.start_passport(led_by(head.current_post.institution, head=head), by=head)


def reread(passport):
    return Passport.objects.select_related("document", "project").get(pk=passport.pk)


def page_of(passport, code):
    """What a browser would send of a step as it is shown: {name: text}, the hidden version among them."""
    form = StepForm(passport=reread(passport), step=BY_CODE[code])
    sent = {}
    for bound in form:
        value = bound.field.widget.format_value(bound.field.prepare_value(bound.value())) if bound.name != "version" else bound.value()
        if value not in (None, False, ""):
            sent[bound.name] = "on" if value is True else value
    return sent


def step(passport, code):
    return f"/projects/{passport.project_id}/passport/{code}/"


def save(client, passport, code, sent):
    return client.post(step(passport, code), sent, headers={"accept": "application/json"})


class TestOnePersonTyping:
    def test_is_saved_and_found_again_at_the_second_sitting(self, client, head, passport):
        client.force_login(head)
        sent = page_of(passport, "goal") | {"goal": "Учить друг друга", "tasks": "1. Собрать\n2. Начать"}
        assert save(client, passport, "goal", sent).status_code == 200
        again = client.get(step(passport, "goal")).content.decode()
        assert "Учить друг друга" in again and "1. Собрать\n2. Начать" in again
        assert reread(passport).tasks == from_text("1. Собрать\n2. Начать")

    def test_goes_on_saving_with_the_version_of_the_answer(self, client, head, passport):
        client.force_login(head)
        sent = page_of(passport, "goal")
        for text in ("У", "Учить", "Учить друг друга", ""):
            answer = save(client, passport, "goal", sent | {"goal": text})
            assert answer.status_code == 200
            sent["version"] = answer.json()["version"]
        assert reread(passport).goal == ""

    def test_the_same_save_twice_writes_once(self, client, head, passport):
        client.force_login(head)
        sent = page_of(passport, "goal") | {"goal": "Учить"}
        save(client, passport, "goal", sent)
        version = reread(passport).version
        assert save(client, passport, "goal", sent).status_code == 200 and reread(passport).version == version

    def test_one_wrong_field_keeps_nothing_else_back(self, client, head, passport):
        row = verbs.add_row(passport, "indicator", by=head, uid=uuid.uuid4())
        client.force_login(head)
        name = f"indicator-{row.uid}"
        answer = save(client, passport, "indicators", page_of(passport, "indicators") | {f"{name}-name": "Семинары", f"{name}-target": "около 10"})
        assert answer.status_code == 422 and "одно число" in answer.json()["errors"][f"{name}-target"][0]
        assert fresh(row).name == "Семинары" and fresh(row).target is None

    def test_buttons_save_what_was_typed_before_they_act(self, client, head, passport):
        client.force_login(head)
        row = verbs.add_row(passport, "stage", by=head, uid=uuid.uuid4())
        sent = page_of(passport, "stages") | {f"stage-{row.uid}-name": "Подготовка", "do": "add:stage"}
        assert client.post(step(passport, "stages"), sent).status_code == 302
        assert [each.name for each in passport.project.stages.present()] == ["Подготовка", ""]
        client.post(step(passport, "stages"), page_of(passport, "stages") | {"do": f"down:stage:{row.uid}"})
        assert [each.name for each in passport.project.stages.present().order_by("position")] == ["", "Подготовка"]
        back = client.post(step(passport, "stages"), page_of(passport, "stages") | {"do": f"remove:stage:{row.uid}"})
        assert "Вернуть" in client.get(back.url).content.decode() and passport.project.stages.present().count() == 1
        client.post(f"/projects/{passport.project_id}/passport/rows/stage/{row.uid}/return/")
        assert fresh(row).position is not None

    def test_the_same_new_row_sent_twice_is_one(self, passport, head):
        uid = uuid.uuid4()
        assert verbs.add_row(passport, "stage", by=head, uid=uid) == verbs.add_row(passport, "stage", by=head, uid=uid)

    def test_rows_end_somewhere(self, passport, head, monkeypatch):
        monkeypatch.setattr(verbs, "MOST_ROWS", 1)
        verbs.add_row(passport, "stage", by=head, uid=uuid.uuid4())
        with pytest.raises(ValidationError, match="не больше 1"):
            verbs.add_row(passport, "stage", by=head, uid=uuid.uuid4())


class TestHowFarItIs:
    UNFINISHED = {
        "nothing": (lambda project: None, set()),
        "a text": (lambda project: Passport.objects.update(goal=""), {"goal"}),
        "a list": (lambda project: Passport.objects.update(results=[]), {"results"}),
        "team": (lambda project: project.team.update(role="head"), {"team"}),
        "who left the team": (lambda project: project.team.update(since="2020-01-01", until="2020-02-01"), {"team"}),
        "no stage": (lambda project: project.stages.update(position=None), {"stages"}),
        "a stage without a name": (lambda project: project.stages.update(name=""), {"stages"}),
        "a stage without its end": (lambda project: project.stages.update(end=None), {"stages"}),
        "a stage that ends first": (lambda project: project.stages.update(start="2026-12-01", end="2026-10-01"), {"stages"}),
        "a stage before the project": (lambda project: project.stages.update(start="2026-08-31"), {"stages"}),
        "a stage after the project": (lambda project: project.stages.update(end="2027-06-01"), {"stages"}),
        "any day while the project has none": (lambda project: type(project).objects.update(start=None, end=None), set()),
        "no point": (lambda project: project.milestones.update(dropped_reason="лишняя"), {"stages"}),
        "a point without its day": (lambda project: project.milestones.update(due=None), {"stages"}),
        "a point too late": (lambda project: project.milestones.update(due="2030-01-01"), {"stages"}),
        "an unfinished point that was dropped": (
            lambda project: project.milestones.create(position=2, name="", dropped_reason="лишняя"), set()),
        "an indicator without a target": (lambda project: project.indicators.create(position=2, name="Доля"), {"indicators"}),
        "an indicator without a name": (lambda project: project.indicators.update(name=""), {"indicators"}),
    }

    @pytest.mark.parametrize("case", UNFINISHED)
    def test_lists_and_the_passport_name_the_same_steps(self, head, case):
        project = filled_passport(led_by(head.current_post.institution, head=head), by=head).project
        change, codes = self.UNFINISHED[case]
        change(project)
        lacking = missing(reread(project.passport))
        row = with_unfinished_steps(Project.objects.select_related("passport")).get(pk=project.pk)
        assert {each.code for each in lacking if each.step} == codes == {each.code for each, _ in unfinished_steps(row)}
        assert filled(lacking) == 6 - len(codes)

    def test_a_step_says_why_it_is_not_finished_and_all_pages_count_alike(self, client, head):
        project = filled_passport(led_by(head.current_post.institution, head=head), by=head).project
        stage = project.stages.get()
        client.force_login(head)
        sent = page_of(project.passport, "stages") | {f"stage-{stage.uid}-start": "01.12.2026", f"stage-{stage.uid}-end": "01.10.2026", "do": "next"}
        told = client.post(step(project.passport, "stages"), sent, follow=True).content.decode()
        assert "Шаг 5 пока не закончен: этап 1 кончается раньше, чем начинается." in told
        again = client.get(step(project.passport, "stages")).content.decode()
        assert f'<a href="#id_stage-{stage.uid}-end">этап 1 кончается раньше, чем начинается</a>' in again
        assert "Шаг не закончен" not in client.get(step(project.passport, "goal")).content.decode()
        for address in ("/", project.get_absolute_url(), f"{project.get_absolute_url()}passport/"):
            assert "аполнено 5 из 6" in client.get(address).content.decode(), address


class TestTwoPeopleTyping:
    def test_different_texts_of_one_step_are_both_kept(self, client, cast, head, passport):
        mine, theirs = page_of(passport, "goal"), page_of(passport, "goal")
        client.force_login(cast.secretary)
        save(client, passport, "goal", theirs | {"tasks": "1. Собрать"})
        client.force_login(head)
        assert save(client, passport, "goal", mine | {"goal": "Учить"}).status_code == 200
        assert (reread(passport).goal, reread(passport).tasks) == ("Учить", from_text("1. Собрать"))

    def test_the_same_text_is_refused_with_both_and_chosen_by_the_person(self, client, cast, head, passport):
        mine, theirs = page_of(passport, "goal"), page_of(passport, "goal")
        client.force_login(cast.secretary)
        save(client, passport, "goal", theirs | {"goal": "Их цель"})
        client.force_login(head)
        refused = save(client, passport, "goal", mine | {"goal": "Моя цель", "tasks": "1. Моя"})
        assert refused.status_code == 409 and refused.json()["values"]["goal"] == ["Их цель"]
        assert (reread(passport).goal, reread(passport).tasks) == ("Их цель", [])
        mine["version"] = refused.json()["version"]
        assert save(client, passport, "goal", mine | {"goal": "Моя цель", "tasks": "1. Моя"}).status_code == 200
        assert reread(passport).goal == "Моя цель"

    def test_the_ordinary_form_shows_both(self, client, cast, head, passport):
        mine = page_of(passport, "goal")
        verbs.save_step(passport, {"goal": "Их цель"}, {}, by=cast.secretary)
        client.force_login(head)
        answer = client.post(step(passport, "goal"), mine | {"goal": "Моя цель", "do": "next"})
        page = answer.content.decode()
        assert answer.status_code == 409 and "Моя цель" in page and "Сейчас записано: «Их цель»" in page

    def test_a_text_that_was_never_shown_is_not_overwritten(self, head, passport):
        verbs.save_step(passport, {"goal": "Их цель"}, {}, by=head)
        with pytest.raises(typed.Collision):
            verbs.save_step(passport, {"goal": "Моя цель"}, {}, by=head)

    def test_a_row_removed_meanwhile_is_told(self, client, cast, head, passport):
        row = verbs.add_row(passport, "stage", by=head, uid=uuid.uuid4())
        mine = page_of(passport, "stages") | {f"stage-{row.uid}-name": "Подготовка"}
        verbs.remove_row(passport, row, by=cast.secretary)
        client.force_login(head)
        answer = save(client, passport, "stages", mine)
        assert answer.status_code == 422 and "тем временем убрали" in str(answer.json()["errors"], )


class TestAmounts:
    @pytest.mark.parametrize("typed, value", [
        ("12,5", "12.5"), ("12.5 %", "12.5"), ("1 200", "1200"), ("1\u00a0200,5", "1200.5"), ("−3", "-3"), ("+7", "7"), ("0", "0"), ("", None)])
    def test_are_read_as_people_write_them(self, typed, value):
        assert read_amount(typed)[0] == (None if value is None else Decimal(value))

    @pytest.mark.parametrize("typed", ["около 10", "10–20", "много", "1,2,3", "1e5", "NaN", "Infinity", "٣", "½", "9" * 40, "1,23456", "%", "--5", "0x10"])
    def test_anything_else_is_a_sentence(self, typed):
        with pytest.raises(ValidationError):
            read_amount(typed)

    def test_a_percent_sign_names_the_unit_or_asks(self, client, head, passport):
        row = verbs.add_row(passport, "indicator", by=head, uid=uuid.uuid4())
        client.force_login(head)
        name = f"indicator-{row.uid}"
        assert save(client, passport, "indicators", page_of(passport, "indicators") | {f"{name}-target": "12,5 %"}).status_code == 200
        assert (fresh(row).target, fresh(row).unit) == (Decimal("12.5"), "%")
        answer = save(client, passport, "indicators", page_of(passport, "indicators") | {f"{name}-unit": "человек", f"{name}-target": "13 %"})
        assert "единица другая" in answer.json()["errors"][f"{name}-unit"][0]

    def test_the_way_back_is_what_one_edits(self):
        assert [typed_amount(Decimal(text)) for text in ("12.5000", "120.0000", "0")] == ["12,5", "120", "0"]


@pytest.mark.parametrize("text", ["\x00", "\ud800", "я" * 20_000, "10" * 40, "\u202eцель", "=1+1", "<script>alert(1)</script>", "{{ 7 }}", "😀" * 50])
@pytest.mark.parametrize("code", [each.code for each in STEPS if each.code != "team"])
def test_hostile_texts_are_a_sentence_or_are_kept_never_a_fault(client, cast, head, passport, code, text):
    for kind in verbs.ROWS:
        verbs.add_row(passport, kind, by=head, uid=uuid.uuid4())
    client.force_login(head)
    shown = page_of(passport, code)
    names = [bound.name for bound in StepForm(passport=reread(passport), step=BY_CODE[code])]
    sent = urlencode(dict.fromkeys(names, text) | {"version": shown["version"]}, errors="surrogatepass")
    for headers in ({"accept": "application/json"}, {}):
        answer = client.post(step(passport, code), sent, content_type="application/x-www-form-urlencoded", headers=headers)
        assert answer.status_code in (200, 302, 409, 422)
    assert client.get(step(passport, code)).status_code == 200 and client.get(reread(passport).get_absolute_url()).status_code == 200


@pytest.mark.parametrize("version", ["", "x", "[]", "{\"goal\": 5}", "[" * 100_000, "null", "\x00"])
def test_a_strange_version_neither_breaks_nor_overwrites(client, head, passport, version):
    verbs.save_step(passport, {"goal": "Записано"}, {}, by=head)
    client.force_login(head)
    assert save(client, passport, "goal", {"goal": "Другое", "version": version}).status_code in (409, 422)
    assert reread(passport).goal == "Записано"


@pytest.mark.parametrize("do", ["", "add", "add:team", "remove:stage:x", "up:stage", "down:x:y", "add:indicator:\x00", "explode"])
def test_a_strange_button_only_saves(client, head, passport, do):
    client.force_login(head)
    assert client.post(step(passport, "stages"), page_of(passport, "stages") | {"do": do}).status_code == 302
    assert not Stage.objects.exists()


class TestWhatIsMissing:
    def test_an_empty_passport_names_every_step(self, passport):
        lacking = missing(passport)
        assert {each.code for each in lacking} == {"", *(each.code for each in STEPS)}
        assert len({each.sentence for each in lacking}) == len(lacking)

    def test_a_full_one_lacks_nothing_and_every_hole_is_found(self, cast):
        passport = filled_passport()
        assert missing(passport) == []
        for change, word in [
            (lambda: Milestone.objects.update(due=None), "без срока"), (lambda: Milestone.objects.update(due=date(2030, 1, 1)), "за сроки проекта"),
            (lambda: Stage.objects.update(end=date(2026, 8, 1)), "раньше, чем начинается"), (lambda: Stage.objects.update(name=""), "без названия"),
            (lambda: passport.project.indicators.update(target=None), "без целевого"),
            (lambda: passport.document.stamps.update(removed=True), "нет грифа"),
            (lambda: passport.document.stamps.update(removed=False, signer=passport.project.head), "сам в проектной команде"),
        ]:
            change()
            assert word in " ".join(each.sentence for each in missing(passport)).lower(), word

    def test_it_bars_sending_and_each_line_leads_to_its_place(self, client, head, passport):
        with pytest.raises(ValidationError):
            send(passport.document, by=head)
        client.force_login(head)
        page = client.get(passport.get_absolute_url())
        for each in page.context["lacking"]:
            if each.step and not each.anchor.startswith(("stages", "milestones", "indicators")) and each.anchor:
                assert f'id="{each.anchor}"' in client.get(step(passport, each.code)).content.decode(), each.anchor

    def test_costs_the_same_for_few_rows_and_many(self, client, head, passport):
        client.force_login(head)

        def cost(address):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            return len(asked)

        addresses = [passport.get_absolute_url(), step(passport, "stages"), step(passport, "indicators"), passport.project.get_absolute_url()]

        def grow(count):
            for kind in verbs.ROWS:
                for _ in range(count):
                    verbs.add_row(passport, kind, by=head, uid=uuid.uuid4())
            for _ in range(count):
                TeamMember.objects.create(project=passport.project, person=UserFactory(), name="Ким А.В.")
            return [cost(address) for address in addresses]

        assert grow(1) == grow(3)


class TestTheRoute:
    @pytest.fixture
    def issued(self, cast):
        return in_force(filled_passport(by=cast.secretary), cast.secretary)

    def test_what_is_printed_has_every_part_and_the_live_content_agrees(self, issued):
        snapshot = issued.document.in_force.snapshot
        assert [section["title"] for section in snapshot["sections"]] == ["", "Команда проекта", "Этапы", "Контрольные точки", "Показатели"]
        words = {row["cells"]["fact"]: row["cells"]["words"] for row in snapshot["sections"][0]["rows"]}
        assert words["Цель"] == "Учить друг друга." and words["Сроки"] == "01.09.2026–31.05.2027"
        assert snapshot["sections"][4]["rows"][0]["cells"]["target"] == "120\xa0человек"
        assert list(violations()) == []

    def test_is_closed_while_it_goes_round_and_in_force(self, cast, issued):
        with pytest.raises(TransitionNotAllowed):
            verbs.save_step(issued, {"goal": "Другая"}, {}, by=cast.secretary)
        waiting = filled_passport()
        send(waiting.document, by=cast.secretary)
        with pytest.raises(TransitionNotAllowed):
            verbs.add_row(waiting, "stage", by=cast.secretary, uid=uuid.uuid4())

    def test_who_goes_round_the_verbs_meets_the_wall_in_the_database(self, issued):
        project = issued.project
        for change in (
            lambda: Passport.objects.filter(pk=issued.pk).update(goal="Другая"), lambda: project.stages.update(name="Другой"),
            lambda: project.milestones.update(due=date(2027, 1, 1)), lambda: project.indicators.all().delete(),
            lambda: Milestone.objects.create(project=project, position=2, name="Ещё"),
        ):
            with pytest.raises(IntegrityError, match="passport is closed"), transaction.atomic():
                change()
        assert project.milestones.update(reached_on=date(2026, 11, 1)) == 1

    def test_points_heads_and_teams_move_on_without_a_new_edition(self, cast, issued):
        point = issued.project.milestones.get()
        milestones.reach(point, by=cast.secretary, on=date(2026, 11, 1), evidence="приказ № 3")
        projects.change_head(issued.project, UserFactory(), by=cast.secretary, version=fresh(issued.project).version)
        TeamMember.objects.create(project=issued.project, name="Новая Н.Н.")
        assert list(violations()) == []  # among them: what is in force is what the rows say
        assert take_snapshot(document_of(issued)) == issued.document.in_force.snapshot

    def test_a_point_is_dropped_with_a_reason_and_taken_back(self, cast, issued):
        point = issued.project.milestones.get()
        with pytest.raises(ValidationError):
            milestones.drop(point, by=cast.secretary, reason=" ")
        milestones.drop(point, by=cast.secretary, reason="Перенесена в другой проект")
        assert not Milestone.objects.overdue(date(2030, 1, 1)).exists()
        milestones.take_back(point, by=cast.secretary)
        assert Milestone.objects.overdue(date(2030, 1, 1)).get() == point and list(violations()) == []

    def test_a_point_is_not_reached_in_the_future(self, cast, issued):
        with pytest.raises(ValidationError, match="ещё не наступила"):
            milestones.reach(issued.project.milestones.get(), by=cast.secretary, on=date(2126, 1, 1))

    def revised(self, cast, issued):
        revise(issued.document, by=cast.secretary, basis="приказа департамента", basis_number="84")
        issued = reread(issued)
        marks = typed.read_marks(StepForm(passport=issued, step=BY_CODE["goal"]).initial["version"])
        verbs.save_step(issued, {"goal": "Новая цель"}, marks, by=cast.secretary)
        stage = verbs.add_row(issued, "stage", by=cast.secretary, uid=uuid.uuid4())
        Stage.objects.filter(pk=stage.pk).update(name="Новый этап")
        verbs.remove_row(issued, issued.project.indicators.get(), by=cast.secretary)
        return reread(issued)

    def test_editions_are_compared_field_by_field(self, cast, issued):
        before = issued.document.in_force.snapshot
        changes = {(each.kind, each.caption) for each in compare(before, take_snapshot(self.revised(cast, issued).document)).changed_rows}
        assert changes == {("changed", "Цель"), ("added", "Новый этап"), ("removed", "Участники")}

    def test_an_abandoned_revision_leaves_everything_as_it_is_in_force(self, cast, issued):
        passport = self.revised(cast, issued)
        abandon_revision(passport.document, by=cast.secretary)
        assert document_of(passport).state == Document.State.ISSUED and list(violations()) == []
        assert reread(passport).goal == "Учить друг друга."
        assert [each.name for each in passport.project.stages.present()] == ["Подготовка"]
        assert passport.project.indicators.present().count() == 1

    def test_a_new_title_is_that_of_the_draft_and_not_of_what_is_in_force(self, cast, issued):
        project = fresh(issued.project)
        projects.save_project(project, by=cast.secretary, version=project.version, title="Другое имя")
        assert "Другое имя" not in document_of(issued).title
        revise(issued.document, by=cast.secretary, basis="приказа")
        projects.save_project(project, by=cast.secretary, version=fresh(project).version, title="Третье имя")
        assert "Третье имя" in document_of(issued).title


class TestPointsUnderStages:
    @pytest.fixture
    def filled(self, cast):
        passport = filled_passport(by=cast.secretary)
        project = passport.project
        Stage.objects.create(project=project, position=2, name="Показ", start=project.start, end=project.end)
        for place, name in enumerate(("Второй показ", "Третий показ"), start=2):
            Milestone.objects.create(project=project, position=place, name=name, due=project.end)
        return passport

    def put(self, client, passport, **stages):
        """Each point («first», «second», «third») under the stage of this place, as the page sends it."""
        rows = {kind: list(verbs.rows_of(passport.project, kind)) for kind in ("stage", "milestone")}
        sent = page_of(passport, "stages")
        for point, name in zip(rows["milestone"], ("first", "second", "third"), strict=True):
            if name in stages:
                sent[f"milestone-{point.uid}-stage_id"] = stages[name] and rows["stage"][stages[name] - 1].pk
        return save(client, passport, "stages", sent)

    def points(self, passport):
        return take_snapshot(document_of(passport))["sections"][3]

    def test_are_printed_in_the_order_of_their_stages_with_the_stage_beside(self, client, cast, filled):
        client.force_login(cast.secretary)
        assert [column["key"] for column in self.points(filled)["columns"]] == ["label", "name", "due"]
        assert self.put(client, filled, first=2, third=1).status_code == 200
        section = self.points(filled)
        assert [column["key"] for column in section["columns"]] == ["label", "name", "stage", "due"]
        assert [(row["cells"]["label"], row["cells"]["name"], row["cells"]["stage"]) for row in section["rows"]] == [
            ("1.", "Третий показ", "Подготовка"), ("2.", "Первый показ", "Показ"), ("3.", "Второй показ", "")]
        assert "этап «Подготовка»" in client.get(filled.project.get_absolute_url()).text

    def test_of_another_project_or_of_no_shape_get_a_sentence(self, client, cast, filled):
        client.force_login(cast.secretary)
        foreign = Stage.objects.create(project=ProjectFactory(), position=1, name="Чужой")
        name = f"milestone-{filled.project.milestones.first().uid}-stage_id"
        for value in (foreign.pk, "10" * 20, "\x00", "первый"):
            answer = save(client, filled, "stages", page_of(filled, "stages") | {name: value})
            assert answer.status_code == 422 and name in answer.json()["errors"]
        assert not filled.project.milestones.filter(stage__isnull=False).exists()

    def test_find_their_stage_again_when_it_comes_back(self, client, cast, filled):
        client.force_login(cast.secretary)
        self.put(client, filled, first=2)
        stage = filled.project.stages.get(name="Показ")
        verbs.remove_row(filled, stage, by=cast.secretary)
        assert self.put(client, filled).status_code == 200
        assert "Показ" not in str(self.points(filled)["columns"]) and len(self.points(filled)["columns"]) == 3
        verbs.return_row(filled, fresh(stage), by=cast.secretary)
        assert [row["cells"]["stage"] for row in self.points(filled)["rows"]] == ["Показ", "", ""]

    def test_changed_by_a_revision_are_compared_and_given_back_when_it_is_dropped(self, client, cast, filled):
        client.force_login(cast.secretary)
        self.put(client, filled, first=1)
        issued = in_force(filled, cast.secretary)
        before = issued.document.in_force.snapshot
        with pytest.raises(IntegrityError, match="passport is closed"), transaction.atomic():
            filled.project.milestones.filter(name="Второй показ").update(stage=filled.project.stages.first())
        revise(issued.document, by=cast.secretary, basis="Приказ")
        assert self.put(client, issued, first="").status_code == 200
        [change] = compare(before, take_snapshot(document_of(issued))).changed_rows
        assert [(cell.title, cell.old, cell.new) for cell in change.changed_cells] == [("Этап", "Подготовка", "")]
        abandon_revision(document_of(issued), by=cast.secretary)
        assert take_snapshot(document_of(issued))["source"] == before["source"]


class TestWhoFills:
    def test_the_editor_fills_and_sends_and_a_member_does_not(self, cast, passport):
        with_editor(passport.project, cast.member_of_school_b)
        assert verbs.add_row(passport, "stage", by=cast.member_of_school_b, uid=uuid.uuid4())
        with pytest.raises(PermissionDenied):
            verbs.add_row(passport, "stage", by=cast.stranger, uid=uuid.uuid4())

    def test_a_passport_asked_for_twice_is_one(self, head):
        project = ProjectFactory(head=head)
        assert verbs.start_passport(project, by=head) == verbs.start_passport(project, by=head)
        assert Document.objects.filter(kind="project_passport").count() == 1

    def test_of_a_project_that_is_over_none_is_begun(self, cast):
        with pytest.raises(TransitionNotAllowed):
            verbs.start_passport(ProjectFactory(status="finished"), by=cast.secretary)


def test_the_autosave_answer_is_what_the_script_expects(client, head, passport):
    client.force_login(head)
    answer = save(client, passport, "goal", page_of(passport, "goal") | {"goal": "Учить"}).json()
    assert set(answer) == {"version", "saved_at"} and set(json.loads(answer["version"])) == {"goal", "tasks"}


class TestWhoSaysWhoSigns:
    """The office chooses who approves; a team does not pick its own approver."""

    @pytest.fixture
    def passport(self, cast):
        return filled_passport(ProjectFactory(head=cast.member_of_school_a), by=cast.member_of_school_a)

    def test_the_team_neither_adds_changes_removes_nor_swaps_stamps(self, cast, client, passport):
        team, stamp = cast.member_of_school_a, passport.document.stamps.first()
        for attempt in (
            lambda: stamps.add_stamp(passport.document, by=team, kind="approve", name="П.П. Придуманный"),
            lambda: stamps.save_stamp(stamp, by=team, version=stamp.version, name="П.П. Придуманный"),
            lambda: stamps.remove_stamp(stamp, by=team), lambda: stamps.return_stamp(stamp, by=team),
            lambda: stamps.swap_sides(passport.document, by=team),
        ):
            with pytest.raises(PermissionDenied):
                attempt()
        client.force_login(team, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
        assert client.get(reverse("documents:stamp_add", args=[passport.document_id])).status_code == 403
        page = client.get(passport.get_absolute_url()).content.decode()
        assert "Кто подписывает, указывает Проектный офис." in page and "Добавить гриф" not in page

    def test_the_office_does(self, cast, passport):
        stamps.swap_sides(passport.document, by=cast.secretary)
