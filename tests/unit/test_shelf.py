from sekisho import shelf


def test_a_module_without_a_spec_is_not_a_part():
    assert all(hasattr(part, "SPEC") for part in shelf.parts("sekisho.signals").values())
