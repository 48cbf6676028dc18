"""What several tests share: the example graph, built once a session."""

import pytest

from zhiji_kg.build import build
from zhiji_kg.resources import examples
from zhiji_kg.store import open_store


@pytest.fixture(scope="session")
def example_kg(tmp_path_factory):
    """The folder of versions that the example workbooks build."""
    directory = tmp_path_factory.mktemp("example") / "kg"
    build(examples(), directory)
    return directory


@pytest.fixture(scope="session")
def example_store(example_kg):
    """The example graph, open for questions."""
    return open_store(example_kg)
