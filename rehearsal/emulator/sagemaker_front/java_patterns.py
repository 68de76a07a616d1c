"""Regular expressions of the service model, which are Java's, as Python's."""

import functools
import re
import unicodedata

# Java's POSIX classes are ASCII only.
_POSIX = {
    "ASCII": r"\x00-\x7f",
    "Alnum": "A-Za-z0-9",
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Lower": "a-z",
    "Print": r"\x20-\x7e",
    "Upper": "A-Z",
}
# Beyond this plane there are no letters or signs a request to SageMaker is likely to hold.
_LAST_CODE_POINT = 0x1FFFF
_PROPERTY = re.compile(r"\\p\{(\w+)\}")
_ALL_SUPPLEMENTARY = (r"\uD800\uDC00-\uDBFF\uDFFF", "\U00010000-\U0010ffff")


@functools.cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A Java pattern compiled for `fullmatch`. Raises `re.error` for what has no translation."""
    text = pattern.replace(*_ALL_SUPPLEMENTARY)
    # Java lets an anchor be repeated, which means nothing; Python refuses it.
    text = re.sub(r"(?<!\\)\$\{[\d,]+\}", "$", text)
    text = _with_properties(text).replace(r"\z", r"\Z")
    return re.compile(text, re.ASCII)


def _with_properties(pattern: str) -> str:
    out: list[str] = []
    position, in_class = 0, False
    while position < len(pattern):
        match = _PROPERTY.match(pattern, position)
        if match:
            members = _members(match[1])
            out.append(members if in_class else f"[{members}]")
            position = match.end()
            continue
        length = 2 if pattern[position] == "\\" else 1
        character = pattern[position : position + length]
        in_class = character == "[" or (in_class and character != "]")
        out.append(character)
        position += length
    return "".join(out)


@functools.cache
def _members(name: str) -> str:
    """The inside of a character class for a POSIX class or a Unicode category such as `L`."""
    if name in _POSIX:
        return _POSIX[name]
    if name not in {category[0] for category in ("Lu", "Mn", "Nd", "Pc", "Sc", "Zs", "Cc")}:
        raise re.error(f"no translation for the Java property {name}")
    points = [point for point in range(_LAST_CODE_POINT) if unicodedata.category(chr(point))[0] == name]
    starts = [point for before, point in zip([-2, *points], points) if point != before + 1]
    ends = [point for point, after in zip(points, [*points[1:], -2]) if after != point + 1]
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in zip(starts, ends, strict=True))
