"""Korean particles: which form follows depends on how the word before it ends."""

from __future__ import annotations

FORMS = {"은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "와": ("과", "와")}
"""Each particle: (after a consonant, after a vowel)."""


def particle_after(word: str, particle: str) -> str:
    """The particle's form after the word; after a word that is not Hangul, the form after a vowel."""
    last = ord(word[-1:] or " ") - 0xAC00
    return FORMS[particle][0 if 0 <= last < 11172 and last % 28 else 1]


class Word(str):
    """A Korean word that takes a particle in a format string: f"{Word('달'):은}" is "달은"."""

    def __format__(self, particle: str) -> str:
        if particle not in FORMS:
            return super().__format__(particle)
        return str(self) + particle_after(self, particle)
