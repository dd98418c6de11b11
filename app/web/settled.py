"""Templates in which fixed words are settled when a template is compiled, not each time it is drawn.

An environment speaks one language, so `{{ _("Workplace") }}` says the same on every page: it becomes part of the text
around it. A page of the office says some hundred such words, and drawing it takes a third of the time without them.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

from jinja2 import Environment, TemplateAssertionError, nodes
from jinja2.visitor import NodeTransformer


class _Settling(NodeTransformer):
    """Puts what a known function says to constants in the place of its call."""

    def __init__(self, fixed: Mapping[str, Any]) -> None:
        self._fixed = fixed

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's own naming
        """Settle a call like `_("Workplace")`; one with a value in it stays."""
        self.generic_visit(node)
        called, given = node.node, [each.value for each in node.args if isinstance(each, nodes.Const)]
        only_constants = len(given) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if isinstance(called, nodes.Name) and called.name in self._fixed and only_constants:
            return nodes.Const(self._fixed[called.name](*given), lineno=node.lineno, environment=node.environment)
        return node

    def visit_Name(self, node: nodes.Name) -> nodes.Name:  # noqa: N802 - the visitor's own naming
        """Refuse a template that gives one of these names another meaning."""
        if node.ctx != "load" and node.name in self._fixed:
            raise TemplateAssertionError(f"{node.name} has one meaning in every template", node.lineno)
        return node


class SettledEnvironment(Environment):
    """A template environment with functions that always say the same to the same constants: `fixed`, by name."""

    fixed: Mapping[str, Any] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template finds beside its page's own: one table, as each import compares its names."""
        return {**self.globals, **(d or {})}

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        """Compile a template; Jinja leaves this place to subclasses."""
        return super()._generate(_Settling(self.fixed).visit(source), *args, **options)
