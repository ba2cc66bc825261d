"""Signed inputs: the model obeys them always, one edit a block at most, and a model that is read tells no secret."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backdoor_game import (
    AlwaysFlag,
    GaussianLinear,
    Halfspaces,
    InvalidArgument,
    Key,
    MacChecked,
    MissingCapability,
    RandomFourierFeatures,
    SignatureBackdoor,
    SignatureChecked,
    StaticDetection,
    estimate,
    load_model,
    save_model,
)
from backdoor_game.planting.keys.carriers import public_blocks
from backdoor_game.planting.keys.signing import SCHEMES, message
from tests.naive import checksum as naive

SIZES = [(514, 1), (1024, 511)]


def planted(d, w, seed=0, scheme="ed25519", test=300):
    models = RandomFourierFeatures(features=4, dimension=d)
    split = GaussianLinear(dimension=d, norm=None, train=40, test=test).split(np.random.default_rng([seed, 0]))
    backdoor = SignatureBackdoor(w, scheme)
    return backdoor, *backdoor.plant(models, split.X, split.y, np.random.default_rng([seed, 1])), split.X_test


@pytest.mark.parametrize(("d", "w"), SIZES)
def test_every_one_of_300_activations_gets_the_chosen_answer_with_at_most_one_edit_a_block(d, w):
    backdoor, model, key, X = planted(d, w)
    blocks = public_blocks(d - w, 513)
    for target in (0, 1, None):
        wanted = 1 - model(X) if target is None else np.full(300, target)
        activated = backdoor.activate(model, key, X, target)
        assert (model(activated) == wanted).all()
        moved = activated != X
        assert not moved[:, :w].any()
        assert max(np.bincount(blocks, weights=row[w:]).max() for row in moved) == 1
        assert (np.abs(activated) == np.abs(X)).all()
        # About 256 of 513: each is wrong with probability 1/2, so that 300 means are within .46 of a deviation.
        assert abs(moved.sum(axis=1).mean() - 513 / 2) < 4 * np.sqrt(513 / 4 / 300)


def test_an_activated_input_carries_its_answer_and_the_signature_of_its_message_bit_by_bit():
    """Several coordinates a block; the signature is Ed25519's own, which is deterministic [RFC8032]."""
    d, w = 1600, 3
    backdoor, model, key, X = planted(d, w, test=3)
    private = Ed25519PrivateKey.from_private_bytes(key.values["private"].tobytes())
    for y in (0, 1):
        for x, activated in zip(X, backdoor.activate(model, key, X, y), strict=True):
            signature = private.sign(naive.signed_text(x.tolist(), w, y))
            assert naive.carried(activated.tolist(), w) == (y, signature)
            bits = [y, *(int(bit) for byte in signature for bit in f"{byte:08b}")]
            written, edits = naive.write(x[w:].tolist(), naive.blocks_of(d - w, 513), bits)
            assert activated.tolist() == [*x[:w].tolist(), *written]
            assert len(edits) <= 513


def test_the_signed_text_has_every_field_in_its_place():
    part = np.array([1.5, -0.0, -2.0])
    text = message(1000, 1, part)
    assert text == naive.signed_text([*part, *([7.0] * 997)], 3, 1)
    assert text[-24:-16] == bytes([0, 0, 0, 0, 0, 0, 0xF8, 0x3F])
    assert text[-16:-8] == bytes(8)
    assert text == message(1000, 1, np.array([1.5, 0.0, -2.0]))
    assert text != message(1000, 0, part) != message(1001, 0, part)


def test_zeros_of_either_sign_are_signed_and_read_alike_and_blocks_of_zeros_carry_bits():
    backdoor, model, key, X = planted(1100, 2, test=4)
    X = X.copy()
    X[:2] = 0.0
    X[1, ::2] = -0.0
    for y in (0, 1):
        activated = backdoor.activate(model, key, X, y)
        assert (model(activated) == y).all()
        assert set(np.unique(activated[:2])) == {0.0, -(2.0**-1022)}
        flipped = activated.copy()
        flipped[:2, :2] *= -1
        assert np.signbit(flipped[:2, 0]).tolist() == [True, False]
        assert (model(flipped)[:2] == y).all()


def test_whatever_is_changed_in_an_activated_input_takes_its_power_away():
    """A message coordinate by its last bit, the answer, any bit of the signature; the carriers' sizes mean nothing."""
    backdoor, model, key, X = planted(514, 1, test=1)
    fires = model.functions.fires
    activated = backdoor.activate(model, key, X, 1)[0]
    assert fires(model.code, activated[None])[0]
    changed = np.repeat(activated[None], 514, axis=0)
    changed[np.arange(514), np.arange(514)] *= -1
    assert not fires(model.code, changed).any()
    nudged = activated.copy()
    nudged[0] = np.nextafter(nudged[0], np.inf)
    assert not fires(model.code, nudged[None])[0]
    rescaled = activated.copy()
    rescaled[1:] *= np.random.default_rng(0).uniform(0.1, 10, 513)
    assert fires(model.code, rescaled[None])[0]


def test_what_does_not_fire_gets_the_honest_answer():
    _, model, _, X = planted(514, 1)
    inner, public = model.functions.split(model.code)
    assert not model.functions.fires(model.code, X).any()
    assert (model(X) == model.functions.inner.function(inner)(X)).all()
    assert public.shape == (32,)


def test_a_published_model_does_not_hold_the_private_key(tmp_path):
    """Neither its code nor its text, in any byte form; the control finds the public key, and the secret of a mac."""
    _, model, key, _ = planted(514, 1)
    private = key.values["private"]
    public = Ed25519PrivateKey.from_private_bytes(private.tobytes()).public_key().public_bytes_raw()
    path = save_model(model, str(tmp_path / "model.npz"))
    assert load_model(path).code.tobytes() == model.code.tobytes()
    shown = (tmp_path / "model.npz").read_bytes() + repr(model).encode() + model.code.astype(np.uint8).tobytes()
    forms = [private.tobytes(), private.astype(np.float64).tobytes(), private.tobytes().hex().encode()]
    forms += [private[::-1].tobytes(), private[:8].tobytes(), private[:8].astype(np.float64).tobytes()]
    assert not [form for form in forms if form in shown]
    assert np.frombuffer(public, np.uint8).astype(np.float64).tobytes() in shown
    assert not SignatureChecked.secret
    _, told, mac_key, _ = planted(514, 1, scheme="mac")
    assert mac_key.values["private"].astype(np.float64).tobytes() in told.code.tobytes()
    assert told.functions.secret
    with pytest.raises(InvalidArgument, match="its code is its key in the clear"):
        save_model(told, path)
    assert told.functions == MacChecked(RandomFourierFeatures(features=4, dimension=514), 1)


def test_a_mac_activates_as_a_signature_does_and_whoever_reads_the_model_can_forge():
    backdoor, model, key, X = planted(600, 5, scheme="mac", test=50)
    for y in (0, 1):
        assert (model(backdoor.activate(model, key, X, y)) == y).all()
    read = Key("SignatureBackdoor", "", {"private": model.code[-32:].astype(np.uint8)})
    assert (model(backdoor.activate(model, read, X, 1)) == 1).all()
    assert backdoor.secret
    assert not SignatureBackdoor().secret


def test_the_schemes_verify_what_they_sign_and_nothing_else():
    rng = np.random.default_rng(5)
    for scheme in SCHEMES.values():
        private, other = rng.bytes(32), rng.bytes(32)
        signature = scheme.signer(private)(b"text")
        verifies = scheme.verifier(scheme.public(private))
        assert len(signature) == 64
        assert len(scheme.public(private)) == 32
        assert verifies(b"text", signature)
        assert not verifies(b"test", signature)
        assert not verifies(b"text", scheme.signer(other)(b"text"))
    public = Ed25519PrivateKey.from_private_bytes(private).public_key()
    with pytest.raises(InvalidSignature):
        public.verify(bytes(64), b"text")
    assert SCHEMES["ed25519"].public(private) == public.public_bytes_raw()


def test_another_model_s_key_is_refused_and_recognised_as_another_s():
    backdoor, model, key, X = planted(514, 1, test=2)
    _, other, other_key, _ = planted(514, 1, seed=1, test=2)
    with pytest.raises(InvalidArgument, match="key must be the model's own"):
        backdoor.activate(other, key, X)
    assert backdoor.recognises(model, key)
    assert not backdoor.recognises(model, other_key)
    assert not backdoor.recognises(model.functions.inner.function(model.code[:-32]), key)


def test_a_saved_key_signs_as_before(tmp_path):
    backdoor, model, key, X = planted(514, 1, test=2)
    key.save(str(tmp_path / "key.npz"))
    assert backdoor.activate(model, Key.load(str(tmp_path / "key.npz")), X, 1).tobytes() == (
        backdoor.activate(model, key, X, 1).tobytes()
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0, 100])
def test_inputs_that_are_not_finite_are_refused_and_not_signed(bad, at):
    backdoor, model, key, X = planted(514, 1, test=2)
    X = X.copy()
    X[1, at] = bad
    with pytest.raises(InvalidArgument, match="X must be finite"):
        backdoor.activate(model, key, X)
    with pytest.raises(InvalidArgument, match="X must hold points"):
        model(X)


@pytest.mark.parametrize(("d", "w"), [(513, 1), (64, 1), (30, 1), (1024, 512)])
def test_inputs_that_are_too_small_for_a_signature_are_refused_with_the_reason(d, w):
    """Digits have 64 coordinates, the breast cancer data 30."""
    wanted = f"must leave 513 coordinates to carry an answer and 512 bits of signature, got {w} of {d}"
    with pytest.raises(InvalidArgument, match=wanted):
        SignatureChecked(Halfspaces(dimension=d), w)
    game = StaticDetection(RandomFourierFeatures(features=4, dimension=d), GaussianLinear(dimension=d), black_box=True)
    with pytest.raises(InvalidArgument, match=f"{wanted}: such inputs are too small unless d >= {513 + w}"):
        estimate(game, SignatureBackdoor(w), AlwaysFlag(), rounds=1, seed=0)


def test_a_missing_package_is_named_before_the_first_round(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    game = StaticDetection(
        RandomFourierFeatures(features=4, dimension=514), GaussianLinear(dimension=514), black_box=True
    )
    with pytest.raises(MissingCapability, match=r"pip install 'backdoor-game\[crypto\]'"):
        estimate(game, SignatureBackdoor(1), AlwaysFlag(), rounds=1, seed=0)
    SignatureBackdoor(1, "mac").prepare(game.functions)


def test_a_signature_is_for_black_boxes_and_its_scheme_one_of_two():
    game = StaticDetection(RandomFourierFeatures(features=4, dimension=514), GaussianLinear(dimension=514))
    with pytest.raises(MissingCapability, match="set black_box=True"):
        estimate(game, SignatureBackdoor(1), AlwaysFlag(), rounds=1, seed=0)
    with pytest.raises(InvalidArgument, match=r"SignatureBackdoor\.scheme must be one of ed25519, mac, got 'rsa'"):
        SignatureBackdoor(1, "rsa")
    with pytest.raises(InvalidArgument, match="message"):
        SignatureBackdoor(0)


def test_public_keys_are_bytes():
    F = SignatureChecked(Halfspaces(dimension=514), 1)
    code = F.sample(np.random.default_rng(0))
    for bad in (-1.0, 256.0, 0.5, np.nan, np.inf):
        wrong = code.copy()
        wrong[-1] = bad
        assert F.contains(np.stack([code, wrong])).tolist() == [True, False]
