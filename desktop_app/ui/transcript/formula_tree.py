"""Prepared TeX to a MathML tree, by latex2mathml, with what the typesetter needs put right.

The tree is handed on as it is, never as text: nothing in a formula can become markup. Most of what
is put right here is the distance that TeX keeps and MathML's table of operators does not.
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from desktop_app.ui.transcript.formula_source import FormulaError

DEEPEST_TREE = 120
"""Elements inside one another: five for each level of `formula_source.DEEPEST`."""
ROW_ID = "row"
"""Attribute that numbers the rows of a tree; a copy of a row keeps its number."""

_COMMAND = re.compile(r"\\[a-zA-Z]+")
_KNOWN = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "mstyle",
        "mfrac",
        "msqrt",
        "mroot",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mpadded",
        "mphantom",
        "menclose",
    ]
)
_FENCES = frozenset("()[]{}|‖∥⌊⌋⌈⌉⟨⟩/\\\u2016\u2223\u2225⟦⟧⎰⎱↑↓↕⇑⇓⇕")
_STIFF = frozenset("↑↓↕⇑⇓⇕⟨⟩/\\⧵∖")
"""Grow in MathML; in TeX only between \\left and \\right."""
_BINARY = frozenset("∪∩∧∨∖⧵⊎⊓⊔⋅∘∙⋆∗⊕⊖⊗⊘⊙±∓×÷†‡⋄△▽◃▹≀⊞⊟⊠⊡")
_RELATIONS = frozenset("∼≈≃≅∝⊢⊣⊨∣⊥∥≍≐≺≻⪯⪰⊏⊐⊑⊒∋∌⊊⊋⊄⊅≪≫⟶⟵⟷⟹⟸⟺↦⟼↪↩↝⇌⇋⇀↼→←↔⇒⇐⇔≜≔≕∴∵")
_LARGE = frozenset("⋂⋃⋀⋁⨀⨁⨂⨄⨆∐∏∑")
_SPACED_BEFORE = _LARGE | frozenset("∫∬∭∮∯∰")
_NO_SPACE_BESIDE = ("mo", "mspace", "mtext")
_CLOSING = frozenset(")]}")
_MISREAD = {"~": "∼", ":": ":"}
"""Relations that the reader takes for letters."""
_TALL = frozenset("⨀⨁⨂⨄⨆")
"""Large operators that the reader takes for letters."""
_LETTERS = frozenset("!∇∂∀∃∄¬∞∅℧")
"""Operators by MathML's table that TeX sets without any space."""
_WIDE_ACCENTS = {"^": "\u0302", "~": "\u0303"}
_OVER_UNDER = ("mover", "munder", "munderover")
_SCRIPTS = ("msub", "msup", "msubsup", *_OVER_UNDER)
_STRUT = {"width": "0em", "height": "0.84em", "depth": "0.36em"}
"""TeX keeps the lines of a table 1.2 em apart whatever stands in them."""


_BOX_STRUT = {"width": "0.3em", "height": "1.05em", "depth": "0.4em"}


def mathml(tex: str, *, is_display: bool) -> Element:
    """The tree of a prepared formula. Raises FormulaError, and whatever the reader raises."""
    # Reading its table of symbols takes 60 ms: not at import.
    from latex2mathml.converter import Converter

    root = Converter(display="block" if is_display else "inline").convert_to_element(tex)
    root.attrib.pop("xmlns", None)
    _check_depth(root)
    for element in root.iter():
        _clean(element)
    # Inside out, so that what stands in a script has the last word.
    for parent in reversed(list(root.iter())):
        _put_right(parent)
    for number, element in enumerate(root.iter()):
        if element.tag in ("mrow", "mtd", "mstyle", "mpadded", "math"):
            element.set(ROW_ID, str(number))
    return root


def _check_depth(root: Element) -> None:
    r"""Chains such as \sqrt\sqrt\sqrt nest without a brace; C code recurses over them."""
    level, depth = [root], 0
    while level:
        level = [child for element in level for child in element]
        depth += 1
        if depth > DEEPEST_TREE:
            raise FormulaError("nested too deeply")


def _clean(element: Element) -> None:
    if element.tag not in _KNOWN:
        raise FormulaError(f"cannot set {element.tag}")
    for name in ("mathcolor", "mathbackground", "style", "href", "class"):
        element.attrib.pop(name, None)
    if element.text:
        element.text = html.unescape(element.text)
        if element.tag != "mtext" and _COMMAND.match(element.text):
            raise FormulaError(f"unknown command {element.text}")
    if element.tag in ("mi", "mn", "mo") and element.text:
        _clean_symbol(element, element.text)


def _clean_symbol(element: Element, text: str) -> None:
    variant = element.get("mathvariant", "")
    offsets = _ALPHABETS.get(variant)
    if offsets and element.tag != "mo":
        element.text = "".join(map(offsets.get, text, text))
        del element.attrib["mathvariant"]
    elif element.tag == "mi" and text in _MISREAD:
        element.tag, element.text = "mo", _MISREAD[text]
    elif text in _TALL or text in _BINARY or text in _RELATIONS:
        element.tag = "mo"


def _put_right(parent: Element) -> None:
    if parent.tag == "mfrac":
        # The parts of a fraction are set in text style; TeX does so, and so do browsers.
        for part in parent:
            part.attrib.setdefault("displaystyle", "false")
    elif parent.tag == "mtable":
        _put_table_right(parent)
    elif parent.tag == "menclose" and parent.get("notation") == "box":
        parent.insert(0, Element("mspace", _BOX_STRUT))
        parent.append(Element("mspace", {"width": "0.3em"}))
    for place, element in enumerate(parent):
        if element.tag == "mo":
            _put_operator_right(element, parent, is_inside=0 < place < len(parent) - 1)
    if parent.tag in ("mrow", "mtd", "math", "mstyle"):
        _space_names(parent)
    elif parent.tag in _SCRIPTS:
        # Nothing is spaced in a script, and nothing is large.
        for script in list(parent)[1:]:
            script.attrib.setdefault("displaystyle", "false")
            for operator in script.iter("mo"):
                operator.attrib.update(lspace="0em", rspace="0em")


def _put_operator_right(element: Element, parent: Element, *, is_inside: bool) -> None:
    text = element.text or ""
    is_accent = parent.tag in _OVER_UNDER
    if text == "^" and element.get("stretchy") == "false":
        element.text = "\u02c6"
    elif text in _WIDE_ACCENTS and is_accent:
        element.text = _WIDE_ACCENTS[text]
    if not is_accent and (text not in _FENCES or text in _STIFF):
        element.attrib.setdefault("stretchy", "false")
    if text in _LARGE:
        element.attrib.update(largeop="true", movablelimits="true", lspace="0em")
        element.attrib.setdefault("rspace", "thinmathspace")
    elif text in _LETTERS:
        element.attrib.update(lspace="0em", rspace="0em")
    elif text in _BINARY or text in _RELATIONS:
        space = "mediummathspace" if text in _BINARY else "thickmathspace"
        element.set("lspace", space if is_inside or text in _RELATIONS else "0em")
        element.set("rspace", space if is_inside or text in _RELATIONS else "0em")


def _put_table_right(table: Element) -> None:
    is_small = "0.1em" in table.get("rowspacing", "")
    is_display = table.get("displaystyle") == "true"
    if not is_display:
        table.set("displaystyle", "false")
    table.set("rowspacing", "0.1em" if is_small else ("0.35em" if is_display else "0.15em"))
    spacing = table.get("columnspacing", "")
    if not spacing:
        table.set("columnspacing", "1em")
    elif "2em" in spacing.split():
        table.set("columnspacing", "0em 2em")
    if not is_small:
        for row in table:
            if len(row):
                row[0].append(Element("mspace", _STRUT))


def _space_names(row: Element) -> None:
    """Thin spaces around names of functions and before large operators, as TeX keeps them."""
    for place in range(len(row) - 1, -1, -1):
        element = row[place]
        base = element
        while len(base) and (base.tag in _SCRIPTS or (base.tag == "mrow" and len(base) == 1)):
            base = base[0]
        text = (base.text or "").strip()
        is_name = len(text) > 1 and text[0].isalpha() and base.tag in ("mi", "mo")
        if not (is_name or text in _SPACED_BEFORE):
            continue
        following = row[place + 1].tag if place + 1 < len(row) else "mo"
        if is_name and following not in _NO_SPACE_BESIDE:
            row.insert(place + 1, Element("mspace", {"width": "0.167em"}))
        before = row[place - 1] if place else None
        if before is not None and (before.tag not in _NO_SPACE_BESIDE or before.text in _CLOSING):
            row.insert(place, Element("mspace", {"width": "0.167em"}))


def _alphabet(upper: int, lower: int, digits: int, greek: tuple[int, int] | None) -> dict[str, str]:
    letters = {chr(65 + n): chr(upper + n) for n in range(26)}
    letters |= {chr(97 + n): chr(lower + n) for n in range(26)}
    letters |= {chr(48 + n): chr(digits + n) for n in range(10)}
    if greek:
        letters |= {chr(0x391 + n): chr(greek[0] + n) for n in range(25)}
        letters |= {chr(0x3B1 + n): chr(greek[1] + n) for n in range(25)}
    return letters


_ALPHABETS = {
    "bold": _alphabet(0x1D400, 0x1D41A, 0x1D7CE, (0x1D6A8, 0x1D6C2)),
    "sans-serif": _alphabet(0x1D5A0, 0x1D5BA, 0x1D7E2, None),
    "monospace": _alphabet(0x1D670, 0x1D68A, 0x1D7F6, None),
}
"""Upright alphabets: the typesetter would slant single letters of these styles."""
