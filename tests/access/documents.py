from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projectoffice.common.hashing import content_hash
from projectoffice.common.idempotency import new_key
from projectoffice.common.uploads import store_upload
from projectoffice.documents import paper
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment, record_annulment
from projectoffice.documents.services.attachments import attach, detach
from projectoffice.documents.services.ink import add_scan, record_ink
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import hash_shown, send
from projectoffice.documents.services.stamps import remove_stamp
from tests.common.files import PDF
from tests.documents.paper import make_paper
from tests.factories import PASSWORD, StampFactory

from . import Row, everybody, only


def scan_file(name="скан.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


def furnish(world):
    """Papers the department head agrees first and the office head approves last, in every state."""
    world.papers = {state: paper_in(state, world) for state in STATES}
    files_beside(world)
    secretary = world.cast.secretary
    world.papers["ink"] = send(on_paper(world), by=secretary)
    world.folder = paper.folders(secretary)[0]
    world.papers["strict"] = paper_in("issued", world, kind="numbered_paper")
    world.papers["annulled_by_act"] = record_annulment(
        paper_in("issued", world), by=secretary, act="приказ № 7", scan=store_upload(scan_file(), by=secretary)
    )


STATES = ("draft", "sent", "issued", "revised", "proposed", "annulled", "published")


def paper_in(state, world, kind="paper"):
    cast = world.cast
    document = make_paper(cast.secretary, kind=kind)
    agree = StampFactory(document=document, kind="agree", side="left", signer=cast.department_head)
    approve = StampFactory(document=document, kind="approve", signer=cast.office_head)
    if state == "draft":
        world.agree = agree
        world.gone_stamp = StampFactory(document=document, kind="agree", signer=cast.secretary)
        remove_stamp(world.gone_stamp, by=cast.secretary)
        return document
    document = send(document, by=cast.secretary)
    if state == "sent":
        return document
    for stamp in (agree, approve):
        record_ink(stamp, by=cast.secretary, signed_on=timezone.localdate())
    document = Document.objects.get(pk=document.pk)
    if state == "revised":
        basis = store_upload(scan_file(), by=cast.secretary)
        return revise(document, by=cast.secretary, basis="приказа", basis_number="84", basis_file=basis)
    if state in ("proposed", "annulled"):
        propose_annulment(document, by=cast.secretary, reason="Ошибка")
    if state == "annulled":
        confirm_annulment(document, by=cast.office_head)
    if state == "published":
        publish(document, by=cast.secretary, with_pdf=True, ground="приказ № 8")
    return Document.objects.get(pk=document.pk)


def on_paper(world):
    document = make_paper(world.cast.secretary)
    StampFactory(document=document, kind="approve", signer=world.cast.office_head, method=Stamp.Method.INK)
    return document


def files_beside(world):
    issued, secretary = world.papers["issued"], world.cast.secretary
    world.attachment, world.gone_attachment = (
        attach(issued, store_upload(scan_file(), by=secretary), by=secretary) for _ in range(2)
    )
    detach(world.gone_attachment, by=secretary)
    world.scan = add_scan(issued, store_upload(scan_file(), by=secretary), by=secretary)


def of(state, *more):
    """Arguments of a page about the paper in this state."""

    def args(world):
        return [world.papers[state].pk, *more]

    args.state = state
    return args


def open_stamp(world):
    return world.papers["sent"].stamps.get(kind="agree")


def decision(**more):
    return lambda world: {
        "stamp": open_stamp(world).pk, "shown_hash": world.papers["sent"].current_sheet.content_hash, **more
    }


def return_told(world):
    return {"stamp": open_stamp(world).pk, "reason": "Уточните срок", "source": "звонок", "source_date": "2026-01-12",
            "shown_hash": world.papers["sent"].current_sheet.content_hash}


def ink_marks(world):
    stamp = world.papers["sent"].stamps.get(kind="agree")
    return {f"stamp-{stamp.pk}-signed": "on", f"stamp-{stamp.pk}-signed_on": f"{timezone.localdate():%Y-%m-%d}",
            "shown_hash": world.papers["sent"].current_sheet.content_hash}


def stamp_fields(world):
    return {"kind": "agree", "side": "left", "post": "методист", "name": "А.И. Новая", "method": "ink",
            "style": "office", "step": 1, "place": "head", "version": world.agree.version}


def archive_fields(world):
    return {"kind_text": "протокол", "title": "Протокол 2019 года", "date": "2019-05-14", "key": new_key(), "pages": scan_file()}


def letters_to(address, confirmed=False):
    shown = {"shown": content_hash([address])} if confirmed else {}
    return lambda world: {"formats": ["pdf"], "addresses": address, "key": new_key(), **shown}


def replacement(world):
    return {"stamp": open_stamp(world).pk, "signer": world.cast.administrator.full_name, "method": "ink"}


def fixed(**data):
    return lambda world: data


HIDDEN = {"hidden_from": ["others"]}  # what is not in force does not exist for those outside the office
DECIDERS = ("department_head", "acting")
HEADS_AND_OFFICE = ("office", "heads")


def office(ok=200, data=None, **more):
    return only("office", ok=ok, data=data, **more)


ROWS = [
    Row("documents:register", get=only("known")),
    Row("documents:register_export", get=only("known")),
    Row("documents:archive_new", get=office(), post=office(302, archive_fields)),
    Row("documents:inbox", get=only("known")),
    Row("documents:to_sign", get=office()),
    Row("documents:my_folder", get=only("office_head", refused=404)),
    Row("documents:folder", lambda world: [world.folder.key], get=office()),
    Row("documents:folder", lambda world: ["nobody"], get=office(404), case="of nobody"),

    Row("documents:document", of("draft"), get=only("staff", ok=302, **HIDDEN), case="a draft"),
    Row("documents:document", of("issued"), get=only("known", ok=302), case="in force"),
    Row("documents:document", of("strict"), get=only("staff", ok=302, **HIDDEN), case="of a strict kind"),
    Row("documents:send", of("draft"), get=office(**HIDDEN),
        post=office(302, lambda world: {"shown_hash": hash_shown(world.papers["draft"])}, **HIDDEN)),
    Row("documents:withdraw", of("sent"), get=office(**HIDDEN), post=office(302, **HIDDEN)),
    Row("documents:decide", of("sent"), get=only("office_head", *DECIDERS, **HIDDEN)),
    Row("documents:sign", of("sent"), post=only(*DECIDERS, ok=302, data=decision(password=PASSWORD), **HIDDEN)),
    Row("documents:return", of("sent"), post=only(*DECIDERS, ok=302, data=decision(reason="Срок"), **HIDDEN)),
    Row("documents:ink", of("sent"), get=office(), post=office(302, ink_marks)),
    Row("documents:record_return", of("sent"), get=office(), post=office(302, return_told)),
    Row("documents:scan", of("issued"), get=office(), post=office(302, lambda world: {"file": scan_file(), "edition": 1})),
    Row("documents:replace_signer", of("sent"), get=office(**HIDDEN), post=office(302, replacement, **HIDDEN)),
    Row("documents:revise", of("issued"), get=office(), post=office(302, fixed(basis="приказа"))),
    Row("documents:abandon", of("revised"), get=office(), post=office(302)),

    Row("documents:history", of("draft"), get=only("staff", **HIDDEN), case="a draft"),
    Row("documents:history", of("issued"), get=only("known"), case="in force"),
    Row("documents:history", of("strict"), get=only("staff", **HIDDEN), case="of a strict kind"),
    Row("documents:compare", of("draft"), get=only("staff", **HIDDEN), case="a draft"),
    Row("documents:compare", of("revised"), get=only("known"), case="in force"),

    Row("documents:annul", of("issued"), get=only(*HEADS_AND_OFFICE)),
    Row("documents:annul_propose", of("issued"), post=only(*HEADS_AND_OFFICE, ok=302, data=fixed(reason="Ошибка"))),
    Row("documents:annul_confirm", of("proposed"), post=only("office_head", ok=302)),
    Row("documents:annul_withdraw", of("proposed"), post=only("secretary", ok=302)),
    Row("documents:annul_decline", of("proposed"), post=only("office_head", ok=302, data=fixed(reason="Нужен"))),
    Row("documents:annul_by_act", of("issued"),
        post=office(302, lambda world: {"act": "приказ № 7", "reason": "", "scan": scan_file()})),
    Row("documents:annulment_scan", of("annulled_by_act"), get=only("staff")),

    Row("documents:publish", of("issued"), get=office(), post=office(302, fixed(show="on"))),
    Row("documents:public", of("published"), get=everybody(), case="published"),
    Row("documents:public", of("issued"), get=everybody(ok=404), case="not published"),
    Row("documents:public_pdf", lambda world: [world.papers["published"].in_force.public_code],
        get=everybody(), case="published with its PDF"),
    Row("documents:public_pdf", lambda world: [world.papers["issued"].in_force.public_code],
        get=everybody(ok=404), case="not published"),
    Row("documents:distribute", of("issued"), get=office(), post=office(data=letters_to("a@example.test")),
        case="the list is shown"),
    Row("documents:distribute", of("issued"), post=office(302, letters_to("a@example.test", confirmed=True)),
        case="the list is confirmed"),

    Row("documents:attachments", of("issued"), get=office(),
        post=office(302, lambda world: {"title": "", "file": scan_file()})),
    Row("documents:attachment", lambda world: [world.attachment.pk], get=only("known"), case="of what is in force"),
    Row("documents:attachment", lambda world: [world.scan.pk], get=only("staff"), case="a scan"),
    Row("documents:basis_file", of("revised"), get=only("staff")),
    Row("documents:detach", lambda world: [world.attachment.pk], post=office(302)),
    Row("documents:put_back", lambda world: [world.gone_attachment.pk], post=office(302)),

    Row("documents:pdf", of("issued"), get=only("known"), case="in force"),
    Row("documents:pdf", of("draft"), get=only("known", ok=404), case="a draft"),
    Row("documents:pdf", of("strict"), get=only("staff", **HIDDEN), case="of a strict kind"),
    Row("documents:edition_pdf", of("issued", 1), get=only("known"), case="in force"),
    Row("documents:edition_pdf", of("strict", 1), get=only("staff", **HIDDEN), case="of a strict kind"),
    Row("documents:sheet", of("sent"), get=only("staff", **HIDDEN)),
    Row("documents:draft_pdf", of("draft"), get=only("staff", **HIDDEN), case="a draft"),
    Row("documents:draft_pdf", of("revised"), get=only("staff"), case="a change of what is in force"),
    Row("documents:docx", of("issued"), get=only("known"), case="in force"),
    Row("documents:docx", of("draft"), get=only("staff", **HIDDEN), case="a draft"),

    Row("documents:stamps", of("draft"), get=office(**HIDDEN)),
    Row("documents:stamp_add", of("draft"), get=office(**HIDDEN), post=office(302, stamp_fields, **HIDDEN)),
    Row("documents:stamp_swap", of("draft"), post=office(302, **HIDDEN)),
    Row("documents:stamp_edit", lambda world: [world.agree.pk], get=office(**HIDDEN),
        post=office(302, stamp_fields, **HIDDEN)),
    Row("documents:stamp_remove", lambda world: [world.agree.pk], post=office(**HIDDEN)),
    Row("documents:stamp_return", lambda world: [world.gone_stamp.pk], post=office(302, **HIDDEN)),
    Row("documents:stamp_acting", lambda world: [world.agree.pk], post=office(302, **HIDDEN)),

    Row("check", lambda world: [world.papers["issued"].in_force.public_code],
        get=everybody(), post=everybody(data=lambda world: {"file": scan_file()}), case="of what is in force"),
    Row("check", lambda world: [world.papers["sent"].coming_code], get=everybody(), case="of what is on its way"),
    Row("check", lambda world: ["AAAAAAAAAAAAAAAAAAAAAA"], get=everybody(ok=404), case="of nothing"),
]
