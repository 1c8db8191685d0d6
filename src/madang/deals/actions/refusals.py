"""Why something with a deal was not done. Nothing is different from before."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise

from madang.kernels.rights import Finding


class DealRefused(Exception):
    """`text` is a sentence for whoever tried; `findings` are the rights that stand in the way, if that is why."""

    def __init__(self, text: str | Promise, findings: Sequence[Finding] = ()) -> None:
        super().__init__(str(text))
        self.text, self.findings = text, tuple(findings)
