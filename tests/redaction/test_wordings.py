"""Less exact words stand in a sentence in the place of what told too much, and it stays a sentence."""

import pytest

from app.domain.redaction import Engine, KnownIdentity
from app.domain.redaction.model import QUASI_IDENTIFIER
from app.domain.redaction.reasons import REASONS
from app.domain.redaction.wordings import less_exact
from tests import node
from tests.redaction.twin import HERE

BRAULIO = KnownIdentity("W1", given="Braulio", surname1="Cen", aliases=("el Chino",))
KEYS = {text: key for key, text in REASONS.items()}

SENTENCES = [
    ("es", "Braulio Cen y yo juntamos 40 firmas.", "Braulio Cen y varias personas más juntamos 40 firmas."),
    ("es", "Yo y Braulio Cen juntamos 40 firmas.", "Varias personas y Braulio Cen juntamos 40 firmas."),
    ("es", "El 14 corrieron a Braulio Cen y a otros seis.", "El 14 perjudicaron a Braulio Cen y a otros seis."),
    ("es", "Braulio Cen fue despedido el 14.", "Braulio Cen fue perjudicado el 14."),
    ("es", "Movieron a Braulio Cen a la línea 7.", "Movieron a Braulio Cen de lugar."),
    ("es", "Soy del turno de noche y me movieron de área.", "Soy de la planta y me hicieron un cambio."),
    ("es", "Braulio tiene familia en la planta y tiene miedo.", "Braulio tiene personas cercanas y tiene miedo."),
    ("es", "Mi hija que trabaja ahí vio todo.", "Una persona de la familia que trabaja ahí vio todo."),
    ("es", "Sus hijos lo vieron.", "Unos familiares lo vieron."),
    ("es", "Es la única soldadora del área.", "Es una persona del grupo."),
    ("es", "Era el tercer nombre de la lista.", "Era un nombre de la lista."),
    ("es", "Lleva once años trabajando en la empresa.", "Lleva varios años trabajando en la empresa."),
    ("es", "Ella es la delegada sindical.", "Ella es una persona del grupo."),
    ("es", "Fue quien juntó las firmas.", "Fue quien ayudó."),
    ("es", "Perdió dos dedos en la prensa.", "Sufrió un daño en la prensa."),
    ("es", "Está embarazada de cinco meses.", "Está en una situación personal."),
    ("es", "Yo fui quien habló con la televisión.", "Yo fui parte del grupo."),
    ("es", "La compañera que grabó el audio ya no viene.", "Una persona del grupo."),
    ("es", "La hermana de Braulio Cen vio todo.", "Una persona conocida de Braulio Cen vio todo."),
    ("es", "Corrieron al papá de Braulio Cen.", "Corrieron a una persona conocida de Braulio Cen."),
    ("es", "Soy delegada de la sección 4.", "Soy parte del grupo."),
    ("es", "Me nombraron delegado sindical.", "Me dieron una tarea."),
    ("es", "La muchacha tiene 19 años cumplidos.", "La muchacha tiene cierta edad."),
    ("es", "Me lastimé la mano en la prensa.", "Sufrí un daño en la prensa."),
    ("es", "La prensa le aplastó la mano derecha.", "La prensa le hizo daño."),
    ("es", "Se desmayó en la línea.", "Tuvo un problema de salud en la línea."),
    ("es", "Le falta una falange del índice.", "Sufrió un daño."),
    ("es", "A la de lentes la mandaron a su casa.", "A una persona la mandaron a su casa."),
    ("es", "Trabaja en almacén desde marzo.", "Trabaja en la planta desde marzo."),
    ("en", "Braulio Cen's older sister saw it.", "Braulio Cen's relative saw it."),
    ("en", "The wife of Braulio Cen signed.", "A relative of Braulio Cen signed."),
    ("en", "I broke my wrist there.", "I was hurt there."),
    ("en", "The forklift driver with the pink helmet saw it.", "A worker saw it."),
    ("fr", "La sœur de Braulio Cen a signé.", "Une personne proche de Braulio Cen a signé."),
    ("fr", "Elle a été hospitalisée.", "Elle a eu un problème de santé."),
    ("fr", "Je suis déléguée syndicale.", "Je suis membre du groupe."),
    ("fr", "Celle aux lunettes a parlé.", "Une personne a parlé."),
    ("es", "El 3 de marzo me gritaron.", "En marzo me gritaron."),
    ("es", "Me citaron el lunes 12 de agosto de 2024 en la oficina.", "Me citaron en agosto de 2024 en la oficina."),
    ("es", "Braulio Cen protestó el 3 de marzo.", "Braulio Cen protestó en marzo."),
    ("es", "El 9 de julio golpearon a Braulio Cen.", "En julio golpearon a Braulio Cen."),
    ("es", "Ya me traen en la mira y tengo miedo.", "Hay presión y tengo miedo."),
    ("es", "Soy la que se quemó la cara.", "Soy parte del grupo."),
    ("es", "Fui el único que se quedó adentro.", "Fui una persona del grupo."),
    ("es", "La que tuvo gemelos soy yo.", "Soy parte del grupo."),
    ("es", "En inyección nomás yo hablo náhuatl.", "En inyección hay quien hace eso."),
    ("es", "Siempre trabajo de noche.", "Siempre trabajo en la planta."),
    ("es", "Braulio Cen trabaja en el turno de noche.", "Braulio Cen trabaja en la planta."),
    ("en", "On March 3, 2024, I spoke up.", "In March 2024, I spoke up."),
    ("en", "I was fired on 6 August after that.", "I was fired in August after that."),
    ("en", "They are out to get me.", "There is pressure."),
    ("en", "I'm the one who lost two fingers.", "I'm one of the workers."),
    ("en", "The guy who called the inspector is asking.", "One of the workers is asking."),
    ("en", "I work nights.", "I work in the plant."),
    ("fr", "Le 3 mars 2024, je suis partie.", "En mars 2024, je suis partie."),
    ("fr", "C'est moi qui ai apporté les papiers.", "C'est une personne du groupe."),
    ("fr", "On me surveille depuis.", "Il y a des pressions depuis."),
    ("fr", "Je travaille de nuit.", "Je travaille à l’usine."),
    ("en", "Braulio Cen and I collected 40 signatures.", "Braulio Cen and several others collected 40 signatures."),
    ("en", "They fired Braulio Cen and six more.", "They punished Braulio Cen and six more."),
    ("en", "They moved Braulio Cen to line 7.", "They moved Braulio Cen elsewhere."),
    ("en", "I work the night shift.", "I work in the plant."),
    ("en", "She is the only woman in welding.", "She is one person of the group."),
    ("en", "My sister works in the plant.", "A relative works in the plant."),
    ("en", "He still has family in the plant.", "He still has people to care for."),
    ("en", "She has 12 years of service.", "She has some years of service."),
    ("en", "She is the one who keeps the minutes.", "She is one of the workers."),
    ("en", "They know who keeps the minutes.", "They know who helps."),
    ("en", "He lost two fingers.", "He was hurt."),
    ("fr", "Braulio Cen et moi avons signé.", "Braulio Cen et plusieurs d’entre nous avons signé."),
    ("fr", "Ils ont congédié Braulio Cen.", "Ils ont pénalisé Braulio Cen."),
    ("fr", "Je suis de l'équipe de nuit.", "Je suis à l’usine."),
    ("fr", "C'est la seule femme de l'atelier.", "C'est une personne du groupe."),
    ("fr", "Sa fille est enceinte.", "Une personne de la famille est dans une situation personnelle."),
    ("fr", "Elle a dix ans d'ancienneté.", "Elle a des années d'ancienneté."),
    ("fr", "Elle a encore de la famille à l'usine.", "Elle a des proches."),
]  # fmt: skip
STRETCHES = [
    "El 9 de octubre", "desde el lunes 3 de marzo de 2026", "el primero de mayo del 25", "el día 12 de agosto",
    "on Monday, August 3rd", "since the 5th of May 2026", "On Aug. 9", "on 14 March, 2025",
    "le 14 août", "Le lundi 3 février 2026", "le 1er décembre",
    "corrieron", "Despidió", "corren", "despedida", "suspendido", "fired", "Laid off",
    "congédiée", "licencié", "renvoyé", "gritaron", "hoy",
]  # fmt: skip


@pytest.mark.node
def test_less_exact_words_keep_a_sentence_whole() -> None:
    """Every question of a sentence taken as offered gives a sentence with its verb, number and gender, and no more."""
    asked = [_asked(language, text) for language, text, _ in SENTENCES]
    words = iter(node.run(HERE / "wordings.mjs", [[why, text[a:b]] for text, found in asked for a, b, why in found]))
    said = [_worded(text, [(a, b, next(words)) for a, b, _ in found]) for text, found in asked]
    assert said == [expected for _, _, expected in SENTENCES]


@pytest.mark.node
@pytest.mark.parametrize("why", ["day", "dismissed"])
def test_page_and_program_say_a_day_and_an_act_less_exactly_alike(why: str) -> None:
    """What the careful choice and the keyboard put there is what the page offers first."""
    words = node.run(HERE / "wordings.mjs", [[why, stretch] for stretch in STRETCHES])
    ours = [less_exact(REASONS[why], stretch) or "" for stretch in STRETCHES]
    assert ours == [said or "" for said in words]
    assert sum(map(bool, ours)) > 5


def _asked(language: str, text: str) -> tuple[str, list[tuple[int, int, str]]]:
    found = Engine([BRAULIO], language=language).analyse(text).suggestions
    return text, [(one.start, one.end, KEYS[one.reason]) for one in found if one.kind == QUASI_IDENTIFIER]


def _worded(text: str, stretches: list[tuple[int, int, str]]) -> str:
    for start, end, words in reversed(stretches):
        text = text[:start] + words + text[end:]
    return text
