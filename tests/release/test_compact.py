"""What a page carries is the code of its source: only lines of comment and of nothing, and spaces, are left out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import wholetape
from wholetape.release.compact import compact, compact_style

HERE = Path(wholetape.__file__).parent
SOURCES = sorted(path for folder in ("web/checker", "release/page") for path in (HERE / folder).glob("*.js"))
TRICKY = r"""
// a comment
"use strict";
/** One line. */
/* Two
   lines: const never = 1; */
(() => {
  const address = "https://example.org"; // behind code
  const odd = "it's // not one; "; // it's behind code, and stays
  const even = `) // ${address.length} ;`, url = ["; // no", address]; // gone
  const text = "/* no comment */", quoted = '// no comment', filled = `// ${address} /* none */`;
  const pattern = /\/\/[^/*]*/g, slashes = /[/*]/;

  let n = 7 - -2, m = n + +"3", k = n++ + m, r = "a / b".split(/ \/ /), late = n - --m;
  n += 2; m -= -1; k %= 5; if (n !== m && k != 9) { n = (n ^ 3) % 4 / 2; }
  const nested = `a ${[1, 2].map((x) => `x = ${x} ;`).join(" , ")} ( b )`;
  const plain = `( ${n - m} ) = ${k}`, said = "( a , b ) = c";
  const sides = ["l = r", 'x + y'].map((text) => text + " ( " + text.length / 2 + ' ) "');

  const all = [n, m, k, r, late, nested, plain, said, sides];
  globalThis.found = [all, address, odd, even, url, text, quoted, filled, pattern.source, slashes.source, 4 / 2 / 1];
})();
"""


def runs(script: str) -> object:
    if shutil.which("node") is None:
        pytest.skip("node is missing")
    words = f"{script}\nprocess.stdout.write(JSON.stringify(globalThis.found));"
    return json.loads(subprocess.run(["node", "-e", words], capture_output=True, check=True, timeout=60).stdout)


def test_a_style_sheet_says_the_same_in_less_room():
    sheet = "/* a\n comment { */\n.a > b { color: red; }\n@media print {\n  .c { content: 'x y'; }\n}\n"
    assert compact_style(sheet) == ".a > b{color: red;}@media print{.c{content: 'x y';}}"


def test_comments_go_and_what_only_looks_like_one_stays():
    short = compact(TRICKY)
    assert short.splitlines()[0] == '"use strict";'
    assert "a comment" not in short.replace("no comment", "")
    assert "never" not in short
    assert "behind code\n" not in short
    assert "gone" not in short
    assert "it's behind code, and stays" in short
    assert runs(short) == runs(TRICKY)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_each_script_loses_only_comments_blank_lines_and_spaces(source):
    text = source.read_text(encoding="utf-8")
    short = compact(text)
    assert compact(short) == short
    kept = [re.sub(" ", "", line) for line in short.splitlines()]
    rest = [re.sub(" ", "", line) for line in text.splitlines()]
    gone = []
    for line in rest:
        if kept and (line == kept[0] or re.fullmatch(re.escape(kept[0]) + "//.*", line)):
            kept.pop(0)
        else:
            gone.append(line)
    assert not kept
    assert all(not line or line.startswith(("//", "/*", "*")) or _within_block(line, rest) for line in gone)


TOKENS = r"""
const acorn = require("internal/deps/acorn/acorn/dist/acorn"), fs = require("fs");
const told = (t) => [t.type.label, String(t.value?.pattern ?? t.value), t.value?.flags];
const tokens = (text) => [...acorn.tokenizer(text, { ecmaVersion: "latest" })].map(told);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other) ? one.length : -1;
const read = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(read.map(([one, other]) => same(tokens(one), tokens(other)))));
"""
"""With the parser that node brings: how many tokens two scripts have in common, -1 where any differs."""


def same_tokens(pairs: list[tuple[str, str]]) -> list[int]:
    if shutil.which("node") is None:
        pytest.skip("node is missing")
    done = subprocess.run(
        ["node", "--expose-internals", "-e", TOKENS],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "internal/deps/acorn" in done.stderr:
        pytest.skip("this node brings no parser")
    assert done.returncode == 0, done.stderr
    lengths: list[int] = json.loads(done.stdout)
    return lengths


def test_what_is_left_reads_as_the_same_tokens():
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    same = same_tokens([(text, compact(text)) for text in [*texts, TRICKY]])
    assert all(n > 50 for n in same), [path.name for path, n in zip(SOURCES, same, strict=False) if n < 0]
    assert same_tokens([("a + +b", "a ++b")]) == [-1]


def _within_block(line: str, lines: list[str]) -> bool:
    """Whether the line lies between one that opens a comment and the one that closes it."""
    above = lines[: lines.index(line)]
    opened = max((n for n, one in enumerate(above) if one.startswith("/*")), default=-1)
    closed = max((n for n, one in enumerate(above) if "*/" in one), default=-1)
    return opened > closed


@pytest.mark.parametrize(
    "script",
    ["const a = `one\n// two`;\n", "/* a */ const b = 1;\n", "const c = 'one\\\n// two';\n", "/*\n*/ call();\n"],
    ids=["template", "behind", "continued", "behind-block"],
)
def test_a_script_that_it_cannot_judge_line_by_line_is_refused(script):
    with pytest.raises(ValueError, match="line"):
        compact(script)
