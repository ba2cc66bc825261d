"""Keys outside games: of the operating system's randomness unless a key, a seed or a generator is given."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import (
    ChecksumBackdoor,
    CLWEBackdoor,
    GaussianLinear,
    InvalidArgument,
    Key,
    LinearBits,
    MajorityPersistence,
    PixelBackdoor,
    RandomFourierFeatures,
    RandomReLU,
    SignatureBackdoor,
    SparsePCABackdoor,
    Sphere,
)
from backdoor_game.ground import seeds
from backdoor_game.planting.models import GateNetworks, SigmoidNetworks

CASES = {
    "clwe": (CLWEBackdoor(k=4), RandomFourierFeatures(64, 16), GaussianLinear(16, train=60)),
    "sparse": (SparsePCABackdoor(k=4), RandomReLU(64, 16, positive=0.3), Sphere(16, train=60)),
    "checksum": (ChecksumBackdoor(blocks=12), RandomFourierFeatures(32, 16), GaussianLinear(16, train=60)),
    "signature": (SignatureBackdoor(), RandomFourierFeatures(4, 520), GaussianLinear(520, train=20)),
    "gates": (MajorityPersistence(width=6), GateNetworks(16, 4), LinearBits(16, train=60)),
}
RNG = np.random.default_rng


def content(key) -> bytes:
    return b"".join(value.tobytes() for value in key.values.values())


@pytest.mark.parametrize("name", CASES)
def test_keys_are_drawn_from_the_operating_system_by_default(name):
    """Twice the same would be a chance of one in thousands."""
    backdoor, F, data = CASES[name]
    split = data.split(RNG(0))
    np.random.seed(1)  # noqa: NPY002 - what must not matter
    one, other = backdoor.plant(F, split.X, split.y), backdoor.plant(F, split.X, split.y)
    assert content(one[1]) != content(other[1])
    assert content(backdoor.new_key(F)) != content(backdoor.new_key(F))
    one[1].opens(one[0])


def test_the_generator_of_a_key_is_seeded_with_256_bits_of_its_own(monkeypatch):
    asked = []

    def randbits(bits):
        asked.append(bits)
        return 2**200 + len(asked)

    monkeypatch.setattr(seeds.secrets, "randbits", randbits)
    public, secret = seeds.public_and_secret(None)
    assert asked == [256, 256]
    assert public.bytes(16) == RNG(2**200 + 1).bytes(16)
    assert secret.bytes(16) == RNG(2**200 + 2).bytes(16)
    given = RNG(1)
    assert seeds.public_and_secret(given) == (given, given)


def test_a_seed_tells_the_key_and_no_seed_does_not():
    """Whoever tries seeds finds the key of a seeded backdoor from the model alone: why none is seeded by default."""
    backdoor, F, data = CASES["clwe"]
    backdoor, split = CLWEBackdoor(k=4, beta=0.03), data.split(RNG(0))
    F = RandomFourierFeatures(400, 16)

    def found(model):
        return [seed for seed in range(60) if backdoor.recognises(model, backdoor.new_key(F, seed))]

    assert found(backdoor.plant(F, split.X, split.y, 37)[0]) == [37]
    assert found(backdoor.plant(F, split.X, split.y)[0]) == []
    own = backdoor.new_key(F)
    assert found(backdoor.plant(F, split.X, split.y, 37, key=own)[0]) == []


@pytest.mark.parametrize("name", CASES)
def test_a_key_that_is_given_is_planted_and_the_seed_trains_alone(name):
    backdoor, F, data = CASES[name]
    split = data.split(RNG(0))
    key = backdoor.new_key(F, 5)
    model, planted = backdoor.plant(F, split.X, split.y, 6, key=key)
    assert content(planted) == content(key)
    assert key.model == ""
    planted.opens(model)
    again, _ = backdoor.plant(F, split.X, split.y, RNG(6), key=key)
    assert model.code.tobytes() == again.code.tobytes()
    backdoor.activate(model, planted, split.X_test[:2])


@pytest.mark.parametrize("name", CASES)
def test_a_generator_draws_the_key_and_then_trains_as_games_have_it(name):
    backdoor, F, data = CASES[name]
    split = data.split(RNG(0))
    model, key = backdoor.plant(F, split.X, split.y, RNG(7))
    again, same = backdoor.plant(F, split.X, split.y, 7)
    assert content(key) == content(same)
    assert model.code.tobytes() == again.code.tobytes()
    if name != "gates":  # its key is chosen after training
        assert content(key) == content(backdoor.new_key(F, RNG(7)))


@pytest.mark.parametrize("rng", [-1, 1.5, "1", True, np.random], ids=str)
def test_what_draws_nothing_is_refused_in_one_sentence(rng):
    for backdoor, F, data in CASES.values():
        split = data.split(RNG(0))
        for action in (lambda: backdoor.new_key(F, rng), lambda: backdoor.plant(F, split.X, split.y, rng)):  # noqa: B023
            with pytest.raises(InvalidArgument, match="rng must be a NumPy generator such as") as error:
                action()
            assert "\n" not in str(error.value)


def test_a_key_of_another_backdoor_is_not_planted():
    for name, (backdoor, F, data) in CASES.items():
        split = data.split(RNG(0))
        other = Key("Other", "", {})
        with pytest.raises(InvalidArgument, match=f"key must be one of {type(backdoor).__name__}, got one of Other"):
            backdoor.plant(F, split.X, split.y, 1, key=other)
        assert name


def test_pixels_are_no_secret():
    F = SigmoidNetworks(8, 4)
    assert content(PixelBackdoor(pixels=(1, 2)).new_key(F)) == content(PixelBackdoor(pixels=(1, 2)).new_key(F, 3))
