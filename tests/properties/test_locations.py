"""The compiled row path says of every address what its definition says; the long run is ``python tests/differential.py``."""

import pytest
from differential import differences


@pytest.mark.parametrize("seed", range(12))
def test_the_compiled_row_path_hears_what_the_readers_say_address_by_address(seed):
    assert differences(seed) == []
