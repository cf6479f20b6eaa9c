"""Begin a plugin: a complete small one, to be changed into yours.

``labelwright plugin new tag stars`` writes a distribution that installs, loads, passes its own tests and ``labelwright
plugin check``. What it is made of lies in ``files``: one folder a kind, and what all have in common.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from string import Template
from types import ModuleType

from labelwright import examination, manifest

FILES = Path(__file__).parent / "files"
COMMON = ("setup.cfg", "pyproject.toml", "README.md")
KINDS = tuple(sorted(folder.name for folder in FILES.iterdir() if (folder / "words.json").exists()))
SPELLINGS = {"exporter": "export", "importer": "import"}


class _Text(Template):
    delimiter = "%"


def write(kind: str, name: str, into: Path) -> Path:
    """Write a plugin of ``kind`` and return its folder.

    :param name: lower case, with underscores: ``stars``.
    :param into: the folder that the plugin's folder is made in.
    :raises ValueError: if there is no such kind, or the name is none.
    :raises FileExistsError: if the folder is there already; nothing is overwritten.
    """
    kind = SPELLINGS.get(kind, kind)
    known = ", ".join(KINDS)
    if kind not in KINDS:
        raise ValueError(f"there is no kind {kind!r}; known are {known}")
    if not manifest.NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no name for a plugin: lower case letters, digits and single underscores"
        )
    plugin = f"{kind}_{name}"
    package = f"labelwright_{plugin}"
    folder = into / plugin
    folder.mkdir(parents=True)
    for path, text in _files(kind, name, plugin, package).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    found, _ = examination.examine(_import(folder / package / "__init__.py", package), plugin)
    (folder / package / manifest.FILE_NAME).write_text(found.dumps(), "utf-8")
    return folder


def _files(kind: str, name: str, plugin: str, package: str) -> dict[str, str]:
    """Path below the plugin's folder to text."""
    words = name.split("_")
    title = " ".join(words).capitalize()
    told = json.loads((FILES / kind / "words.json").read_text("utf-8"))
    sentence, chinese = told["sentence"], told["zh"]
    facts = {
        "name": name, "plugin": plugin, "package": package, "dashed": plugin.replace("_", "-"), "title": title,
        "Class": "".join(word.capitalize() for word in words), "UPPER": name.upper(), "kebab": name.replace("_", "-"),
        "sentence": sentence,
    }  # fmt: skip
    sources = {path: FILES / "common" / f"{path}.txt" for path in COMMON}
    sources[f"{package}/__init__.py"] = FILES / kind / "code.py.txt"
    sources[f"{package}/static/{name}.js"] = FILES / kind / "ui.js.txt"
    sources[f"tests/test_{name}.py"] = FILES / kind / "test.py.txt"
    files = {
        path: _Text(source.read_text("utf-8")).substitute(facts)
        for path, source in sources.items()
        if source.exists()
    }
    catalogue = {title: title, f"{title}: {sentence}": f"{title}：{chinese[sentence]}", **chinese}
    files[f"{package}/locale/zh.json"] = json.dumps(catalogue, ensure_ascii=False, indent=1) + "\n"
    return files


def _import(path: Path, package: str) -> ModuleType:
    """Run the package's file without making it importable."""
    spec = importlib.util.spec_from_file_location(package, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
