"""Reads the Mermaid flowcharts that agents write: nodes with labels, arrows, and what may be passed over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_CHARACTERS = 100_000
"""The longest diagram (choice)."""

_HEADER = re.compile(r"(?:graph|flowchart)\b[ \t]*(?:LR|RL|TD|TB|BT)?[ \t]*(?=;|$)", re.MULTILINE)
_IGNORED = re.compile(
    r"(subgraph|end|direction|style|classDef|class|linkStyle|click|accTitle|accDescr)\b(?![ \t]*[-=&\[({])"
)
_NAME = re.compile(r"\w+(?:[.-]\w+)*")
_CLASS = re.compile(r":::[\w-]+")
_ARROW = re.compile(
    r"""(?: --(?![xo]\s)[ \t]*(?P<solid>[^\s>|-][^\n|]*?)[ \t]*--+>
    | ==[ \t]*(?P<thick>[^\s>|=][^\n|]*?)[ \t]*==+>
    | -\.[ \t]*(?P<dotted>[^\s>|.-][^\n|]*?)[ \t]*\.-+>
    | --+> | ==+> | -\.+-+> )
    [ \t]*(?:\|(?P<slot>[^|\n]*)\|)?""",
    re.VERBOSE,
)
_HEADLESS = re.compile(r"<?(?:--+|==+|-\.+-*|~~+)[xo>]?")
_QUOTED = re.compile(r'[ \t]*"(?P<label>(?:\\.|[^"\\])*)"[ \t]*', re.DOTALL)
_ENTITY = re.compile(r"#(\d{1,7}|quot|amp|lt|gt|apos);|&(?:#(\d{1,7})|(quot|amp|lt|gt|apos));")
_NAMED: Mapping[str, str] = {"quot": '"', "amp": "&", "lt": "<", "gt": ">", "apos": "'"}
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)

_SHAPES: Mapping[str, tuple[str, ...]] = {
    "(((": (")))",),
    "((": ("))",),
    "([": ("])",),
    "(": (")",),
    "[[": ("]]",),
    "[(": (")]",),
    "[/": ("/]", "\\]"),
    "[\\": ("\\]", "/]"),
    "[": ("]",),
    "{{": ("}}",),
    "{": ("}",),
    ">": ("]",),
}
"""How each shape is closed; all mean the same here. Longer openings come before those they begin with."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A node with a label."""

    name: str
    label: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """An edge between two names, declared or not."""

    source: str
    target: str
    slot: str | None
    line: int


@dataclass(kw_only=True)
class Diagram:
    """What was read, and what could not be: the line of each and what is wrong."""

    nodes: dict[str, Declared] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


class _UnclearError(Exception):
    """What is wrong at a place of the text."""


def parse(text: str) -> Diagram:
    """Reads a flowchart to its end, whatever is wrong on the way."""
    return _Reader(text).read()


def unescaped(label: str) -> str:
    """Returns a label as people see it."""

    def letter(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if not code.isdigit():
            return _NAMED[code]
        number = int(code)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]

    return _ENTITY.sub(letter, _BREAK.sub(" ", label)).strip()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._at = 0
        self._line = 1
        self._counted = 0
        self._diagram = Diagram()
        self._ignored: dict[str, list[int]] = {"subgraph": [], "style": []}

    def read(self) -> Diagram:
        self._skip_front()
        if self._next_statement() and not self._take(_HEADER):
            line, shown = self._where()
            self._diagram.faults.append((line, f"{shown!r} is no beginning of a flowchart; begin with 'graph LR'"))
        while self._next_statement():
            try:
                self._statement()
            except _UnclearError as exc:
                self._diagram.faults.append((self._where()[0], str(exc)))
                self._skip_line()
        if not self._text.strip():
            self._diagram.faults.append((1, "the diagram is empty; begin with 'graph LR'"))
        self._tell_ignored()
        return self._diagram

    def _statement(self) -> None:
        word = _IGNORED.match(self._text, self._at)
        if word is not None:
            self._ignored["subgraph" if word[1] == "subgraph" else "style"].append(self._where()[0])
            if word[1] in {"end", "direction"}:
                self._ignored["style"].pop()
            self._skip_line()
            return
        line, sources, connected = self._where()[0], self._names(), False
        bare = [name for name in sources if name not in self._diagram.nodes]
        while (arrow := self._arrow()) is not None:
            targets, connected = self._names(), True
            for source in sources:
                for target in targets:
                    self._diagram.arrows.append(Arrow(source=source, target=target, slot=arrow or None, line=line))
            sources = targets
        if self._skip_blanks() not in {"", "\n", ";"} and not self._text.startswith("%%", self._at):
            raise _UnclearError(f"{self._where()[1]!r} is not understood here; an edge is 'a --> b' or 'a -->|slot| b'")
        if bare and not connected:
            self._diagram.warnings.append(f"line {line}: {', '.join(bare)} alone adds nothing; give it a label.")

    def _names(self) -> list[str]:
        names = [self._node()]
        while self._skip_blanks() == "&":
            self._at += 1
            names.append(self._node())
        return names

    def _node(self) -> str:
        self._skip_blanks()
        name = self._take(_NAME)
        if name is None:
            raise _UnclearError(
                f"{self._where()[1]!r} begins with no node; a node is 'id' or 'id[\"A label (Image)\"]'"
            )
        line = self._where()[0]
        label = self._label()
        self._take(_CLASS)
        if label is not None:
            former = self._diagram.nodes.get(name[0])
            if former is not None and former.label != label:
                self._diagram.warnings.append(
                    f"line {line}: {name[0]!r} has another label on line {former.line}; the last one counts."
                )
            self._diagram.nodes[name[0]] = Declared(name=name[0], label=label, line=line)
        return name[0]

    def _label(self) -> str | None:
        opening = next((each for each in _SHAPES if self._text.startswith(each, self._at)), None)
        if opening is None:
            return None
        # A quoted label may begin in the middle of what looks like a longer opening.
        quoted = _QUOTED.match(self._text, self._at + len(opening))
        if quoted is not None:
            closing = next((each for each in _SHAPES[opening] if self._text.startswith(each, quoted.end())), None)
            if closing is None:
                raise _UnclearError(f"the label {self._where()[1]!r} is not closed by {_SHAPES[opening][0]!r}")
            self._at = quoted.end() + len(closing)
            label = quoted["label"].replace('\\"', '"')
            return unescaped(label[1:-1] if len(label) > 1 and label[0] == label[-1] == "`" else label)
        return self._bare_label(opening)

    def _bare_label(self, opening: str) -> str:
        end = self._text.find("\n", self._at)
        rest = self._text[self._at + len(opening) : None if end < 0 else end]
        depth, length = 0, -1
        for place, letter in enumerate(rest):
            if depth == 0 and any(rest.startswith(each, place) for each in _SHAPES[opening]):
                length = place
                break
            depth += (letter in "([{") - (letter in ")]}")
        closing = next((each for each in _SHAPES[opening] if length >= 0 and rest.startswith(each, length)), None)
        if closing is None or '"' in rest[:length]:
            raise _UnclearError(f"the label {self._where()[1]!r} is not closed by {_SHAPES[opening][0]!r}; quote it")
        self._at += len(opening) + length + len(closing)
        label = unescaped(rest[:length])
        # Without quotes a label in parentheses looks like the shape of a database.
        return f"({label})" if opening == "[(" else label

    def _arrow(self) -> str | None:
        """Returns the slot of the arrow that comes next, empty when it has none; None when there is no arrow."""
        self._skip_blanks()
        arrow = self._take(_ARROW)
        if arrow is not None:
            slot = arrow["slot"] or arrow["solid"] or arrow["thick"] or arrow["dotted"] or ""
            return unescaped(slot.strip().strip('"'))
        other = _HEADLESS.match(self._text, self._at)
        if other is not None:
            raise _UnclearError(f"{other[0]!r} is no arrow from one node to another; use '-->'")
        return None

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _next_statement(self) -> bool:
        """Goes to where the next statement begins."""
        while self._at < len(self._text):
            if self._text.startswith(("%%", "```"), self._at):
                self._skip_line()
            elif self._text[self._at] in " \t\n;":
                self._at += 1
            else:
                return True
        return False

    def _skip_blanks(self) -> str:
        while self._at < len(self._text) and self._text[self._at] in " \t":
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _skip_line(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end

    def _skip_front(self) -> None:
        front = re.match(r"\s*(?:```\w*[ \t]*\n\s*)?---\n.*?\n---[ \t]*(?:\n|$)", self._text, re.DOTALL)
        self._at = front.end() if front else 0

    def _where(self) -> tuple[int, str]:
        """Returns the number of the line that is read, and its rest, shortened."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        end = self._text.find("\n", self._at)
        rest = self._text[self._at : None if end < 0 else end].strip()
        return self._line, rest if len(rest) <= 60 else f"{rest[:59]}…"

    def _tell_ignored(self) -> None:
        grouped, styled = self._ignored["subgraph"], self._ignored["style"]
        if grouped:
            self._diagram.warnings.append(f"{_lines(grouped)}: subgraph is ignored; its nodes are added ungrouped.")
        if styled:
            self._diagram.warnings.append(f"{_lines(styled)}: styling is ignored.")


def _lines(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    return f"line{'s' if len(numbers) > 1 else ''} {shown}{', …' if len(numbers) > 10 else ''}"
