"""Functions that obey inputs with a valid message authentication code."""

from __future__ import annotations

import dataclasses

from ...functions.base import FunctionClass
from .message_checked import MessageChecked


@dataclasses.dataclass(frozen=True, repr=False)
class MacChecked(MessageChecked):
    """As `SignatureChecked`, with HMAC-SHA512, which is no signature; a code is (inner, 32-byte secret).

    Who reads a code can activate inputs: for black boxes alone. The VC dimension is not known in closed form.

    Parameters
    ----------
    inner, message
        See `MessageChecked`.
    """

    inner: FunctionClass
    message: int
    scheme = "mac"
    secret = True
