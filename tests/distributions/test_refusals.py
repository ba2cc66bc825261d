"""Domains and parameters that laws refuse, each in one sentence."""

from __future__ import annotations

import pytest

from backdoor_game.spaces.distributions import Atoms, Mixture, ProductBits, StandardNormal, Uniform, UnitCube, Weighted
from backdoor_game.spaces.domains import Bits, Finite, Grid, Reals
from tests.distributions.examples import MIXED, PAIR, fixed_keys

DOMAINS = [Finite(10), Finite(4), Grid(3, 2), Bits(3), Bits(2), Reals(2), Reals(1), PAIR, MIXED]


@pytest.mark.parametrize(("law", "fitting"), [
    (Uniform(), {Finite(10), Finite(4), Grid(3, 2), Bits(3), Bits(2)}),
    (Uniform(domain=Finite(4)), {Finite(4)}),
    (Weighted((0.1, 0.2, 0.3, 0.4)), {Finite(4)}),
    (Atoms((0, 7)), {Finite(10), Reals(1)}),
    (Atoms((0.5,)), {Reals(1)}),
    (Atoms((-1,)), {Reals(1)}),
    (Atoms((256, 1e30)), {Reals(1)}),
    (Atoms(((1, 256),)), {Reals(2)}),
    (Atoms(((0, 0.5, 0),)), set()),
    (Atoms(((0, 2, 1),)), set()),
    (Atoms(((1, 0.5, 0),)), {MIXED}),
    (Atoms(((0, 2, 0),)), {PAIR, MIXED}),
    (ProductBits(0.5), {Bits(3), Bits(2)}),
    (ProductBits((0.5, 0.1)), {Bits(2)}),
    (ProductBits(0.5, count=3), {Bits(3)}),
    (UnitCube(), {Reals(1), Reals(2)}),
    (UnitCube(dimension=2), {Reals(2)}),
    (StandardNormal(), {Reals(1), Reals(2)}),
    (StandardNormal(dimension=1), {Reals(1)}),
    (Mixture((Uniform(), Uniform()), (0.5, 0.5)), {PAIR}),
    (Mixture((Uniform(), StandardNormal()), (0.5, 0.5)), {MIXED}),
    (Mixture((Uniform(), Uniform(), Uniform()), (0.5, 0.25, 0.25)), set()),
], ids=str)  # fmt: skip
def test_a_law_refuses_every_domain_that_does_not_fit_it_in_one_sentence(law, fitting):
    for domain in DOMAINS:
        if domain in fitting:
            assert domain.contains(law.on(domain).sample_block(fixed_keys(5), 0, 20)).all()
            continue
        with pytest.raises(ValueError, match="does not fit the domain") as caught:
            law.on(domain)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [
    lambda: Weighted((0.5, 0.4)),
    lambda: Weighted((1.5, -0.5)),
    lambda: Weighted(()),
    lambda: Weighted("1"),
    lambda: Atoms(()),
    lambda: Atoms((1, 1)),
    lambda: Atoms(((1, 2), (3,))),
    lambda: Atoms((1, 2), (1.0,)),
    lambda: Atoms((1, 2), (0.5, 0.6)),
    lambda: ProductBits(1.5),
    lambda: ProductBits((0.5, -0.1)),
    lambda: ProductBits((0.5, 0.5), count=3),
    lambda: Mixture((Uniform(),), (0.5, 0.5)),
    lambda: Mixture((Uniform(), 3), (0.5, 0.5)),
    lambda: Mixture((Uniform(), Uniform()), (0.5, 0.6)),
])  # fmt: skip
def test_parameters_out_of_range_are_refused_in_one_sentence(make):
    with pytest.raises(ValueError, match=r"must|needs") as caught:
        make()
    assert "\n" not in str(caught.value)


def test_fractions_may_be_typed_as_text():
    assert Weighted(("1/3", "2/3")) == Weighted((1 / 3, 2 / 3))


@pytest.mark.parametrize("law", [Uniform(), ProductBits(), Mixture((Uniform(),), (1.0,))], ids=str)
def test_a_law_without_a_domain_says_what_to_do(law):
    with pytest.raises(ValueError, match="on\\(domain\\)"):
        law.sample_block(fixed_keys(1), 0, 1)
