"""A sample of the fuzz corpus: whatever is done to a recording, it decodes or is refused in words. All: ``run.py``."""

import pytest

from tests.fuzz.mutants import MUTATIONS, breed, mutants
from tests.fuzz.run import run


@pytest.fixture(scope="module")
def parents(studio, tmp_path_factory):
    return breed(studio / "speech.wav", tmp_path_factory.mktemp("parents"))


def test_a_sample_of_mutants_decodes_or_is_refused_in_words(parents, tmp_path):
    verdict = run(mutants(20, 3 * len(parents), parents), tmp_path)
    assert verdict.failures == []
    assert verdict.counts["ok"] > 0
    assert verdict.counts["refused"] > 0


def test_the_same_seed_gives_the_same_mutants_and_another_gives_others(parents):
    one, again, other = (list(mutants(seed, 60, parents)) for seed in (1, 1, 2))
    assert one == again
    assert sum(a.content == b.content for a, b in zip(one, other, strict=True)) < 10


def test_every_mutation_takes_its_turn(parents):
    names = " ".join(mutant.name for mutant in mutants(3, len(parents) * len(MUTATIONS), parents))
    for mutation in MUTATIONS:
        assert mutation.__name__ in names


def test_a_child_that_dies_is_a_failure_and_the_next_mutant_gets_a_new_one(parents, tmp_path):
    """With less memory than the libraries need."""
    verdict = run(mutants(4, 2, parents), tmp_path, megabytes=60)
    assert len(verdict.failures) == 2
