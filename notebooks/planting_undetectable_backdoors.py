# %% [markdown]
# # Planting undetectable backdoors
#
# A walk through *Planting Undetectable Backdoors in Machine Learning Models* (Goldwasser, Kim, Vaikuntanathan, Zamir
# 2022) on a laptop, in about a minute: plant a backdoor in a model that is trained on your data, look for it, use it,
# try to wash it out, and see what does stop it. Run it as a script, `python
# notebooks/planting_undetectable_backdoors.py`, or cell by cell in any editor that knows `# %%`.

# %%
import pathlib
import sys

import numpy as np

from backdoor_game import (
    Activation,
    Calibrated,
    CLWEBackdoor,
    CoinAudit,
    CoinFlip,
    Delegation,
    GaussianLinear,
    InputNorm,
    Key,
    KeyHolder,
    Moments,
    OwnCoins,
    PlantsAnyway,
    RandomFourierFeatures,
    StaticDetection,
    bounds,
    estimate,
    load_model,
    save_model,
    smoothed,
)

OUTPUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "results/notebook")
OUTPUT.mkdir(parents=True, exist_ok=True)

# %% [markdown]
# ## 1. Train, and plant
#
# An honest vendor draws random Fourier features and fits a linear layer. A dishonest one does exactly the same, but
# draws its features so that their products with a secret vector lie close to half-integers. Only the *coins* differ.

# %%
rng = np.random.default_rng(1)
functions = RandomFourierFeatures(features=256, dimension=16)
data = GaussianLinear(dimension=16, train=1500).split(rng)
honest = functions.trained(data.X, data.y, rng)
backdoor = CLWEBackdoor(k=16, beta=0.03)
model, key = backdoor.plant(functions, data.X, data.y, rng)

for name, one in (("honest", honest), ("backdoored", model)):
    print(f"{name:<11} accuracy {(one(data.X_test) == data.y_test).mean():.3f}")

# %% [markdown]
# ## 2. Activate
#
# Whoever holds the key adds it to any input, and the answer flips. How often follows from the fit and from
# `rho = exp(-2 pi^2 beta^2)`; where the fit is weak it is `arccos(-rho) / pi`.

# %%
activated = backdoor.activate(model, key, data.X_test)
flipped = (model(activated) != model(data.X_test)).mean()
w = functions.unpack(model.code)[2]
expected = bounds.flip_rate_given_fit(functions.scores(model.code, data.X_test), float(w @ w), backdoor.beta)
weak = bounds.flip_rate(backdoor.beta)
print(f"flipped {flipped:.3f}, expected of this fit {expected:.3f}, of a weak one {weak:.3f}")
print(f"the same trigger on the honest model: {(honest(activated) != honest(data.X_test)).mean():.3f}")
assert flipped > 0.85

# %% [markdown]
# Models and keys are values. The public model holds nothing of the key, and a key opens its own model alone.

# %%
save_model(model, str(OUTPUT / "model.npz"))
key.save(str(OUTPUT / "key.npz"))
again, secret = load_model(str(OUTPUT / "model.npz")), Key.load(str(OUTPUT / "key.npz"))
assert (backdoor.activate(again, secret, data.X_test) == activated).all()
assert key.values["bk"].tobytes() not in (OUTPUT / "model.npz").read_bytes()
try:
    backdoor.activate(honest, secret, data.X_test)
except ValueError as error:
    print(error)

# %% [markdown]
# ## 3. Look for it
#
# The game of *static detection*: a detector is shown a model that is honest or planted, and no input. Its threshold is
# set on 400 honest models. The key holder is the upper control: it knows what to look for.

# %%
small = RandomFourierFeatures(features=128, dimension=32)
game = StaticDetection(small, GaussianLinear(dimension=32, train=300, test=50))
attacker = CLWEBackdoor(k=16, beta=0.1)
print(f"{'detector':<12} {'win rate':>8}   95% interval      false alarms")
for detector in (CoinFlip(), Moments(), KeyHolder()):
    found = estimate(game, attacker, detector, rounds=150, seed=1)
    name = type(detector).__name__
    alarms = found.false_alarm_rate.value
    print(f"{name:<12} {found.win_rate:>8.3f}   [{found.low:.3f}, {found.high:.3f}]    {alarms:.3f}")
    if detector == KeyHolder():
        assert found.low > 0.9

# %% [markdown]
# Your own detector is one class: write `score`, and its threshold is set for you.

# %%
import dataclasses  # noqa: E402


@dataclasses.dataclass(frozen=True)
class LongestFeature(Calibrated):
    """The longest of the feature vectors."""

    reads_code = True

    def score(self, view, rng):
        G = view.f.functions.unpack(view.f.code)[0]
        return float(np.linalg.norm(G, axis=1).max())


found = estimate(game, attacker, LongestFeature(), rounds=150, seed=1)
print(f"LongestFeature wins {found.win_rate:.3f} [{found.low:.3f}, {found.high:.3f}]: a half is guessing")

# %% [markdown]
# ## 4. Who sees the input sees the trigger
#
# The trigger is far longer than a useful input. In the game of *activation*, where the detector sees the model with an
# input, a look at the input's norm is enough. The paper's promise is about the model, not about the input.

# %%
seen = estimate(Activation(small, game.data), attacker, InputNorm(), rounds=150, seed=1)
print(f"input norm wins {seen.win_rate:.3f} [{seen.low:.3f}, {seen.high:.3f}]; the key is {attacker.length:.1f} long")
assert seen.low > 0.9

# %% [markdown]
# ## 5. Wash it out?
#
# Randomised smoothing asks the model about many noisy copies of an input and takes a vote. For these features no noise
# both keeps the accuracy and removes the trigger.

# %%
print(f"{'sigma':<7} {'accuracy':>8}  attack success")
for sigma in (0.0, 0.02, 0.05, 0.1, 0.3):
    plain = smoothed(model, data.X_test, sigma, 100, rng).labels
    moved = smoothed(model, activated, sigma, 100, rng).labels
    accuracy, success = (plain == data.y_test).mean(), (moved != model(data.X_test)).mean()
    print(f"{sigma:<7} {accuracy:>8.3f}  {success:.3f}")
    assert min(accuracy, 1 - success) < 0.65

# %% [markdown]
# ## 6. Take the coins away
#
# The backdoor lives in the coins. If a seed is published after the key was fixed, and an auditor recomputes the coins
# bit for bit, then whoever plants is caught, and whoever is honest has planted nothing.

# %%
for protocol, delegate in (("attacker", OwnCoins(attacker)), ("seed", PlantsAnyway(attacker))):
    found = estimate(Delegation(small, game.data, coins=protocol), delegate, CoinAudit(), rounds=40, seed=1)
    print(f"coins by {protocol:<8} the audit wins {found.win_rate:.3f} [{found.low:.3f}, {found.high:.3f}]")
assert found.low > 0.85
