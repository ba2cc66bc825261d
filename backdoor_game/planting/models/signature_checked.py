"""Functions that obey inputs with a valid Ed25519 signature."""

from __future__ import annotations

import dataclasses

from ...functions.base import FunctionClass
from .message_checked import MessageChecked


@dataclasses.dataclass(frozen=True, repr=False)
class SignatureChecked(MessageChecked):
    """The inner label, but y where x carries y and its Ed25519 signature [GKVZ22]; a code is (inner, public key).

    Codes may be published: they show that there is a backdoor, and do not help to activate inputs. Evaluating needs the
    extra `crypto`. The VC dimension is not known in closed form.

    Parameters
    ----------
    inner, message
        See `MessageChecked`.
    """

    inner: FunctionClass
    message: int
    scheme = "ed25519"
