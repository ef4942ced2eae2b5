"""Copy the pinned third-party browser files into the package, or check that they are the ones pinned.

    npm ci --prefix frontend && python frontend/vendor.py     copy, draw the icon sprite, write the lock
    python frontend/vendor.py --check                         compare files, licences and lock; no Node needed

Everything the browser loads stands in git, so installing and running Quell needs neither Node nor a
network. The lock says of each file where it came from, its version, SHA-384 and licence.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
UI = HERE.parent / "src" / "quell" / "kernel" / "ui"
STATIC = UI / "static"
LOCK = UI / "vendor.lock.json"
MODULES = HERE / "node_modules"
SPRITE = "quell/icons.svg"

# Quell's own mark: a drop over a calm line. It rides in the same sprite so that one request serves every icon.
MARK = (
    '<symbol id="i-quell" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" '
    'stroke-linecap="round" stroke-linejoin="round"><path d="M12 2.8c3 3.6 5 6.2 5 9a5 5 0 0 1-10 0c0-2.8 '
    '2-5.4 5-9z"/><path d="M9.9 12.3a2.2 2.2 0 0 0 1.7 2"/><path d="M3 20.5c1.5 0 1.5-1 '
    '3-1s1.5 1 3 1 1.5-1 3-1 1.5 1 3 1 1.5-1 3-1 1.5 1 3 1"/></symbol>'
)


class Copied(NamedTuple):
    """One file taken over as it is: package, file inside it, place under static/."""

    package: str
    source: str
    target: str


COPIED = (
    Copied("htmx.org", "dist/htmx.min.js", "vendor/htmx-4.0.1/htmx.min.js"),
    Copied("htmx.org", "LICENSE", "vendor/htmx-4.0.1/LICENSE.txt"),
    Copied("@tabler/icons", "LICENSE", "vendor/tabler-icons-3.51.0/LICENSE.txt"),
)


def icon_names() -> list[str]:
    """The wanted icons, sorted, without comments."""
    lines = (HERE / "icons.txt").read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def draw_sprite() -> str:
    """One SVG with a <symbol> for every wanted icon, stroke 1.75 (ux.md 3.2)."""
    symbols = [MARK]
    for name in icon_names():
        drawing = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
        body = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
        body = re.sub(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", body)
        body = re.sub(r">\s+<", "><", body.strip()).replace(" />", "/>")
        symbols.append(
            f'<symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def sha384(path: Path) -> str:
    """Digest in the form the `integrity` attribute uses."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def manifest(package: str) -> dict[str, str]:
    """package.json of an installed package."""
    loaded: dict[str, str] = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))
    return loaded


def vendor() -> None:
    """Copy, draw, and write the lock."""
    rows = []
    for item in COPIED:
        target = STATIC / item.target
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((MODULES / item.package / item.source).read_bytes())
        found = manifest(item.package)
        rows.append(
            {
                "file": item.target,
                "package": item.package,
                "source": item.source,
                "version": found["version"],
                "licence": found["license"],
                "sha384": sha384(target),
            }
        )
    sprite = STATIC / SPRITE
    sprite.write_text(draw_sprite(), encoding="utf-8")
    found = manifest("@tabler/icons")
    rows.append(
        {
            "file": SPRITE,
            "package": "@tabler/icons",
            "source": "icons/outline, names in frontend/icons.txt",
            "version": found["version"],
            "licence": found["license"],
            "sha384": sha384(sprite),
        }
    )
    LOCK.write_text(json.dumps({"files": rows}, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(rows)} files, {len(icon_names())} icons\n")


def faults() -> list[str]:
    """What differs between the lock, the files and the pins. Empty when all is well."""
    found: list[str] = []
    rows = json.loads(LOCK.read_text(encoding="utf-8"))["files"]
    pins = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for row in rows:
        path = STATIC / row["file"]
        if not path.is_file():
            found.append(f"{row['file']} is in the lock but not in static/")
        elif sha384(path) != row["sha384"]:
            found.append(f"{row['file']} differs from its lock")
        if pins.get(row["package"]) != row["version"]:
            found.append(f"{row['file']} is version {row['version']}, package.json pins {pins.get(row['package'])}")
        if not row["licence"]:
            found.append(f"{row['file']} names no licence")
    locked = {row["file"] for row in rows}
    for path in sorted((STATIC / "vendor").rglob("*")):
        name = path.relative_to(STATIC).as_posix()
        if path.is_file() and name not in locked:
            found.append(f"{name} stands in static/vendor/ but not in the lock")
    drawn = set(re.findall(r'id="i-([a-z0-9-]+)"', (STATIC / SPRITE).read_text(encoding="utf-8")))
    found += [f"icon {name} is listed but not drawn" for name in icon_names() if name not in drawn]
    return found


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        wrong = faults()
        sys.stdout.write("\n".join(wrong) + "\n" if wrong else "vendored files are the pinned ones\n")
        sys.exit(1 if wrong else 0)
    vendor()
