"""Parameters of papermill as Go, for notebooks of the language "go".

    pip install kernel/lab/papermill
    papermill in.ipynb out.ipynb -p steps 20 -p name nearest

Papermill knows no Go, and without this it refuses -p for a Go notebook. The cell that is tagged "parameters" declares the
parameters with their defaults, and so their types:

    steps := 8     // how many
    rate := 2e-5
    layers := []int{1, 2}

Papermill puts a cell of assignments behind it. A value of a wrong type, and a name that is not declared, is an error of
that cell. A list or a mapping is decoded as JSON into what was declared: a slice, an array, a map or a struct.
"""

import json
import math
import re

from papermill.engines import NBClientEngine as Engine  # noqa: F401: what the entry point names
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class GoTranslator(Translator):
    """Writes values and comments as Go, and reads the declarations of a parameters cell."""

    @classmethod
    def translate_none(cls, val):
        return "nil"

    @classmethod
    def translate_str(cls, val):
        return quoted(val)

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "math.NaN()"
        if math.isinf(val):
            return "math.Inf(1)" if val > 0 else "math.Inf(-1)"
        return repr(val)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        lines = [cls.comment(comment)]
        for name, val in parameters.items():
            if isinstance(val, (list, tuple, dict)):
                lines.append(f"cell.Check(json.Unmarshal([]byte({as_json(val)}), &{name}))")
            else:
                lines.append(cls.assign(name, cls.translate(val)))
        return "\n".join(lines) + "\n"

    @classmethod
    def inspect(cls, parameters_cell):
        found = (parameter(line) for line in parameters_cell["source"].splitlines())
        return [p for p in found if p]


def quoted(text):
    """A string literal: JSON's escapes are Go's as well."""
    return json.dumps(text, ensure_ascii=False).replace("\ufeff", "\\ufeff")


def as_json(val):
    """JSON in a raw string literal, which cannot hold a backquote."""
    text = json.dumps(val, ensure_ascii=False, default=str)
    return "`" + text.replace("`", "\\u0060").replace("\ufeff", "\\ufeff").replace("\r", "\\r") + "`"


# A line of a parameters cell: what declares, outside of strings, and the comment.
CODE = re.compile(r"""((?:"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|(?!//).)*)(?://\s*(.*))?$""")
SHORT = re.compile(r"(\w+)\s*:=\s*(.+)")
LONG = re.compile(r"var\s+(\w+)(?:\s+([^=\s][^=]*?))?(?:\s*=\s*(.+))?$")

# What the type of a value is, where it is not said.
TYPES = (
    ("string", re.compile(r'["`]')),
    ("bool", re.compile(r"(true|false)$")),
    ("float64", re.compile(r"[-+]?(\d[\d_]*\.\d*|\.\d+|\d+(?=[eE]))([eE][-+]?\d+)?$")),
    ("int", re.compile(r"[-+]?(0[xXoObB])?[\da-fA-F_]+$")),
)
COMPOSITE = re.compile(r"&?([\w.\[\]*]+)\{")


def parameter(line):
    """The parameter that a line declares, or None."""
    code, text = CODE.match(line.strip()).groups()
    code, text = code.strip(), text or ""
    if m := SHORT.fullmatch(code):
        return Parameter(m[1], type_of(m[2]), m[2], text)
    if m := LONG.match(code):
        return Parameter(m[1], m[2] or type_of(m[3] or ""), m[3] or "", text)
    return None


def type_of(value):
    for name, pattern in TYPES:
        if pattern.match(value):
            return name
    m = COMPOSITE.match(value)
    return m[1] if m else "None"


papermill_translators.register("go", GoTranslator)
