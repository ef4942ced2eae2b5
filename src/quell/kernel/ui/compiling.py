"""How templates become Python: what is known when a template is compiled is not worked out again on every page.

Jinja2 looks every function up by its name, asks of each whether it wants the context, escapes what is markup already,
and hands every piece of a page up through all the templates it extends. A page of ours has three hundred calls, most
of them sentences and icons with fixed arguments. So, for the functions an environment names:

- `constant`: calls with fixed arguments are made while compiling, and become text between texts;
- `direct`: other calls are written as plain Python calls; what is also in `markup` is not escaped a second time.

Blocks and includes are joined where they stand. And `a.b` of a dictionary asks for the key first, as people who write
`row.title` mean it.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from keyword import iskeyword
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import escape


class Generator(CodeGenerator):
    """Writes direct calls, and joins blocks and includes."""

    environment: Environment

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """`environment.call_icon(…)`."""
        if not isinstance(node.node, nodes.EnvironmentAttribute):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write(f"environment.{node.node.name}(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        for named in node.kwargs:
            self.write(f"{named.key}=")
            self.visit(named.value, frame)
            self.write(", ")
        self.write(")")

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        """One piece for the whole include."""
        named = isinstance(node.template, nodes.Const) and isinstance(node.template.value, str)
        if node.ignore_missing or not node.with_context or not named:
            super().visit_Include(node, frame)
            return
        self.writeline("template = environment.get_template(", node)
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")
        local = self.dump_local_context(frame)
        self.start_write(frame, node)
        self.write(f"concat(template.root_render_func(template.new_context(context.get_all(), True, {local})))")
        self.end_write(frame)

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """A block, and the template that is extended, is handed up as one piece."""
        if x.startswith("yield from "):
            x = f"yield concat({x.removeprefix('yield from ')})"
        super().writeline(x, node, extra)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.EnvironmentAttribute):
            if node.node.name.removeprefix("call_") in self.environment.markup and frame.eval_ctx.autoescape:
                self.write("(")
                return
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escape(")
            return
        super()._output_child_pre(node, frame, finalize)


class _Folding(NodeTransformer):
    """Makes the calls that can be made now, and marks those that can be direct."""

    def __init__(self, environment: Environment, hidden: set[str]) -> None:
        self.environment = environment
        self.hidden = hidden

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        """`_("Close")` becomes the word, `icon(one.icon)` a direct call."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in self.hidden or node.dyn_args or node.dyn_kwargs or any(iskeyword(one.key) for one in node.kwargs):
            return node
        if name in self.environment.constant:
            try:
                arguments = [one.as_const() for one in node.args]
                named = dict(one.as_const() for one in node.kwargs)
            except nodes.Impossible:
                pass
            else:
                made = self.environment.constant[name](*arguments, **named)
                return nodes.Const(made, lineno=node.lineno)
        if name in self.environment.direct:
            function = nodes.EnvironmentAttribute(f"call_{name}", lineno=node.lineno)
            return nodes.Call(function, node.args, node.kwargs, None, None, lineno=node.lineno)
        return node


class Environment(jinja2.Environment):
    """An environment that knows some of its functions while it compiles."""

    code_generator_class = Generator
    constant: dict[str, Callable[..., str]] = {}
    direct: dict[str, Callable[..., Any]] = {}
    markup: frozenset[str] = frozenset()
    escape: Callable[[object], str] = staticmethod(escape)

    def know(
        self,
        constant: dict[str, Callable[..., str]],
        direct: dict[str, Callable[..., Any]],
        markup: frozenset[str],
        escape: Callable[[object], str],
    ) -> None:
        """Say which functions these are. `constant` ones must give the same for the same arguments in this process."""
        self.constant, self.direct, self.markup, self.escape = constant, direct, markup, escape
        for name, function in direct.items():
            setattr(self, f"call_{name}", function)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain dictionary for a template: it is copied for every page, and a chain of two copies slowly."""
        return {**self.globals, **(d or {})}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`a.b`: the key of a dictionary, else the attribute, else the item."""
        if type(obj) is dict:
            try:
                return obj[attribute]
            except KeyError:
                pass
        return super().getattr(obj, attribute)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        hidden = {one.name for one in source.find_all(nodes.Name) if one.ctx != "load"}
        folded = _Folding(self, hidden).visit(source)
        return super()._generate(folded, name, filename, defer_init)
