"""Synthetic pages: one example or more of every context, as real as the example petition."""

from dataclasses import replace
from datetime import UTC, date, datetime

from app.domain.assisted_form import BY_NAME
from app.domain.document.public import view_of_public
from app.domain.record_view import EvidenceLine, view_of
from app.web import assisted_views as views
from app.web.assisted_kept import Kept
from app.web.contexts.accounts import AccountPage, DeviceView, EnrolDonePage, EnrolPage, SignInPage
from app.web.contexts.assisted import (
    AssistedConfirmPage,
    AssistedLeftPage,
    AssistedOffPage,
    AssistedReceiptPage,
    AssistedReviewPage,
    AssistedSeenPage,
    AssistedStartPage,
    AssistedTasksPage,
    AssistedTypedPage,
    AssistedWordsPage,
    Hidden,
    MarkChoice,
    Task,
)
from app.web.contexts.auditor import (
    AuditPage,
    FieldView,
    FoundView,
    LookView,
    OpenedView,
    ServedView,
    StepView,
    WayView,
)
from app.web.contexts.cards import CardView, Choice, Clock, ColleagueView, Column, Count, Filter, Paging, Urgency, View
from app.web.contexts.desk import (
    CardPage,
    DecisionPage,
    FlagPage,
    NotesView,
    NoteView,
    QuestionPage,
    QuestionPreviewPage,
    QueuePage,
    ViewsPage,
)
from app.web.contexts.frame import ErrorPage, Page, Person, Problem
from app.web.contexts.petitioner import (
    CasePage,
    CertificatePage,
    FilePage,
    MyCasePage,
    PackagePage,
    StatusFormPage,
    StatusPage,
)
from app.web.contexts.procedure import (
    Change,
    Decision,
    PlaceView,
    Procedure,
    QuestionView,
    StepForm,
    WaitingQuestion,
    Words,
)
from app.web.contexts.public import (
    CheckedRelease,
    HomePage,
    LimitsPage,
    ReceiptPage,
    RegisterPage,
    ReleasedCheckPage,
    ReleasedLine,
    ReleasedPage,
    ReleasedVersionPage,
    RightsPage,
    SelfCheckPage,
)
from app.web.contexts.reading import AnswerPage, EvidencePage, Handed, PublicPage, Reading, RecordPage
from app.web.contexts.team import (
    AssignmentPage,
    ColleaguePage,
    GivenBack,
    HandOverPage,
    PlannedView,
    TakeAwayPage,
    TeamPage,
    WayBackPage,
)
from crypto.log.totals import Month
from tests.released import VERSION

AT = datetime(2026, 3, 3, 15, 40, tzinfo=UTC)
CASE = "k3v9m2q7xw5t8r4n6p2c7d3f5h"
PROOF = (
    "c2sp.org/tlog-proof@v1\nindex 41\n"
    + "rlpN6KjeF98ZPEfY80nhC5zvNXheqfjWG/CnQ+NpuK0=\n" * 3
    + "\nexample.invalid/log\n57\nrlpN6KjeF98ZPEfY80nhC5zvNXheqfjWG/CnQ+NpuK0=\n"
)
ROOT = "rlpN6KjeF98ZPEfY80nhC5zvNXheqfjWG/CnQ+NpuK0="
FOUND = "Asiento 41: Ana Ejemplo leyó record/1 del caso k6vm32fk3h2qxlgnsy2mjb5imi, hora local 2026-11-19 03:00"
VKEY = "example.invalid/log+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    'resguardo/status/v1\n{"case":"k3v9m2q7","stage":"RECEIVED"}\n\n— example.invalid/log/statements Uw2QOkn8srV1yJ\n'
)

RECORD: dict[str, object] = {
    "v": 1,
    "language": "es",
    "facility": {
        "legal_name": "Autopartes Ejemplo del Bajío, S.A. de C.V.",
        "trade_name": "AutoEjemplo Bajío",
        "rfc": "AEB170101VZ3",
        "address": "Circuito Ficticio núm. 118, Parque Industrial Ejemplo",
        "municipality": "San Francisco del Rincón",
        "state": "Guanajuato",
        "postal_code": "36300",
        "country": "MX",
        "headcount": 640,
    },
    "covered_basis": {"traded": True, "competes": True, "detail": "Vende molduras a armadoras de Michigan."},
    "priority_sector": {"class": "manufactured_goods", "subsector": "autopartes"},
    "ownership": {"parent": "Grupo Ejemplo Ficticio, S.A.B. de C.V.", "other_facilities": ["Ejemplo del Norte"]},
    "trade": {"products": ["molduras exteriores", "soportes estampados"], "hts_codes": ["8708.29"]},
    "denial_types": ["EMPLOYER_INTERFERENCE", "UNION_DISMISSAL", "BLACKLISTING", "SOMETHING_NEW"],
    "laws": ["Ley Federal del Trabajo, artículos 133, 357, 358, 390 Bis y 390 Ter", "T-MEC, anexo 23-A"],
    "unions": {
        "incumbent": {"name": "Sindicato «Profesor Ramón Muestra López» (ficticio)", "cba_number": "CC-0417/2019"},
        "petitioning": {"name": "SIEIA", "registry": "RS-EJEMPLO-0033/2025"},
        "events": [
            {"date": "2025-09-23", "kind": "cba_revision", "note": "Contrato revisado sin copia ni votación."},
            {"date": "2026-03-19", "kind": "representation_vote", "note": "Programada."},
        ],
    },
    "facts": {
        "period_from": "2025-08-11",
        "period_to": "2026-01",
        "summary": "Presiones, un despido, una lista negra y un contrato revisado sin votación.",
        "timeline": [
            {"date": "2025-08-11", "what": "Comienza la reunión de firmas."},
            {"date": "2025-09-30", "what": "Despido de [TESTIGO-03], que preguntó por la votación."},
        ],
        "narrative": (
            "El 11 de agosto de 2025 un grupo de la línea 4 empezó a reunir firmas. La tarea la coordinó [TESTIGO-01], "
            "con número de empleado [NÚMERO DE EMPLEADO-1]. El 19 de agosto el jefe de producción la citó, "
            "cerró la puerta y le pidió los formatos firmados.\n\nEl 2 de septiembre, a la hora de la comida, un "
            "supervisor de almacén leyó en voz alta una lista de simpatizantes. <script>alert(1)</script> Según cuenta "
            "[TESTIGO-02], el supervisor remató con esta frase: «El que siga no encuentra trabajo ni en León ni "
            "en Silao».\n\nEl 5 de noviembre el SIEIA obtuvo la constancia de representatividad."
        ),
    },
    "petitioners": [
        {
            "id": "P1",
            "name": "Sindicato Independiente Ejemplo",
            "type": "union",
            "country": "MX",
            "lead": True,
            "public": True,
        },
        {"id": "[PETICIONARIA-1]", "name": "[PETICIONARIA-1]", "type": "person", "public": False},
    ],
    "contact": {"language": "es", "email": "contacto@sieia.example", "phone": "+52 476 000 01 10"},
    "evidence": [
        {"id": "E1", "kind": "document", "title": "Constancia de representatividad", "month": "2025-11"},
        {
            "id": "E4",
            "kind": "screenshot",
            "title": "Mensajes a [TESTIGO-02]",
            "date": "2025-09-02",
            "contains_person_data": True,
        },
    ],
    "witness_attestation": {
        "count": 3,
        "role_classes": {"other": 3},
        "statement": "Escuchamos por separado a tres personas.",
    },
    "remedy": [
        {"kind": "reinstatement", "detail": "Reinstalación de la persona despedida con salarios caídos."},
        {"kind": "vote_safeguards", "detail": "Observación independiente de la votación."},
    ],
    "proceedings": [{"body": "CFCRL", "note": "Trámite de la votación."}],
    "urgency": {"reason": "vote", "date": "2026-03-19", "note": "La votación está próxima."},
    "business_confidential": ["trade.us_customers"],
    "translations": {"en": {"facts.summary": "Pressure, a dismissal, a blacklist.\n\n[TESTIGO-03] asked for a vote."}},
}

RUNNING = Clock("RUNNING", 9, date(2026, 3, 12), 70)
OVERDUE = Clock("OVERDUE", 3, date(2026, 2, 28), 100)
DUE_SOON = Clock("DUE_SOON", 1, date(2026, 3, 4), 97)
NOT_STARTED = Clock("NOT_STARTED")


def card(clock: Clock = NOT_STARTED, **changes: object) -> CardView:
    """Return a card of the example petition."""
    values: dict[str, object] = {
        "case": CASE,
        "facility": "AutoEjemplo Bajío",
        "place": "San Francisco del Rincón, Guanajuato",
        "sector": "manufactured_goods",
        "denial_types": ("EMPLOYER_INTERFERENCE", "UNION_DISMISSAL", "BLACKLISTING"),
        "stage": "RECEIVED",
        "received": AT,
        "clock": clock,
        "urgency": Urgency("vote", date(2026, 3, 19)),
        "assigned": ("Ana Ejemplo",),
        "mine": True,
    }
    return CardView(**{**values, **changes})  # type: ignore[arg-type]  # synthetic values by name


_ONE_PAGE = Paging(1, 1, 0, 0, 0, "", "")


def _queue(rows: tuple[CardView, ...], total: int, *, filtered: bool = False) -> QueuePage:
    stages = (Choice("", "Todas", chosen=True), Choice("RECEIVED", "Recibida", chosen=False))
    filters = tuple(
        Filter(name, words, stages)
        for name, words in (
            ("stage", "Etapa"),
            ("denial", "Denegación de derechos"),
            ("sector", "Sector"),
            ("urgent", "Urgencia"),
            ("assigned", "Asignado a"),
        )
    )
    names = (
        "Centro de trabajo",
        "Sector",
        "Denegación de derechos",
        "Recibida",
        "Etapa",
        "Plazo",
        "Urgencia",
        "Asignado a",
    )
    columns = tuple(
        Column(str(n), name, f"?sort={n}", "ascending" if n == 0 else "none") for n, name in enumerate(names)
    )
    counts = tuple(Count(n, words, "?waits=new") for n, words in ((3, "nuevos"), (0, "vencidos"), (1, "borrador")))
    paging = Paging(2, 3, 51, 54, total, "?page=1", "?page=3") if len(rows) < total else _ONE_PAGE
    views = (View("a1", "Mis vencidos de Guanajuato", "/office?due=overdue"),) if rows else ()
    wrong = (Problem("stage", "La dirección pide una etapa que no existe."),) if filtered else ()
    return QueuePage(
        rows=rows,
        total=total,
        filters=filters,
        search="",
        columns=columns,
        filtered=filtered,
        paging=paging,
        counts=counts,
        kept=(("sort", "due"),),
        query="sort=due" if rows else "",
        views=views,
        since=AT,
        coordinates=bool(rows),
        problems=wrong,
    )


_ROWS = (
    card(RUNNING),
    card(
        OVERDUE,
        facility="Fundidora Muestra de Saltillo, S.A. de C.V.",
        place="Saltillo, Coahuila",
        mine=False,
        urgency=None,
    ),
    card(DUE_SOON, facility="Centro de Llamadas Ficticio", sector="services", assigned=("Ana Ejemplo", "Luis Muestra")),
    card(
        facility="Mina La Inventada",
        sector="mining",
        assigned=(),
        mine=False,
        denial_types=(),
        urgency=Urgency("otra", None),
    ),
)
_WORDS = Words("es", ("No basta la evidencia recibida.", "Faltan fechas."), ("Un segundo documento.",))
_ANSWER = Decision("DECLINE", date(2026, 3, 30), ("INSUFFICIENT_EVIDENCE", "OTHER"), (_WORDS,))
_CHANGES = (
    Change("D0", date(2026, 3, 2), date(2026, 3, 3), "holder", "Mal copiado.", date(2026, 3, 5)),
    Change("note", "", "Oficinas cerradas.", "reviewer", "Aviso oficial.", date(2026, 3, 6)),
)
_TYPED = {"day": "2026-03-03", "reference": "", "reason": "", "note": ""}
_FORMS = (
    StepForm("correct_d0", ("day", "reference", "reason"), _TYPED),
    StepForm("note_clock", ("note", "reason"), _TYPED),
)
_ROLLED = Clock("OVERDUE", 1, date(2023, 5, 20), 100, date(2023, 5, 22), date(2023, 4, 20), None, "Oficinas cerradas.")
_UNDER_REVIEW = Procedure("OTLA-7", None, None, 0, False, ("INSUFFICIENT_EVIDENCE", "OTHER"), _FORMS, _CHANGES)
_DRAFTED = Procedure("OTLA-7", None, _ANSWER, 3, True, ("OTHER",), (), ())
_OWN_DRAFT = Procedure("OTLA-7", None, _ANSWER, 3, False, (), (), ())
_DECIDED = Procedure("OTLA-7", _ANSWER, None, 0, False, (), _FORMS, _CHANGES)
_ASKED = ("¿En qué mes se revisó el contrato, y quién recibió copia? <b>Sin nombres.</b>", "¿Hubo votación?")
_DAYS = (date(2026, 3, 3), date(2026, 3, 17))
_QUESTIONS = (
    QuestionView(11, "es", _ASKED, *_DAYS, "WAITING", is_open=True),
    QuestionView(9, "fr", ("Combien de personnes ?",), *_DAYS, "OVERDUE", is_open=True, read=date(2026, 3, 5)),
    QuestionView(7, "en", _ASKED, *_DAYS, "ANSWERED_LATE", False, date(2026, 3, 5), date(2026, 3, 19)),
    QuestionView(5, "es", _ASKED, *_DAYS, "WITHDRAWN", is_open=False, closed=date(2026, 3, 4)),
    QuestionView(4, "es", _ASKED, *_DAYS, "LAPSED", is_open=False),
    QuestionView(3, "es", _ASKED, *_DAYS, "WAITING", is_open=True, flag=PlaceView(1, 3, 2, 40, 70), holds=True),
    QuestionView(2, "es", (), *_DAYS, "ANSWERED", is_open=False, closed=date(2026, 3, 4), flag=PlaceView(1, 3)),
    QuestionView(1, "es", (), *_DAYS, "WAITING", is_open=True, flag=PlaceView(1), holds=True),
)
_ASKING = replace(_UNDER_REVIEW, questions=_QUESTIONS, may_ask=True)
_ASKED_NOTHING = replace(_UNDER_REVIEW, may_ask=True)
_USUAL = (Choice("DATES", "Fechas y orden de los hechos", chosen=False),)
_LANGUAGES = (Choice("es", "Español", chosen=True), Choice("en", "Inglés", chosen=False))
_QUESTION = QuestionPage(CASE, "AutoEjemplo Bajío", _USUAL, _LANGUAGES, _ASKED[0], "2026-03-17", 2000)
_WAITING = WaitingQuestion(11, *_DAYS, overdue=False)
_TEXTS = {"day": "2026-03-30", "not_met-es": "No basta.\nFaltan fechas.", "cure-es": "Fechas."}
_LATE = Clock("MET_LATE", 21, date(2023, 12, 28), 100, None, date(2023, 11, 28), date(2024, 1, 18))

_STOPPED = Clock("STOPPED", None, date(2026, 4, 2), 50, None, date(2026, 3, 3))
_STATUS = StatusPage("US_REVIEW", date(2026, 3, 3), RUNNING, (), NOTE)
_WRONG = (Problem("code", "Ningún caso pertenece a este código."),)
_READING = Reading("Ana Ejemplo", "reviewer", "REVIEW", AT, AT, 41, PROOF)
_MARKED = replace(_READING, code="K7QM-2XHD-5TRE-W4ZA")
_ANSWER_PAGE = AnswerPage(CASE, "AutoEjemplo Bajío", _QUESTIONS[2], ("REVIEW", "CLARIFICATION"), 30)
_LINE = ReleasedLine(CASE, "AutoEjemplo Bajío", "Silao, Guanajuato", date(2026, 3, 12), "5a" * 32)
_CHECKED = CheckedRelease(CASE, "everyone", _LINE.released, None, _LINE.sha256, "resguardo/released/v1")
_PUBLIC_PAGE = PublicPage(
    CASE,
    _LINE.title,
    ("EXPORT", "REVIEW"),
    30,
    "office",
    _LINE.released,
    _LINE.sha256,
    "resguardo/released/v1",
    (),
    600,
)
_EVIDENCE_PAGE = EvidencePage(CASE, "AutoEjemplo Bajío", 3, ("REVIEW", "CLARIFICATION"), 30)
_DESK = {"version": 1, "before": 2, "after": 4, "record": view_of(RECORD)}
_ENROL = EnrolPage("Ana Ejemplo", "reviewer", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "M4 4.5h7m1 0h3", 41, 48)
_DEVICES = (
    DeviceView(41, "portátil de la oficina", "example.invalid/reader+0a+AQ==", "ábaco abdomen abeja abierto", AT, None),
    DeviceView(12, "la de antes", "example.invalid/reader+0b+AQ==", "abogado abono aborto abrazo", AT, AT),
)
_CODES = ("MFRG-GZDF-MZTW-Q2LK", "NNWG-23TP-OBYX-E43U")

_SAID = Kept(
    texts={
        "workplace-name": "Autopartes Ejemplo del Bajío, S.A. de C.V.",
        "workplace-municipality": "San Francisco del Rincón",
        "workplace-state": "Guanajuato",
        "story-happened": "Nos amenazaron.\n\nDespidieron a una compañera.",
        "you-filer": "workers",
    },
    chosen={"rights-denied": ("UNION_DISMISSAL", "THREATS_COERCION")},
    entries={"witness": ({"witness-name": "Persona de Ejemplo"}, {"witness-saw": "Lo vi."})},
    visited=("workplace",),
)
_KEPT = _SAID.text()
_TASKS = tuple(
    Task(*task)
    for task in (
        ("workplace", "El centro de trabajo", "done"),
        ("story", "Qué pasó", "needed"),
        ("witness", "Quién lo vio", "optional"),
    )
)
_MARKS = (
    MarkChoice("mark-1", "… esto lo dijo ", "el supervisor Ejemplo", " delante de …", "Puede ser un nombre.", ""),
    MarkChoice("mark-2", "", "única soldadora de la noche", " lo sabe …", "Puede señalar a una sola persona.", ""),
    MarkChoice("mark-3", "Llamó a ", "Muestra", ".", "Puede ser un nombre.", "keep"),
)
_HIDDEN = (Hidden("Persona de Ejemplo", "Nombre de una persona que declaraste."),)
_TWELVE = ("abaco", "busto", "cadena", "dedo", "ebano", "fallo", "gafas", "hacha", "ideal", "jabon", "koala", "lamina")
_TOLD = PlaceView(1, part="summary")
_NOTES = (
    NoteView(1, "Ana Ejemplo", AT, ("Llamar a la representación.", "[TESTIGO-02] pide intérprete."), 0, 2),
    NoteView(2, "Luis Muestra", AT, ("Es [TESTIGO-03].",), 1, 0),
    NoteView(3, "Ana Ejemplo", AT, ("El sello es ilegible.",), 0, 4, PlaceView(1, 3, 1, 40, 70)),
    NoteView(4, "Ana Ejemplo", AT, ("Se lee con <b>aumento</b>.",), 3, 0, PlaceView(1, 3, 1)),
    NoteView(5, "Luis Muestra", AT, ("Falta la fecha.",), 0, 0, PlaceView(1, part="timeline")),
    NoteView(6, "Ana Ejemplo", AT, ("On August 11, 2025 a group began to collect signatures.",), 0, 0, _TOLD, "en"),
)
_TEAM = (
    ColleagueView(1, "Ana Ejemplo", "reviewer", "active", 7),
    ColleagueView(2, "Luis Muestra", "coordinator", "on_leave", 0),
    ColleagueView(3, "Eva Ejemplo", "panel", "active", 1),
    ColleagueView(4, "Nora Nueva", "reviewer", "invited", 0),
    ColleagueView(5, "Otto Salido", "reviewer", "disabled", 2),
)
_PLANNED = (
    PlannedView(card(RUNNING), 3, "Ana Ejemplo", ("Luis Muestra",), True),
    PlannedView(card(OVERDUE, case="b" * 26, facility="Mina La Inventada"), 2, "Eva Ejemplo", (), False),
)

SAMPLES: dict[str, Page] = {
    "home": HomePage(),
    "case": CasePage(),
    "rights": RightsPage(),
    "limits": LimitsPage(None),
    "limits_reports": LimitsPage("mailto:security@example.org"),
    "receipt": ReceiptPage(),
    "self-check": SelfCheckPage(
        "example.invalid/log",
        "example.invalid/log+01+AA",
        "example.invalid/log/statements+02+AA",
        "0" * 64,
        (("seal/case.js", "sha384-AA"),),
        (("resguardo-es.html", "0" * 64),),
        (("referrer-policy", "no-referrer"),),
    ),
    "register": RegisterPage(57, (Month("2026-02", 2), Month("2026-03", 3, 1, 1, 1))),
    "register-empty": RegisterPage(1, ()),
    "released": ReleasedPage((_LINE,)),
    "released-empty": ReleasedPage(()),
    "released-version": ReleasedVersionPage(_LINE, view_of_public(VERSION), "resguardo/released/v1"),
    "released-check": ReleasedCheckPage("", None),
    "released-check-unknown": ReleasedCheckPage("00", None),
    "released-check-stands": ReleasedCheckPage(_LINE.sha256, _CHECKED),
    "released-check-called-back": ReleasedCheckPage(
        _LINE.sha256, replace(_CHECKED, audience="office", withdrawn=date(2026, 4, 2))
    ),
    "answer-public": _PUBLIC_PAGE,
    "answer-public-open": replace(
        _PUBLIC_PAGE,
        audience="everyone",
        record=view_of_public(VERSION),
        reading=_READING,
        handed=(Handed(datetime(2026, 3, 14, 15, tzinfo=UTC), "Jurídico de la planta, por correo"),),
    ),
    "answer-public-mistake": replace(_PUBLIC_PAGE, problems=(Problem("note", "Write the note."),), typed="x"),
    "mycase": MyCasePage(upload_limit=268_435_456),
    "file": FilePage("{}"),
    "package": PackagePage("{}"),
    "status": StatusFormPage(),
    "certificate": CertificatePage("resguardo/certificate/v1\n{}\n\n— a b\n"),
    "status-wrong": StatusFormPage(_WRONG),
    "status-result": StatusPage("RECEIVED", date(2026, 3, 3), NOT_STARTED, (), NOTE),
    "status-overdue": StatusPage("DECLINED", date(2026, 3, 3), OVERDUE, ("NO_REASONS_RECEIVED", "OTHER"), NOTE),
    "sign-in": SignInPage(),
    "sign-in-wrong": SignInPage((Problem("", "No coinciden."),), "Ana Ejemplo", signed_out=True),
    "enrol": _ENROL,
    "sign-in-recovery": SignInPage(recovery=True),
    "enrol-done": EnrolDonePage("Ana Ejemplo", _CODES),
    "account": AccountPage(9, by_recovery=True),
    "account-wrong": AccountPage(10, problems=(Problem("", "No coinciden."),)),
    "account-new-codes": AccountPage(10, codes=_CODES),
    "queue": _queue(_ROWS, 6),
    "queue-none-fit": _queue((), 6, filtered=True),
    "queue-empty": _queue((), 0),
    "card": CardPage(card(), True, None, 30, ("REVIEW", "CLARIFICATION", "REPRISAL_RESPONSE")),
    "card-wrong": CardPage(card(RUNNING), True, None, 30, ("REVIEW",), (Problem("purpose", "Falta."),)),
    "card-open": CardPage(card(OVERDUE), True, AT, 30, ()),
    "card-others": CardPage(card(assigned=(), mine=False, urgency=None), False, None, 30, ()),
    "status-declined": StatusPage("DECLINED", date(2024, 1, 18), _LATE, ("OTHER",), NOTE, _WORDS, _CHANGES),
    "status-rolled": StatusPage("US_REVIEW", date(2023, 4, 20), _ROLLED, (), NOTE),
    "card-review": CardPage(card(_ROLLED), True, None, 30, ("REVIEW",), (), _UNDER_REVIEW),
    "card-review-wrong": CardPage(
        card(_ROLLED),
        True,
        None,
        30,
        ("REVIEW",),
        (Problem("correct_d0-day", "No."), Problem("codes", "Elija.")),
        _UNDER_REVIEW,
    ),
    "card-drafted": CardPage(card(RUNNING), True, AT, 30, (), (), _DRAFTED),
    "card-own-draft": CardPage(card(RUNNING), True, AT, 30, (), (), _OWN_DRAFT),
    "card-notes": CardPage(
        card(RUNNING),
        True,
        AT,
        30,
        (),
        (Problem("note", "CURP."),),
        _DECIDED,
        NotesView(3, 2000, AT, _NOTES, "Hoy"),
    ),
    "card-notes-closed": CardPage(card(RUNNING), True, AT, 30, (), (), _DECIDED, NotesView(3, 2000)),
    "card-notes-none": CardPage(card(RUNNING), True, AT, 30, (), (), _DECIDED, NotesView(0, 2000, AT)),
    "card-decided": CardPage(card(_LATE, stage="DECLINED"), True, AT, 30, (), (), _DECIDED),
    "card-asking": CardPage(card(RUNNING), True, AT, 30, (), (), _ASKING),
    "card-asked-nothing": CardPage(card(RUNNING), True, AT, 30, (), (), _ASKED_NOTHING),
    "card-suspended": CardPage(card(RUNNING, suspended=_DAYS[0]), False, None, 30, (), (), _OWN_DRAFT),
    "card-withdrawn": CardPage(card(_STOPPED, stage="WITHDRAWN"), False, None, 30, (), (), None, withdrawn=True),
    "card-refiled": CardPage(card(RUNNING), True, AT, 30, (), earlier="a" * 26),
    "queue-suspended": _queue((card(RUNNING, suspended=_DAYS[0]),), 1),
    "question": _QUESTION,
    "question-wrong": replace(_QUESTION, problems=(Problem("text", "Sin nombres."), Problem("language", "Elija."))),
    "question-preview": QuestionPreviewPage(CASE, "AutoEjemplo Bajío", "es", _ASKED[0], _ASKED, _DAYS[1]),
    "evidence-door": _EVIDENCE_PAGE,
    "evidence-wrong": replace(_EVIDENCE_PAGE, problems=(Problem("purpose", "Falta."),)),
    "evidence-pages": replace(_EVIDENCE_PAGE, language="es", pages=(1, 2, 3), reading=_READING),
    "evidence-desk": replace(
        _EVIDENCE_PAGE,
        language="es",
        pages=(1, 2, 3),
        reading=_MARKED,
        zoom=150,
        beside=True,
        notes=NotesView(6, 2000, AT, _NOTES),
        **_DESK,  # type: ignore[arg-type]  # synthetic values by name
    ),
    "evidence-noted": replace(_EVIDENCE_PAGE, language="es", pages=(1,), reading=_MARKED, notes=NotesView(1, 2000)),
    "evidence-text": replace(_EVIDENCE_PAGE, language="es", text=("Lo dijo [TESTIGO-01].",), reading=_READING),
    "answer-door": _ANSWER_PAGE,
    "answer-wrong": replace(_ANSWER_PAGE, problems=(Problem("purpose", "Falta."),)),
    "answer": replace(
        _ANSWER_PAGE,
        language="es",
        answer=("En marzo. La recibió [TESTIGO-01]. <b>No</b>.", "No hubo votación."),
        evidence=(EvidenceLine("E1", "document", "Carta a [TESTIGO-01]", "2026-03", contains_person_data=True),),
        reading=_READING,
    ),
    "status-question": replace(_STATUS, question=_WAITING),
    "status-question-overdue": replace(_STATUS, question=replace(_WAITING, overdue=True), suspended=_DAYS[1]),
    "status-withdrawn": StatusPage("WITHDRAWN", _DAYS[1], _STOPPED, (), NOTE),
    "decision": DecisionPage(CASE, "AutoEjemplo Bajío", "DECLINE", ("OTHER",), ("es", "en", "fr"), _TEXTS, 1200),
    "decision-wrong": DecisionPage(
        CASE, "AutoEjemplo Bajío", "DECLINE", ("OTHER",), ("es",), _TEXTS, 1200, (Problem("cure-es", "Falta."),)
    ),
    "decision-taken-up": DecisionPage(CASE, "AutoEjemplo Bajío", "TAKE_UP", (), (), {}, 1200),
    "record": RecordPage(CASE, view_of(RECORD), _READING),
    "record-noted": RecordPage(CASE, view_of(RECORD), _READING, 1, NotesView(6, 2000, AT, _NOTES)),
    "flag": FlagPage(CASE, "AutoEjemplo Bajío", "evidence-3/1", PlaceView(1, 3, 2, 40, 70), _LANGUAGES, "", True, 2000),
    "flag-record": FlagPage(CASE, "", "record/1", PlaceView(1, part="summary"), _LANGUAGES, "Un nombre.", False, 2000),
    "flag-mistake": FlagPage(
        CASE, "", "evidence-3/1", PlaceView(1, 3), _LANGUAGES, "", True, 2000, (Problem("text", "Falta la pregunta."),)
    ),
    "record-bare": RecordPage(CASE, view_of({"language": "es", "facility": {"trade_name": "Taller"}}), _READING),
    "assisted": AssistedStartPage(30, 60),
    "assisted-off": AssistedOffPage(),
    "case-assisted": CasePage(assisted=True),
    "assisted-tasks": AssistedTasksPage(_KEPT, _TASKS),
    "assisted-step": views.step_page(_SAID, BY_NAME["workplace"], 0, "es", ()),
    "assisted-step-wrong": views.step_page(_SAID, BY_NAME["story"], 0, "es", (Problem("story-from", "Año y mes."),)),
    "assisted-rights": views.step_page(_SAID, BY_NAME["rights"], 0, "es", ()),
    "assisted-witness": views.step_page(_SAID, BY_NAME["witness"], 1, "es", ()),
    "assisted-you": views.step_page(_SAID, BY_NAME["you"], 0, "es", ()),
    "assisted-list": views.list_page(_SAID, BY_NAME["witness"], "es"),
    "assisted-list-empty": views.list_page(_SAID, BY_NAME["proof"], "es"),
    "assisted-check": views.check_page(_SAID, "es", ()),
    "assisted-check-wrong": views.check_page(_SAID, "es", (Problem("", "El centro de trabajo: Estado. Falta."),)),
    "assisted-review": AssistedReviewPage(_KEPT, _MARKS, _HIDDEN, 2),
    "assisted-review-wrong": AssistedReviewPage(_KEPT, _MARKS, (), 2, (Problem("mark-2", "Faltan 2."),)),
    "assisted-review-none": AssistedReviewPage(_KEPT, (), _HIDDEN, 0),
    "assisted-seen": AssistedSeenPage(_KEPT, view_of(RECORD)),
    "assisted-seen-bare": AssistedSeenPage(_KEPT, view_of({"language": "es", "facility": {"legal_name": "Taller"}})),
    "assisted-words": AssistedWordsPage(_KEPT, _TWELVE, CASE, "K3V9-M2Q7-XW5T-8R4N-6P2C-7D3F"),
    "assisted-typed": AssistedTypedPage(_KEPT, (2, 7, 11), (Problem("word-7", "No es esa."),)),
    "assisted-confirm": AssistedConfirmPage(_KEPT, ((1, "Carta de despido"), (2, "Mensajes")), 30, 60),
    "assisted-confirm-wrong": AssistedConfirmPage(
        _KEPT, ((1, "Carta de despido"),), 30, 60, (Problem("file-1", "Muy grande."), Problem("", "Otra vez."))
    ),
    "assisted-confirm-none": AssistedConfirmPage(_KEPT, (), 30, 60),
    "assisted-receipt": AssistedReceiptPage(
        CASE, "K3V9-M2Q7-XW5T-8R4N-6P2C-7D3F", AT, "data:,", "data:,", "data:,", "recordatorio.ics"
    ),
    "assisted-left": AssistedLeftPage(),
    "views": ViewsPage((View("a1b2", "Mis vencidos", "/office?due=overdue"),), (View("c3", "Minas", "/x"),), 60),
    "views-wrong": ViewsPage((), (), 60, (Problem("name", "Ya tiene una."),), "due=overdue"),
    "assignment": AssignmentPage(card(RUNNING), _TEAM[:2], _TEAM[2:], "Ana Ejemplo"),
    "assignment-wrong": AssignmentPage(card(RUNNING), (), _TEAM, "", (Problem("reader", "Elija."),)),
    "assignment-all": AssignmentPage(card(RUNNING), _TEAM, (), ""),
    "take-away": TakeAwayPage(card(RUNNING), _TEAM[0], True, "Ana Ejemplo"),
    "team": TeamPage(_TEAM, (GivenBack(3, "Ana Ejemplo", ("Luis Muestra", "Eva Ejemplo"), 12, AT),), "moved"),
    "team-back": TeamPage(_TEAM, (GivenBack(3, "Ana Ejemplo", ("Luis Muestra",), 1, AT),), "back"),
    "team-leave": TeamPage(_TEAM, (), "leave"),
    "colleague": ColleaguePage(_TEAM[0], oneself=False),
    "colleague-away": ColleaguePage(_TEAM[1], oneself=True),
    "colleague-devices": ColleaguePage(_TEAM[0], oneself=False, devices=_DEVICES),
    "hand-over": HandOverPage(_TEAM[0], _TEAM[2:3], (), (), 0),
    "hand-over-list": HandOverPage(_TEAM[0], _TEAM[1:3], (3,), _PLANNED, 7, (Problem("", "Cambiaron."),)),
    "hand-over-nobody": HandOverPage(_TEAM[0], (), (), (), 0),
    "hand-over-nothing": HandOverPage(_TEAM[1], _TEAM[:1], (), (), 0),
    "way-back": WayBackPage(_TEAM[0], 48),
    "way-back-wrong": WayBackPage(_TEAM[0], 48, problems=(Problem("", "No coinciden."),)),
    "way-back-link": WayBackPage(_TEAM[0], 48, "https://portal.example/office/enrol/" + "0f" * 32),
    "account-away": AccountPage(9, leave=True, account=1),
    "account-devices": AccountPage(9, leave=False, account=1, devices=_DEVICES, enrolled=True),
    "account-device-wrong": AccountPage(
        9, leave=False, account=1, devices=(), device_problems=(Problem("label", "Falta."), Problem("", "No."))
    ),
    "account-at-work": AccountPage(9, leave=False, account=1),
    "audit": AuditPage("example.invalid/log", VKEY, 57, "rlpN6KjeF98ZPEfY80nhC5zvNXheqfjWG/CnQ+NpuK0=", 3600),
    "audit-cosigned": AuditPage(
        "example.invalid/log",
        VKEY,
        57,
        "rlpN6KjeF98ZPEfY80nhC5zvNXheqfjWG/CnQ+NpuK0=",
        3600,
        cosigned=((57, "22 de noviembre de 2026, 10:00"),),
        alarms=((40, 57, "22 de noviembre de 2026, 11:00"),),
    ),
    "audit-wrong": AuditPage("example.invalid/log", VKEY, 0, "", 10, problems=(Problem("from", "No."),)),
    "audit-found": AuditPage(
        "example.invalid/log",
        VKEY,
        57,
        ROOT,
        3600,
        cosigned=((57, "12 mar 2026, 9:00"),),
        age=4,
        look=LookView(57, (FoundView("Lectura a deshoras", "odd-hours", (FOUND, FOUND), 3),)),
        way=WayView(5, (StepView(4, 4, True, ROOT, 92), StepView(6, 7, False, ROOT, 46)), 138),
        opened=OpenedView(5, (FieldView("actor", "Ana Ejemplo", ROOT), FieldView("purpose", "", ROOT)), ROOT, True),
        served=(
            ServedView(9, "2026-03-12 09:00 UTC", "0.1.0", "ab" * 32, "cd" * 32, ("assisted: True",)),
            ServedView(1, "2026-03-01 09:00 UTC", "", "", "cd" * 32, ()),
        ),
    ),
    "audit-since": AuditPage(
        "example.invalid/log",
        VKEY,
        57,
        ROOT,
        3600,
        since=40,
        look=LookView(
            57,
            (
                FoundView("Lectura a deshoras", "odd-hours", (FOUND,), 0, (FOUND, FOUND)),
                FoundView("Lectura masiva", "bulk-read", (), 0, (FOUND,)),
            ),
            40,
            1,
        ),
    ),
    "audit-nothing": AuditPage(
        "example.invalid/log",
        VKEY,
        57,
        ROOT,
        3600,
        look=LookView(57, ()),
        opened=OpenedView(5, (FieldView("actor", "Ana Ejemplo", ROOT),), ROOT, False),
    ),
    "error": ErrorPage(404, "Aquí no hay nada", "La dirección está mal escrita.", "Revise la dirección.", "/"),
}


def person_on(name: str) -> Person | None:
    """Return who is signed in on a sample."""
    desk = ("assignment", "take-away", "team", "colleague", "hand-over", "way-back")
    signed_in = (
        "account",
        "queue",
        "views",
        "card",
        "decision",
        "record",
        "question",
        "answer",
        "evidence",
        "audit",
        *desk,
    )
    role = "auditor" if name.startswith("audit") else "coordinator" if name.startswith(desk) else "reviewer"
    return Person("Ana Ejemplo", role) if name.startswith(signed_in) else None
