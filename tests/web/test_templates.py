"""Every page is drawn from the context it declares, in every language, without script or style of its own."""

import re
from dataclasses import fields
from html.parser import HTMLParser
from importlib import import_module
from pkgutil import iter_modules

import pytest
from jinja2 import Environment, TemplateAssertionError, meta, nodes

from app.domain.labels import TABLES, label
from app.i18n import LANGUAGES
from app.resources import TEMPLATES
from app.web import contexts
from app.web.assets import Assets
from app.web.contexts.frame import Frame, Page
from app.web.language import LanguageLink
from app.web.pages import Pages, environment, render_page, vocabulary
from app.web.settled import SettledEnvironment
from tests.web.samples import SAMPLES, person_on

MODULES = tuple(import_module(f"{contexts.__name__}.{found.name}") for found in iter_modules(contexts.__path__))
CLASSES = {cls for module in MODULES for cls in vars(module).values() if isinstance(cls, type)}
PAGES = sorted((cls for cls in CLASSES if issubclass(cls, Page) and cls is not Page), key=lambda page: page.template)


def frame(language: str, name: str = "", deployment: str = "custodian") -> Frame:
    links = tuple(LanguageLink(code, code, f"?lang={code}", code == language) for code in LANGUAGES)
    where = ("example.invalid", deployment, "https://portal.example")
    return Frame(language, links, *where, person_on(name), "f" * 64, signing="required")


def _names(assets: Assets, template: str) -> set[str]:
    # Jinja counts names imported outside a block as undeclared inside it, so they are taken off here.
    made = environment("en", TEMPLATES, assets, Environment)
    source = made.loader.get_source(made, template)[0] if made.loader else ""
    tree = made.parse(source)
    imported = {name for found in tree.find_all(nodes.FromImport) for name in found.names}
    names = meta.find_undeclared_variables(tree) - imported
    for other in meta.find_referenced_templates(tree):
        names |= _names(assets, str(other))
    return names


@pytest.mark.parametrize("page", PAGES)
def test_template_uses_the_names_it_declares(page: type[Page], assets: Assets) -> None:
    """A name that is used but not declared fails a reader; one declared but not used carries data for nothing."""
    words = set(vocabulary("en", assets)) | {"self"}
    declared = {field.name for field in fields(page)}  # type: ignore[arg-type]  # pages are dataclasses
    assert _names(assets, page.template) - words - {"frame"} == declared


def test_every_page_is_sampled() -> None:
    """A page without an example would escape these tests."""
    assert {type(page) for page in SAMPLES.values()} == set(PAGES)


class _Reader(HTMLParser):
    """Collects what the tests look at: tags, ids, references and labels."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [found for _, attributes in self.attributes if (found := attributes.get(name))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_page_renders_in_every_language(name: str, language: str, pages: Pages) -> None:
    """StrictUndefined and the catalogues hold for each page; nothing is inline; forms are declared; ids are one."""
    page = SAMPLES[name]
    text = pages.text(page, frame(language, name))
    read = _Reader(text)
    assert f'<html lang="{language}">' in text
    assert ("form" in read.tags) == page.forms
    assert "style" not in read.tags
    scripts = [attributes for tag, attributes in read.attributes if tag == "script"]
    assert bool(scripts) == page.sealed or page.improved
    assert all(attributes.get("src") and attributes.get("integrity") for attributes in scripts)
    assert not [
        key for _, attributes in read.attributes for key in attributes if key == "style" or key.startswith("on")
    ]
    assert read.tags.count("h1") == 1 or page.sealed  # a sealed page shows one of its steps at a time
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    referred = [
        one for key in ("for", "aria-labelledby", "aria-describedby") for v in read.values(key) for one in v.split()
    ]
    anchors = [v[1:] for v in read.values("href") if v.startswith("#")]
    assert {*referred, *anchors} <= set(ids)
    assert not re.search(r"https?://(?!portal\.example|www\.w3\.org)", text)


@pytest.mark.parametrize("deployment", ["office", "custodian"])
def test_deployment_is_named_on_home_and_status(deployment: str, pages: Pages) -> None:
    """A petitioner must see whether this portal is the official channel before a clock is expected to run."""
    for name in ("home", "status", "status-result"):
        text = pages.text(SAMPLES[name], frame("en", name, deployment))
        assert ("not the official channel" in text) == (deployment == "custodian")


def test_record_text_is_escaped_and_surrogates_set_apart(pages: Pages) -> None:
    """A narrative is a stranger's text: it never becomes markup."""
    text = pages.text(SAMPLES["record"], frame("es", "record"))
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert '<span class="redacted">TESTIGO-02</span>' in text
    assert '<span class="redacted">NÚMERO DE EMPLEADO-1</span>' in text


def test_every_label_is_translated_and_unknown_codes_stay() -> None:
    """A code that we have not met is shown as it was written."""
    for table, words in TABLES.items():
        for code in words:
            assert label("es", table, code)
    assert label("es", "denial", "SOMETHING_NEW") == "SOMETHING_NEW"


@pytest.mark.parametrize("language", LANGUAGES)
def test_settled_words_change_no_page(language: str, assets: Assets, pages: Pages) -> None:
    """A page whose fixed words were settled at its compilation is, to the byte, the one that looks each of them up."""
    plain = environment(language, TEMPLATES, assets, Environment)
    for name, page in SAMPLES.items():
        where = frame(language, name)
        assert pages.text(page, where) == render_page(plain.get_template(page.template), page, where), name


def test_settled_words_have_one_meaning() -> None:
    """A template that called a variable `label` would get the label's words in its place: it is refused."""
    made = SettledEnvironment()
    made.fixed = {"label": str.upper}
    assert made.from_string("{{ label('a') }}{{ label(b) }}", {"label": str.upper}).render(b="b") == "AB"
    for source in ("{% for label in 'ab' %}{{ label('a') }}{% endfor %}", "{% macro m(label) %}{% endmacro %}"):
        with pytest.raises(TemplateAssertionError, match="one meaning"):
            made.from_string(source)
