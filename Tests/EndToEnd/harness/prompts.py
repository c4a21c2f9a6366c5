"""What the tests say to the mock, and what they read of its streams."""

import json
from dataclasses import dataclass, field


def ask(text: str = "Hello", /, **directive) -> list[dict]:
    """One user message; keywords are the mock's directives (docs/mock.md)."""
    return [{"role": "user", "content": worded(text, **directive)}]


def worded(text: str = "Hello", /, **directive) -> str:
    if directive:
        text += " mock:" + json.dumps(directive, ensure_ascii=False)
    return text


@dataclass
class Streamed:
    """A chat stream read to its end."""

    chunks: list = field(default_factory=list)
    text: str = ""
    roles: list = field(default_factory=list)
    finish_reasons: list = field(default_factory=list)
    usages: list = field(default_factory=list)

    @classmethod
    def read(cls, stream) -> "Streamed":
        result = cls()
        for chunk in stream:
            result.add(chunk)
        return result

    def add(self, chunk) -> None:
        self.chunks.append(chunk)
        if chunk.usage:
            self.usages.append(chunk.usage)
        for choice in chunk.choices:
            self.text += choice.delta.content or ""
            if choice.delta.role:
                self.roles.append(choice.delta.role)
            if choice.finish_reason:
                self.finish_reasons.append(choice.finish_reason)
