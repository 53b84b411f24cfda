"""The files of the browser under one address per release, so that they may be kept for ever; knows no page."""

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path, PurePosixPath

from flask import Blueprint, Flask, Response, abort, request

ROOT = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
WORTH_COMPRESSING = {".css", ".js", ".mjs", ".json", ".svg", ".txt", ".md", ".webmanifest"}
EXPLAINED = {".css", ".js"}
# A comment that has its lines to itself: a fifth of what a first visit would fetch.
WHOLE_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$", re.MULTILINE)
STATIC_IMPORT = re.compile(r"""^(?:import|export)\b[^"'()]*?["'](\.[^"']+)["']""", re.MULTILINE)

blueprint = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Serve the files and let templates name them."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(asset=asset, page_modules=page_modules)


@blueprint.get("/assets/<release>/<path:path>")
def show(release: str, path: str) -> Response:
    """One file. Another release's address still answers, with what there is now, and isn't kept."""
    if path not in _files():
        abort(404)
    compressed = _is_compressible(path) and "gzip" in request.accept_encodings
    response = Response(_gzipped(path) if compressed else _sent(path), content_type=_content_type(path))
    response.headers["Cache-Control"] = FOR_EVER if release == _release() else "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if _is_compressible(path):
        response.headers["Vary"] = "Accept-Encoding"
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def asset(path: str) -> str:
    """The address of a file in static/; a name that isn't there stops the page, as it should in a test."""
    if path not in _files():
        raise LookupError(f"no such file in static/: {path}")
    return f"/assets/{_release()}/{path}"


def page_modules(entry: str) -> list[str]:
    """Addresses of a script and of everything that it imports at once, for `<link rel="modulepreload">`."""
    return [asset(path) for path in _imported_by(entry)]


@cache
def _files() -> dict[str, Path]:
    """Only what lay in static/ at the start can be asked for: no path of a request touches the disk."""
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*")) if path.is_file()}


@cache
def _release() -> str:
    digest = hashlib.sha256()
    for name in _files():
        content = _plain(name)
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


@cache
def _imported_by(entry: str) -> tuple[str, ...]:
    found, waiting = {entry: None}, [entry]
    while waiting:
        module = waiting.pop()
        for target in STATIC_IMPORT.findall(_plain(module).decode()):
            path = _joined(PurePosixPath(module).parent, target)
            if path not in found:
                found[path] = None
                waiting.append(path)
    return tuple(found)


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = list(folder.parts)
    for part in target.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


@cache
def _plain(path: str) -> bytes:
    return _files()[path].read_bytes()


@cache
def _sent(path: str) -> bytes:
    """Our own scripts and styles without the lines that only explain them; every line keeps its number."""
    plain = _plain(path)
    if path.startswith("vendor/") or PurePosixPath(path).suffix not in EXPLAINED:
        return plain
    return WHOLE_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), plain.decode()).encode()


@cache
def _gzipped(path: str) -> bytes:
    return gzip.compress(_sent(path), compresslevel=9, mtime=0)


def _is_compressible(path: str) -> bool:
    return PurePosixPath(path).suffix in WORTH_COMPRESSING


def _content_type(path: str) -> str:
    suffix = PurePosixPath(path).suffix
    return TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
