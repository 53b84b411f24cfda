"""Nothing that turns text into code or markup: not in Python, not in templates, not in JavaScript."""

import ast
import re
from pathlib import Path

from tests.house.sources import files, nodes, served_python, text_of

CALLS = {"eval", "exec", "render_template_string", "Markup"}
MODULES = {"pickle", "marshal", "shelve", "random", "dill"}
ATTRIBUTES = {("yaml", "load"), ("os", "system"), ("os", "popen"), ("jinja2", "Template"), ("random", "random")}
MARKED_SAFE_IN_ONE_MODULE = "Markup"

IN_TEMPLATES = {
    "unescaped": r"\|\s*safe\b|autoescape\s+false",
    "inline style": r"<[^>]*\sstyle\s*=",
    "inline handler": r"<[^>]*\son[a-z]+\s*=",
    "inline script": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    "script address": r"javascript:",
}
IN_JAVASCRIPT = (
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment|srcdoc)\b"
    r"|\bdocument\.write|\beval\s*\(|\bnew Function\b|[\"'`]javascript:|\bparseFromString\b"
    r"|\bset(?:Timeout|Interval)\(\s*[\"'`]"
)


def test_python_turns_no_text_into_code_or_markup() -> None:
    assert [f"{path}: {sink}" for path in served_python() for sink in sinks(path) if sink != "Markup"] == []


def test_markup_is_declared_safe_in_one_module_only() -> None:
    assert len([path for path in served_python() if MARKED_SAFE_IN_ONE_MODULE in sinks(path)]) <= 1


def test_templates_escape_everything_and_carry_no_code() -> None:
    assert [
        f"{path}: {what}"
        for path in files(".html")
        if path.parts[0] == "templates"
        for what, pattern in IN_TEMPLATES.items()
        if re.search(pattern, text_of(path), re.IGNORECASE)
    ] == []


def test_javascript_writes_no_markup() -> None:
    scripts = [path for path in files(".js", ".mjs") if path.parts[0] == "static"]
    assert [f"{path}: {match[0]}" for path in scripts if (match := re.search(IN_JAVASCRIPT, code_of(path)))] == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        path
        for path in served_python()
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # The demonstration is a program of its own: its launcher passes on PATH and nothing else.
    assert readers <= {Path("config.py"), Path("demo/launch.py")}


def sinks(path: Path) -> list[str]:
    """What a module uses that it must not."""
    return [found for node in nodes(path) if (found := sink(node))]


def sink(node: ast.AST) -> str | None:
    """The name of the forbidden thing that this node is, if it is one."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name) if (module, name) in ATTRIBUTES:
            return f"{module}.{name}"
        case ast.Attribute(attr="Markup"):
            return "Markup"
        case ast.keyword(arg="shell", value=ast.Constant(value=True)):
            return "shell=True"
        case ast.Import(names=names):
            return next((alias.name for alias in names if alias.name.split(".")[0] in MODULES), None)
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in MODULES:
            return module
    return None


def code_of(path: Path) -> str:
    """A script without its comments, which may name what they warn of."""
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", text_of(path), flags=re.DOTALL)
