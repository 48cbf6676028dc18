"""Where the shipped files lie: the ontology, the queries, the layouts, the web files and the examples.

In a checkout they stand at the top level beside the package; in an installed wheel
they were mapped into ``zhiji_kg/_files``. Nothing else in the project asks where it is.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_files"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

ONTOLOGY = _ROOT / "ontology"
QUERIES = _ROOT / "queries"
LAYOUTS = _ROOT / "layouts"
WEB = _ROOT / "web"
EXAMPLES = _ROOT / "examples"


def package_version() -> str:
    """The version of the installed package, or ``0+unknown`` when it runs from a bare checkout."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import, and --help needs neither

    try:
        return version("zhiji-kg")
    except PackageNotFoundError:
        return "0+unknown"


def examples() -> list[Path]:
    """The example workbooks (folders of CSV), in the order in which the demo reads them."""
    return sorted(folder for folder in EXAMPLES.iterdir() if (folder / "说明.csv").is_file())
