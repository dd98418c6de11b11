"""Writes and reads the conformance set that the Python engine and the browser's engine must both answer alike.

`python -m tests.redaction.conformance` writes `tests/vectors/redaction/conformance.jsonl`: one JSON object per line,
`case` (identities, names to keep, language, text) and `answer` (marks, questions, redacted text, what the guard says).
Offsets are code points. Texts are narratives of the examples, sample lines and sentences below, mixed with identifiers
of every kind and with what hides names: marks, look-alikes, pairs and halves of pairs, entities, letters of any script.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml

from app.domain.redaction import Engine, KnownIdentity, Surrogates, apply, guard
from app.domain.redaction.model import known_identity
from app.domain.redaction.reasons import REASONS
from tests.conftest import EXAMPLES
from tests.redaction import numbers
from tests.redaction.synthetic import VECTORS

FILE = VECTORS / "conformance.jsonl"
SEED, MANY = 20260131, 600
_KEYS = {text: key for key, text in REASONS.items()}
Case = dict[str, Any]

SENTENCES = [
    ("es", "Es la única soldadora del turno de noche y lleva once años en la línea 4; le dicen la Chata."),
    ("es", "El tercer nombre de la lista es de quien guarda las actas; su hija está enferma y ella usa muletas."),
    ("es", "Vive en la calle Nogal núm. 118, int. 3, col. Las Huertas, C.P. 20140, León. Placas: AAB-12-34."),
    ("es", "La credencial de elector y el pasaporte G12345678 quedaron en la caseta; nació el 2 de noviembre de 1988."),
    ("es", "Sindicato «Benito Juárez» de Muebles Zárate, S.A. de C.V., en Guadalupe, Nuevo León, y el río Hidalgo."),
    ("en", "She is the only woman on the night test bench, treasurer of the local, with 12 years on the line."),
    ("en", "They came to 2417 Maple Ridge Road, Apt 6, Toledo, OH 43604 in a truck with the plate HKR 4471."),
    ("en", "Write to ana dot ruiz at mail dot example or call (202) 555-0163; her handle is @ana_ruiz99."),
    ("en", "My daughter is pregnant, known as Shorty; GPS 20.6397, -103.3118; see http://example.org/a?b=c."),
    ("en", "Docket 1:25-cv-00417, invoice 99887766, account 1234 5678 9012; the fourth name on the list was hers."),
    ("fr", "C'est la seule femme à l'atelier, déléguée syndicale, dix ans d'ancienneté, surnommée la Puce."),
    ("fr", "Elle habite au 418, rue des Érables, app. 3, Sherbrooke (Québec) J1H 4A7; née le 14 août 1991."),
    ("fr", "Écrivez à jp.desrochers@courriel.example ou au 819 555-0142; matricule 44100; NAS 046 454 286."),
    ("es", "Soy del turno de noche y es sobrino del jefe; le amputaron un dedo. Es la más antigua de la línea."),
    ("en", "I work the night shift, the man with the stutter; we are on third shift. I'm on the day shift."),
    ("es", "Soy la 30418 de almacén. I am number 30418, je suis le 30418; soy el 4 de la lista y soy la 2019."),
    ("fr", "Je suis de l'équipe de nuit; elle a une brûlure au cou. L'ouvrier amputé de l'index a parlé."),
    ("es", "Yo fui quien habló con la prensa; la compañera que grabó el audio, a quien le dicen la Chata, ya no está."),
    ("es", "Soy delegada de la sección 4 y tengo 52 años; a la de lentes se le quebró la muñeca. Trabaja en almacén."),
    ("es", "Me lastimé la mano; le falta un dedo, hablo mixteco, mis muletas. Contrato de 20 años; hace 20 años."),
    ("en", "I broke my wrist; the driver with the pink helmet has burns on both hands. My mother-in-law works in HR."),
    ("fr", "J'ai 52 ans, je suis déléguée; elle s'est coupé la main, celle aux lunettes a été opérée. Il y a 20 ans."),
    ("fr", "Sa fille est enceinte; l'usine de Saint-Jérôme, près de la rue François-Xavier-Garneau, Côté & Fils inc."),
    ("es", "El 3 de marzo me desmayé; entré el lunes 12 de agosto de 2024. Ya me traen en la mira, trabajo de noche."),
    ("es", "Soy la que se quemó con el flux; nomás a mí me cambiaron. La que tuvo gemelos soy yo."),
    ("en", "On March 3 I fainted; I was fired on 6 August. I'm the one who lost a shoe; the guy with the scar is."),
    ("en", "They are out to get me. I work nights. She was the nurse who signed it, and everybody knows."),
    ("fr", "Le 3 mars 2024, je me suis évanouie. C'est moi qui ai parlé; le gars au corset rose est là."),
]  # fmt: skip
NAMESAKES = [
    ("es", "Nos echaron a la calle. {name} gritó; en la calle {name} vive mi tía, y en la av. {name} no hay luz."),
    ("es", "El supervisor {name} nos gritó. Al Ing. {name} le reclamamos; {name}, el gerente, rió. A {name} no."),
    ("es", "Pedro {name} y el Sr. {name} firmaron con la Sra. {name}; el jefe de turno {name} no. Vino {name}."),
    ("en", "Mr. {name}, the foreman, shouted. Robert {name} and Ms. {name} were there; {name} signed."),
    ("fr", "Le contremaître {name} a crié; Mme {name} et M. {name} étaient là, puis {name}, la directrice."),
]  # fmt: skip
AWKWARD = [
    KnownIdentity("A1", given="Víctor", surname1="Saint-Pierre", surname2="Austin", aliases=("Memo",)),
    KnownIdentity("A2", given="Abril Mercedes", surname1="Santa Cruz", surname2="Ford"),
    KnownIdentity("A3", given="Luis Miguel", surname1="San Juan", surname2="Morelos"),
    KnownIdentity("A4", given="Hope", surname1="Castle"),
]
BESIDE = [
    ("es", "{name} y yo firmamos, yo y {name}; despidieron a {name}. {name} fue corrida. Movieron a {name} de área."),
    ("en", "{name} and I signed; me and {name}. They fired {name}; {name} was fired. They moved {name} to line 7."),
    ("fr", "{name} et moi avons signé. On a congédié {name}; {name} a été congédié. Ils ont muté {name} à la ligne 7"),
]  # fmt: skip
THINGS = [
    ("es", "le dije a memo que no y víctor dijo que sí; de Morelos a Austin, La Mercedes (la pastelería) y su Ford."),
    ("es", "San Juan firmó; fue a San Juan, Puerto Rico. Luis Miguel no. La Operadora Mercedes y la cerveza Víctor."),
    ("es", "En abril y mayo, la Marcha de Santa Cruz; en el café El Memo, y en la clínica Mercedes nos dijo."),
    ("en", "Hope you are well. The Victor brand, a Ford truck, the Castle girl; in May and April, a Port of Austin."),
    ("en", "And the Welder Hope said so; from Austin to Morelos; number 4369 9853 9152 0578; numbered 20250418-33."),
    ("es", "La patrulla Mercedes 4, la glorieta del Ford; Morelos, la de Durango; en todo Austin; el perro Memo, Leo."),
    ("es", "El café se llama Mercedes; por la avenida Luis Miguel Morelos; el gobernador Ford; ruta Morelos-Austin."),
    ("en", "They passed around a memo. Austin, the town of bats; Hope's Kitchen; Castle brand paint."),
    ("fr", "Le bateau Mercedes est parti; le prix Hope Castle; l'arche de Noé; Austin, la ville; le chat, Memo, dort."),
    ("es", "Av. Hidalgo 45-bis, Apaseo; 2a cerrada Pino 5, segundo piso, 74059 Texmelucan; C. 59-A núm. 412 x 84."),
    ("es", "Andador Lirio, edificio 12, depto. 3; IMSS: 97-90-94-8091-1; CLABE 072180004123987452; Placas: EK-307-82."),
    ("fr", "J'habite au 2315, 8e Avenue, app. 4, Québec (Québec) G1J 3N6; au 215, 6e Rang, Saint-Élie, G0X 2N0."),
    ("en", "At 2207 Olive Avenue, Apt. 6, El Paso, TX 79901; MEPR83O7O7MBCNRSOO; ee# 60140; card 5201 2344 0098 7610."),
    ("fr", "Mme St-Pierre et M. Saint-Pierre; le mont Morelos est loin, l'Austin (une usine), la loi Ford."),
]  # fmt: skip
SHORTENED = [
    KnownIdentity("B1", given="Saúl Ramón", surname1="Itzá", surname2="del Álamo"),
    KnownIdentity("B2", given="Inés", surname1="Ch'en", surname2="D'Amico"),
    KnownIdentity("B3", given="Luz Eva", surname1="Solís", surname2="Uc"),
    KnownIdentity("B4", given="Francisco Javier", surname1="Bautista", surname2="Hernández"),
    KnownIdentity("B5", given="Rocío", surname1="van der Berg", surname2="Salinas"),
]
SLIPS = [
    ("es", "Firman SRIA y la C. S. R. I. del Á.; R. van der B. no. El IMSS, la CTM y S. A. de C. V. tampoco; RVS sí."),
    ("es", "La prensa UC-40 es de INÉS CH’EN D'AMICO; Ch´en y D’ Amico, o Damico Chen, y la D'Amico firmaron."),
    ("es", "Saú1 Ramón de1 Á1amo; Lu2 Eva Solís; Luz 3va 5olís 0c; ROCIO VAN DER BER6 5ALINAS y de1 Alamo."),
    ("es", "Hdz. firmó, Fco. no; Bautista Hdz. Fco. J., Fern. Bautista, Roc. van der Berg y Bau. Hernández sí."),
    ("es", "Es rociovdb arroba correo guion demo punto mx; hola, soy yo la chio, habla rocío; W. T. Salinas."),
    ("es", "Por la avenida Solís Lugo. 04/05: salió; en la calle Salinas nos vio la unidad 0311; «Rocío's»."),
    ("en", "Write to inesdamico at mail dot example, her Salinas beer, a Rocío truck; R. v. d. B. S. and T. S. Solís."),
    ("fr", "Courriel : r.salinas chez courriel tiret demo point ca; chez Paul point final; l'autoroute Guy-Solís."),
]  # fmt: skip
CLIPPED = [
    KnownIdentity("C1", given="Clemencia Itzayana", surname1="Balam", surname2="Pech", aliases=("Memé",)),
    KnownIdentity("C2", given="María Fernanda", surname1="Tun", surname2="Ake"),
    KnownIdentity("C3", given="Vanessa", surname1="Ivich", surname2="Matos"),
    KnownIdentity("C4", given="Soledad Joy", surname1="Cruz", surname2="Hope"),
]
CUTS = [
    ("es", "Itza trae la llave. Cleme y mafer no; le dije a cleme que Vani ya. VANI, MAF e Ivi. Mat. 5; Fern. Tun."),
    ("es", "Memé vino; Même no; la cantina Cleme, Cleme Ortiz, doña cleme. Ma. soledad de la cruz; soledad."),
    ("en", "If lost call joy, ask soledad. Itzi and Vanni Matos; joy fainted, then joy quit. Clem. Balam, nanda."),
    ("fr", "Mémé a crié. Memé aussi, puis Vanou; à cleme on a dit non: «Nessa», Clemi Balam."),
]  # fmt: skip
FORMS = [
    KnownIdentity("D1", given="Rosa Elia", surname1="Saldívar", surname2="Yebra", aliases=("la Eli", "pru")),
    KnownIdentity("D2", given="José Antonio", surname1="de la Cruz", surname2="Mora"),
    KnownIdentity("D3", given="Luz Hope", surname1="Ley", surname2="Saint-Fleur"),
    KnownIdentity("D4", given="Ángel Leonel", surname1="Bosco", surname2="de la O"),
]
WAYS = [
    ("es", "Rosa Elia Saldívar de Oyervides, Rosa Saldívar de Monterrey; Saldívar Y., R.; Saldívar Y., R. Pérez."),
    ("es", "[22:31] pru: ya\n7:05 pm - pru: no; toño no, Toño quiso. Tono bajo. Al De la Cruz, la Cruz Roja; J. Ant."),
    ("es", "me yamo lus ley, Anna Ley; un leonel, Leon no vino, en León; llámeme al 483-100-62-19 o al 488 12 0 77 34"),
    ("es", "SD 374.89\n7731 COLON; colegio Don Bosco; Domicilio conocido, Ejido Sol; Andador Lis 9, Unidad Hab. Sur."),
    ("es", "calle San Miguel 23, calle Morelos s/n, a un lado del molino, Ejido Alegre; Fracc. Sol, calle Luz 5-8."),
    ("es", "El grupo se llama «Ángel obrero»; Ley, Mora y Asociados; Mora & Kline; el Memo No. 58 es de De la Torre."),
    ("es", "MARÍA DEL Rosa Elia Saldívar, Ma. Luz Hope Ley y Ana-Rosa Yebra; Saldívar Yebra, R. E.; Mora, J. de la."),
    ("es", "rosa saldibr yebr, roza yebra; Sal. Yebra; decl_saldivar_rosa_v3.docx, IMG_44_leyluz_02.jpg; #YoSoyLuzLey"),
    ("es", "Ley Saint-Fleur Luz A; los Moras y the Leys; jm.mora.cruz; L, U, Z; tienda Don Bosco; de la O, la O."),
    ("es", "El 9 de Ley, esquina con Mora, esq. Saldívar; la tienda La Cruz; metro Bosco; Mora es una ciudad."),
    ("es", "calle Mora esq. Cruz Verde. Total 4 aquí; a fines de mayo, mamá de Luz.\nMORA ROSA LUZ    40771  NSS"),
    ("es", "Nuestra Señora de la Cruz; Yebra Saldívar, R. E.; A. L. B. d. l. O.; Bosco O Ángel de la; Leo nel Bosco."),
    ("fr", "Ley (loi de), Bosco-sur-Mer, León contra Tigres; Jean-Luz Ley, Sainte-Luz; who is pru; Luna Mz. 4 Lt. 17."),
    ("en", "That's Hope's, Hope's Tacos; L. H. L.-S. and L. S.-F. signed. R.E.S. Case 7; a white Tsuru FKV-31-90."),
    ("en", "At number 15 of Privada Los Olivos, Col. Sur. The Boscos and the Moras are Bosco & Dunn; Ley, in Texas."),
    ("fr", "Lucha n'a pas dormi; le 6 h 50, quai 14; domicile connu, en face du puits; M. A. L.-B.; Rosa Eli. Sal."),
]  # fmt: skip
HOSTILE = [
    "\u200b", "\u00ad", "\u0301", "\ud800", "\udfff", "😀", "𝓐", "𝒶𝓃𝒶", "🅰", "𐐀", "𐐨", "中", "한", "１２",
    "²", "①", "½", "ﬁ", "ß", "ẞ", "İ", "ı", "ς", "Σ", "Ꭰ", "ꭰ", "\u0345", "\u2028", "\u00a0", "\u3000",
    "&#225;", "&eacute;", "&amp;#233;", "%C3%A1", "=C3=A9", "=\n", "\\u00e1", "Ã¡", "-\n", "‐\n ",
    "\r\n", "\t", "\x1c", "\x85", "\ufeff", "\u202e", "🇦", "<b>", "</b>", "**", "__", "`", "@", "_",
    ".", "'", "’", '"', "«", "»", "\ue000", "Ґ", "а", "е", "о", "𠮷", "𐄇", "𑁦", "٣", "۴", "😀\u200d😁",
    "\u0378", "\U0001fae8", "Ა", "ა", "[TESTIGO-01]", "[PETICIONARIA-2]", "[WITNESS-12]", "ª", "Mª ",
]  # fmt: skip
STRANGER = KnownIdentity(
    id="Z",
    name="Ω 中村",
    aliases=("😀😀", "𠮷野", "el 𝓖ato"),
    identifiers=(("", "00 11 92 5528 9"), ("birth_date", "1990-02-03"), ("email", "ana.z@x.example")),
)  # fmt: skip


def plain(who: KnownIdentity) -> dict[str, Any]:
    """Return an identity as the browser's engine is given it."""
    parts = {"given": who.given, "surname1": who.surname1, "surname2": who.surname2, "name": who.name}
    return {"id": who.id, **parts, "aliases": list(who.aliases), "identifiers": [list(one) for one in who.identifiers]}


def identity(values: dict[str, Any]) -> KnownIdentity:
    """Return an identity from its plain form."""
    lists = {"aliases": tuple(values["aliases"]), "identifiers": tuple(map(tuple, values["identifiers"]))}
    return KnownIdentity(**{**values, **lists})


def answer(case: Case) -> dict[str, Any]:
    """Return what the Python engine says of a case, with the names of reasons instead of their texts."""
    identities = [identity(one) for one in case["identities"]]
    found = Engine(identities, case["keep"], case["language"]).analyse(case["text"])
    surrogates = Surrogates([one.id for one in identities], case["language"], bytes)
    return {
        "marks": [
            [one.start, one.end, one.label, one.identity_id, one.kind, one.certainty, _KEYS[one.reason]]
            for one in found.marks
        ],
        "suggestions": [[one.start, one.end, one.kind, _KEYS[one.reason]] for one in found.suggestions],
        "redacted": apply(case["text"], found.marks, surrogates),
        "guard": [hit.kind for hit in guard.check({"text": case["text"]})],
    }


def cases(random: Random, many: int) -> Iterator[Case]:
    """Yield cases: some as they are, most of them spoilt."""
    bases = list(_bases())
    for place in range(many):
        language, text, people = bases[place] if place < len(bases) else random.choice(bases)
        if place >= len(bases):
            text = _spoilt(_with_numbers(text, random), bases, random)
        if random.random() < 0.1:
            people = [*people, STRANGER]
        words = text.split()
        keep = [" ".join(words[4:6])] if random.random() < 0.2 and len(words) > 6 else []
        yield {"language": language, "keep": keep, "text": text, "identities": [plain(who) for who in people]}


def narratives() -> list[str]:
    """Return the paragraphs of the examples' narratives."""
    return [text for language, text, people in _bases() if len(people) > 1 and len(text) > 200]


def _bases() -> Iterator[tuple[str, str, list[KnownIdentity]]]:
    people: list[KnownIdentity] = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        petition = yaml.safe_load(path.read_text(encoding="utf-8"))
        people = [known_identity(one) for one in petition.get("witnesses") or ()]
        for paragraph in petition["facts"]["narrative"].split("\n\n"):
            yield petition["language"], paragraph.strip(), people
    for line in (VECTORS / "sample.jsonl").read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        yield sample["lang"], sample["text"], [known_identity(one) for one in sample["known_identities"]]
    for language, sentence in SENTENCES:
        yield language, f"{sentence} {people[0].given} {people[0].surname1}.", people
    yield from ((language, sentence.format(name=people[0].surname1), people) for language, sentence in NAMESAKES)
    yield from ((language, sentence.format(name=people[0].given), people) for language, sentence in BESIDE)
    for sentences, who in ((THINGS, AWKWARD), (SLIPS, SHORTENED), (CUTS, CLIPPED), (WAYS, FORMS)):
        yield from ((language, sentence, who) for language, sentence in sentences)


def _with_numbers(text: str, random: Random) -> str:
    for _ in range(random.randint(0, 2)):
        make, cued, bare = numbers.KINDS[random.choice(list(numbers.KINDS))]
        value = make(random)
        value = random.choice([value, value.lower(), numbers.apart(value, random), numbers.fours(value, random)])
        if random.random() < 0.2:
            cut = random.randint(1, len(value) - 1)
            value = f"{value[:cut]}\n{value[cut:]}"
        place = random.randint(0, len(text))
        text = f"{text[:place]} {random.choice([cued, bare or cued]).format(value)} {text[place:]}"
    return text


def _spoilt(text: str, bases: list[tuple[str, str, list[KnownIdentity]]], random: Random) -> str:
    for _ in range(random.randint(0, 6)):
        place = random.randint(0, len(text))
        end = min(len(text), place + random.randint(1, 20))
        part = text[place:end]
        other = random.choice(bases)[1]
        piece = random.choice(
            [random.choice(HOSTILE) + part] * 4 + ["", part.upper(), " ".join(part), part + other[place : place + 30]]
        )
        text = text[:place] + piece + text[end:]
    return _as_javascript_has_it(text[:1500])


def _as_javascript_has_it(text: str) -> str:
    """Return a text whose neighbouring halves of a pair are the pair, which is all that a browser can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def read() -> list[dict[str, Any]]:
    """Return the lines of the set."""
    return [json.loads(line) for line in FILE.read_text(encoding="ascii").split("\n") if line]


def write(path: Path = FILE) -> None:
    """Write the set."""
    lines = (json.dumps({"case": case, "answer": answer(case)}) for case in cases(Random(SEED), MANY))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


if __name__ == "__main__":
    write()
