"""What is published: a source archive that has all it needs to pass its own tests, and complete metadata."""

from __future__ import annotations

import email
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
# what tools leave in a checkout, by .gitignore, and what setuptools puts into an archive
LEFT = (".git", "__pycache__", "*.egg-info", ".venv", "build", "dist", "results", ".*_cache", ".hypothesis", "*.pyc")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The names in a source archive built from a copy of the checkout, the copy's own names, and PKG-INFO."""
    folder = tmp_path_factory.mktemp("sdist")
    shutil.copytree(ROOT, folder / "copy", ignore=shutil.ignore_patterns(*LEFT))
    names = {str(path.relative_to(folder / "copy")) for path in (folder / "copy").rglob("*") if path.is_file()}
    build = "import sys; from setuptools import build_meta; print(build_meta.build_sdist(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=folder / "copy", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    with tarfile.open(next(folder.glob("*.tar.gz"))) as file:
        members = {member.name.partition("/")[2]: member for member in file.getmembers() if member.isfile()}
        about = file.extractfile(members["PKG-INFO"])
        assert about is not None
        return names, set(members), email.message_from_bytes(about.read())


def test_the_source_archive_holds_every_file_of_the_checkout(archive):
    names, members, _ = archive
    assert names - members - {"PKG-INFO"} == set()  # an unpacked archive has one of its own
    for needed in (".ci/run", "notebooks/planting_undetectable_backdoors.py", "theory/figures/theorem-4.1-upper.png"):
        assert needed in members


def test_the_metadata_name_an_author_and_a_licence_expression_and_make_up_no_address(archive):
    _, _, about = archive
    assert about["Author"] == about["Maintainer"] == "The backdoor_game developers"
    assert about["License-Expression"] == "Apache-2.0"
    assert about["License"] is None
    assert about["License-File"] == "LICENSE"
    assert about.get_all("Project-URL") is None, "the repository has no public address yet: see CITATION.cff too"
    assert "repository-code" not in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_every_requirement_has_a_floor(archive):
    """Lowest versions: those that exist and were tried in an environment of their own."""
    _, _, about = archive
    wanted = about.get_all("Requires-Dist")
    assert wanted
    assert [line for line in wanted if not re.match(r"[\w-]+>=\d[\w.]*(; extra == \"\w+\")?$", line)] == []
    floors = {line.split(">=")[0]: line.split(">=")[1].split(";")[0] for line in wanted}
    assert floors["python-sat"] == "1.8.dev14"  # dev13 is gone from the index
    assert floors["pytest-xdist"] == "3.8"  # --no-loadscope-reorder is in no earlier one


def test_no_link_of_the_readme_is_relative_for_it_is_shown_where_no_file_lies_beside_it():
    assert re.findall(r"\]\((?!https?://|#)", (ROOT / "README.md").read_text(encoding="utf-8")) == []
