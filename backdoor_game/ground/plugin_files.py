"""Plug-in files: read once with the neighbours that they import, run as they were hashed, and found again elsewhere."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import hashlib
import importlib.machinery
import importlib.util
import multiprocessing
import os
import pathlib
import sys
import threading
import traceback
import types
from typing import Any

from . import neighbours
from .errors import InvalidArgument, SpecError
from .neighbours import Contents
from .paths import local_path

MARK = "backdoor_game_plugin_"  # begins the names of their modules: no other module may have it
MOST_FILES = 200  # of the working folder, that are looked at for a name
SHORT = 8  # hexadecimal digits that tell two versions of a file apart in a sentence
_LOADING = threading.RLock()  # two threads that unpickle at once: neither may see the other's half of a module


@dataclasses.dataclass(frozen=True)
class PluginFile:
    """A plug-in file with all that it reaches: what its objects carry to another process.

    Attributes
    ----------
    folder : str
        Its folder as typed, so that specs have the same text everywhere.
    root : str
        The folder in which absolute imports look for neighbours, as an absolute path.
    file : str
        The file, relative to the folder.
    digests : tuple of (str, str)
        SHA-256 of the file and of each neighbour that it reaches, by path relative to the folder.
    """

    folder: str
    root: str
    file: str
    digests: tuple[tuple[str, str], ...]

    @property
    def source(self) -> str:
        """What specs call it."""
        return os.path.join(self.folder, self.file)

    @property
    def module(self) -> str:
        """The name of its module: one for each content, so that an edited file is another module."""
        return MARK + hashlib.sha256(repr(dataclasses.astuple(self)).encode()).hexdigest()[:16]

    def sources(self) -> dict[str, str]:
        """The digest of each of its files, by the path as typed."""
        return {os.path.join(self.folder, file): digest for file, digest in self.digests}


def load(source: str) -> types.ModuleType:
    """The module of a plug-in file, imported once for each content of it and of its neighbours.

    An import statement in it, at the top or inside a function, finds a neighbour first: `name.py`, or a folder `name`
    with an `__init__.py`, beside the file that the spec names. Names of the standard library and of this package are
    never a neighbour's. `sys.path` is not touched, and neighbours of one name in two folders are two modules.

    Raises
    ------
    SpecError
        Where it cannot be read or does not import.
    """
    try:
        path = pathlib.Path(os.path.abspath(local_path(source, "file")))
    except InvalidArgument as error:
        raise SpecError(str(error)) from None
    contents = neighbours.contents(path.parent, path.name, source)
    return _imported(contents, _described(os.path.dirname(source), str(path.parent), path.name, contents))


def classes(source: str) -> list[str]:
    """The names of the classes at the top of a Python file, which is not run; none where it cannot be read."""
    try:
        tree = ast.parse(pathlib.Path(source).expanduser().read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def defining(name: str) -> list[str]:
    """The Python files of the working folder that define a class of this name, at most three: what was meant by it."""
    try:
        files = sorted(file.name for file in pathlib.Path.cwd().glob("*.py"))[:MOST_FILES]
    except OSError:
        return []
    return [file for file in files if name in classes(file)][:3]


def of(cls: type) -> PluginFile | None:
    """The plug-in file that defines a class; None for classes of importable modules."""
    found: PluginFile | None = getattr(sys.modules.get(cls.__module__), "__backdoor_game_file__", None)
    return found


def arrived(plugin: PluginFile, name: str, *given: Any) -> Any:
    """A blank object of the class `name` of a plug-in file, read here where it is not loaded yet: pickle fills it.

    Raises
    ------
    SpecError
        Where the file, or a neighbour, is not what it was where the object comes from. In a worker process the object
        raises it when it is used: a worker that fails to read its task dies, and `multiprocessing.Pool` waits for ever.
    """
    try:
        found: Any = _here(plugin)
        for part in name.split("."):
            found = getattr(found, part)
    except SpecError as error:
        if multiprocessing.parent_process() is None:
            raise
        return Refused(str(error))
    return found.__new__(found, *given)


def _here(plugin: PluginFile) -> types.ModuleType:
    """The module of a plug-in file that was loaded in another process."""
    with _LOADING:
        if plugin.module in sys.modules:
            return sys.modules[plugin.module]
    root = pathlib.Path(plugin.root)
    contents = neighbours.contents(root, plugin.file, str(root / plugin.file))
    here = _described(plugin.folder, plugin.root, plugin.file, contents)
    if here != plugin:
        raise SpecError(_change(plugin, here))
    return _imported(contents, here)


class Refused:
    """Stands in a worker process for an object that could not be made there, and says why when it is used."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def __setstate__(self, state: Any) -> None:
        """The fields of the object are of no use."""

    def __getattr__(self, name: str) -> Any:
        raise SpecError(self._sentence)

    def __repr__(self) -> str:
        raise SpecError(self._sentence)


def _change(there: PluginFile, here: PluginFile) -> str:
    """Which file differs, and how; the edited one, rather than a neighbour that it imports no longer."""
    old, new = dict(there.digests), dict(here.digests)
    edited = [file for file in old if file in new and old[file] != new[file]]
    file = next(iter(edited or sorted(old.keys() ^ new.keys())))
    told = [digests[file][:SHORT] if file in digests else "that of no file" for digests in (new, old)]
    return (
        f"file {os.path.join(there.root, file)!r} has changed: its digest is {told[0]}, and where the object was made "
        f"{told[1]}: make the object again"
    )


def _described(folder: str, root: str, file: str, contents: Contents) -> PluginFile:
    """One of the files that were read, with what it reaches among them."""
    digests = tuple((one, hashlib.sha256(contents[one]).hexdigest()) for one in neighbours.reached(file, contents))
    return PluginFile(folder, root, file, digests)


def _imported(contents: Contents, plugin: PluginFile) -> types.ModuleType:
    try:
        with _LOADING:
            return _run(contents, plugin)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        frames += [error.filename or ""] if isinstance(error, SyntaxError) else []
        files = {os.path.join(plugin.root, one): one for one in contents}
        deepest = next((files[name] for name in reversed(frames) if name in files), plugin.file)
        where = "" if deepest == plugin.file else f"{deepest}: "
        raise SpecError(f"file {plugin.source!r} does not import: {where}{first_line(error)}") from error


def _run(contents: Contents, plugin: PluginFile) -> types.ModuleType:
    """The module, from `sys.modules` where it has run before."""
    if plugin.module in sys.modules:
        return sys.modules[plugin.module]
    path = os.path.join(plugin.root, plugin.file)
    spec = importlib.util.spec_from_loader(plugin.module, _Content(plugin.module, path, contents[plugin.file]))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)

    def run(file: str) -> types.ModuleType:
        with _LOADING:
            return _run(contents, _described(plugin.folder, plugin.root, file, contents))

    own = {
        "__backdoor_game_source__": plugin.source,
        "__backdoor_game_file__": plugin,
        # What an import statement calls: so neighbours need no place on the path, and late imports find them too.
        "__builtins__": {**vars(builtins), "__import__": neighbours.Importer(plugin.file, contents, run)},
    }
    vars(module).update(own)
    sys.modules[plugin.module] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[plugin.module]
        raise
    return module


class _Content(importlib.machinery.SourceFileLoader):
    """Runs the content that was hashed, whatever stands in the file by now, and neither reads nor writes bytecode.

    A compiled file is trusted by the source's size and its time in whole seconds: an edit of equal size in the same
    second would run as it was before.
    """

    def __init__(self, name: str, path: str, content: bytes) -> None:
        super().__init__(name, path)
        self._content = content

    def get_code(self, fullname: str) -> types.CodeType:
        code: types.CodeType = self.source_to_code(self._content, self.path)
        return code

    def get_data(self, path: str) -> bytes:
        return self._content if path == self.path else super().get_data(path)


def first_line(error: BaseException) -> str:
    """The type of an exception and the first line of what it says."""
    line = str(error).splitlines()[0] if str(error) else "no message"
    return f"{type(error).__name__}: {line}"
