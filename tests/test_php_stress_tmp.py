"""Leaked PHP dumps: drawn, printed the way PHP and templates print them, cut out and read back."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline import php_dump

Value = str | dict[str, "Value"]
Tree = dict[str, Value]

# --- what a template leaks ----------------------------------------------------------------

ODD = (
    "", "vi", "277485", "2022-08-12 08:11:31", "Tin ảnh", "1660266265.jpg", "Họp (mở rộng", "rộng)",
    "(a) (b", ":)", "((", "))", "a => b", "=>", "[mới]", "[tin nóng] => hay", "“Bác”", '"', "'",
    "{", "}", '"}', "Array", "Array (mảng)", "a;b", "&", "5 < 7", "x =", "Object", "stdClass",
)  # fmt: skip
odd_values = st.lists(st.sampled_from(ODD), min_size=1, max_size=3).map(
    lambda values: " ".join(value for value in values if value)
)
names = st.sampled_from(
    ("news_id", "news_title", "t", "id", "cate2", "og:title", "data-src", "news_picture")
)
records: st.SearchStrategy[Tree] = st.dictionaries(names, odd_values, min_size=1, max_size=5)


def _numbered(values: Iterable[Value]) -> Tree:
    return {str(number): value for number, value in enumerate(values)}


lists = st.lists(records, min_size=1, max_size=4).map(_numbered)
named_lists = st.dictionaries(st.sampled_from(("hot", "new", "old")), lists, min_size=1, max_size=3)
tags = st.lists(odd_values, min_size=1, max_size=3).map(_numbered)
with_tags = st.tuples(records, tags).map(lambda pair: {**pair[0], "tags": pair[1]})
lists_with_tags = st.lists(with_tags, min_size=1, max_size=3).map(_numbered)
trees: st.SearchStrategy[Tree] = st.one_of(records, lists, named_lists, with_tags, lists_with_tags)


def entries(tree: Tree) -> tuple[php_dump.Entry, ...]:
    """What must be read back: the plain pairs of every array that has named ones."""
    found: list[php_dump.Entry] = []

    def walk(array: Tree) -> None:
        pairs = tuple((k, v) for k, v in array.items() if isinstance(v, str))
        if pairs:
            found.append(pairs)
        for value in array.values():
            if isinstance(value, dict):
                walk(value)

    walk(tree)
    records = [entry for entry in found if not all(key.isdecimal() for key, _ in entry)]
    return tuple(records or found)


def values(tree: Tree) -> Iterator[str]:
    for value in tree.values():
        yield from [value] if isinstance(value, str) else values(value)


def print_r(tree: Tree, indent: str = "", step: int = 4, label: str = "Array") -> str:
    """As PHP prints it, without the newline at the end."""
    inner = indent + " " * step
    rows = ""
    for key, value in tree.items():
        if isinstance(value, dict):
            shown = print_r(value, inner + " " * step, step, label) + "\n"
        else:
            shown = value
        rows += f"{inner}[{key}] => {shown}\n"
    return f"{label}\n{indent}(\n{rows}{indent})"


def unindented(tree: Tree) -> str:
    return "\n".join(line.strip() for line in print_r(tree).split("\n"))


def without_blank_lines(tree: Tree) -> str:
    return "\n".join(line for line in print_r(tree).split("\n") if line.strip())


def flattened(tree: Tree) -> str:
    return " ".join(print_r(tree).split())


def with_line_breaks(tree: Tree) -> str:
    return print_r(tree).replace("\n", "<br />\n").replace("    ", "&nbsp;" * 4)


def objects(tree: Tree) -> str:
    return print_r(tree, label="stdClass Object")


def var_dump(tree: Tree, indent: str = "") -> str:
    rows = ""
    for key, value in tree.items():
        shown_key = key if key.isdecimal() else f'"{key}"'
        if isinstance(value, dict):
            shown = var_dump(value, indent + "  ")
        elif value.isdecimal():
            shown = f"int({value})"
        else:
            shown = f'string({len(value.encode())}) "{value}"'
        rows += f"{indent}  [{shown_key}]=>\n{indent}  {shown}\n"
    return f"array({len(tree)}) {{\n{rows}{indent}}}"


def flat_var_dump(tree: Tree) -> str:
    return " ".join(var_dump(tree).split())


def escaped(printer: Callable[[Tree], str]) -> Callable[[Tree], str]:
    return lambda tree: html.escape(printer(tree))


PRINTERS = {
    "print_r": print_r,
    "print_r, two spaces": lambda tree: print_r(tree, step=2),
    "unindented": unindented,
    "without blank lines": without_blank_lines,
    "flattened": flattened,
    "stdClass": objects,
    "with <br />": with_line_breaks,
    "escaped": escaped(print_r),
    "escaped and flattened": escaped(flattened),
    "var_dump": var_dump,
    "var_dump flattened": flat_var_dump,
    "var_dump escaped": escaped(var_dump),
    "var_dump escaped and flattened": escaped(flat_var_dump),
}
few = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
printers = pytest.mark.parametrize("printer", PRINTERS.values(), ids=PRINTERS.keys())
prose = st.text(st.sampled_from("Tỉnh ủy họp, (mở) rộng: “a” => b. \n"), max_size=40)


def cut(text: str) -> str:
    parts, position = [], 0
    for dump in php_dump.find(text):
        parts.append(text[position : dump.start])
        position = dump.end
    return "".join([*parts, text[position:]])


# --- properties ---------------------------------------------------------------------------


@printers
@few
@given(before=prose, tree=trees, after=prose)
def test_a_dump_goes_and_nothing_else_does(
    printer: Callable[[Tree], str], before: str, tree: Tree, after: str
) -> None:
    dump = printer(tree)
    [found] = php_dump.find(f"{before}\n{dump}\n{after}")
    assert (found.start, found.end) == (len(before) + 1, len(before) + 1 + len(dump))
    assert not found.truncated
    assert found.entries == entries(tree)


@printers
@few
@given(st.lists(trees, min_size=2, max_size=3), st.sampled_from(["\n", " ", "</pre>\n<pre>"]))
def test_dumps_in_a_row_are_told_apart(
    printer: Callable[[Tree], str], drawn: list[Tree], between: str
) -> None:
    text = f"<pre>{between.join(printer(tree) for tree in drawn)}</pre>"
    found = php_dump.find(text)
    assert [text[d.start : d.end] for d in found] == [printer(tree) for tree in drawn]
    assert [d.entries for d in found] == [entries(tree) for tree in drawn]


@printers
@few
@given(before=prose, tree=trees, share=st.floats(0, 1))
def test_the_end_of_a_capture_may_cut_a_dump_anywhere(
    printer: Callable[[Tree], str], before: str, tree: Tree, share: float
) -> None:
    dump = printer(tree)
    first_key = dump.index("[") + 1
    length = first_key + int(share * (len(dump) - 1 - first_key))
    text = f"{before}\n{dump[:length]}"
    # Flattened, "Array ( [a] => :) x" reads as whole; so does a string that holds its own end.
    assume("\n" in dump or ")" not in "".join(values(tree)))
    assume('"}' not in "".join(values(tree)))
    [found] = php_dump.find(text)
    assert (found.start, found.end) == (len(before) + 1, len(text))


@few
@given(trees)
def test_a_cut_value_is_left_out_rather_than_read_by_half(tree: Tree) -> None:
    whole = {pair for entry in entries(tree) for pair in entry}
    dump = print_r(tree)
    for length in range(dump.index("["), len(dump) - 1, 7):
        for found in php_dump.find(dump[:length]):
            assert {pair for entry in found.entries for pair in entry} <= whole


@printers
@few
@given(before=prose, tree=trees, after=prose)
def test_cutting_twice_is_cutting_once(
    printer: Callable[[Tree], str], before: str, tree: Tree, after: str
) -> None:
    once = cut(f"{before} {printer(tree)}\n{after}")
    assert cut(once) == once


SOUP = (*'()[]{} \n=>"', "Array", "array(1)", "[a]", "=>", "stdClass Object")


@given(st.lists(st.sampled_from(SOUP)).map("".join))
def test_any_soup_of_syntax_is_read_without_an_error(text: str) -> None:
    end = 0
    for dump in php_dump.find(text):
        assert end <= dump.start < dump.end <= len(text)
        assert text[dump.start :].startswith(("Array", "array(", "stdClass Object", "Object"))
        end = dump.end


@given(st.text().filter(lambda t: "=" not in t and "(" not in t))
def test_text_without_a_dump_is_untouched(text: str) -> None:
    assert php_dump.find(text) == []


# --- by example ---------------------------------------------------------------------------

EXAMPLES = {
    "a parenthesis in a value": (
        "Array ( [t] => a ) b [u] => c )",
        ((("t", "a ) b"), ("u", "c")),),
    ),
    "a value that is a parenthesis": ("Array ( [t] => ) )", ((("t", ")"),),)),
    "a record ends in a parenthesis": (
        "Array ( [0] => Array ( [t] => a ) ) [1] => Array ( [t] => ) ) )",
        ((("t", "a )"),), (("t", ")"),)),
    ),
    "a line that is a parenthesis": (
        "Array\n(\n    [t] => a\n)\n    [u] => c\n)",
        ((("t", "a\n)"), ("u", "c")),),
    ),
    "a value of two lines": (
        "Array\n(\n    [t] => a\n    [x] b\n    [u] => c\n)",
        ((("t", "a\n    [x] b"), ("u", "c")),),
    ),
    "no spaces": (
        "Array([0] => Array([a] => (b) c) [1] => Array([a] => d))",
        ((("a", "(b) c"),), (("a", "d"),)),
    ),
    "newlines lost": (
        "Array(    [0] => Array        (            [a] => b        ))",
        ((("a", "b"),),),
    ),
    "parentheses on the line of the word": (
        "Array (\n  [0] => Array (\n    [a] => b\n  )\n)",
        ((("a", "b"),),),
    ),
    "by number and by name, as mysql_fetch_array has it": (
        "Array ( [0] => Array ( [0] => 5 [id] => 5 ) [1] => Array ( [0] => 6 [id] => 6 ) )",
        ((("0", "5"), ("id", "5")), (("0", "6"), ("id", "6"))),
    ),
    "keyed by id": (
        "Array ( [31] => Array ( [t] => a ) [7] => Array ( [t] => b ) )",
        ((("t", "a"),), (("t", "b"),)),
    ),
    "visibility": (
        "stdClass Object ( [id:protected] => 5 [t:App\\News:private] => a )",
        ((("id", "5"), ("t", "a")),),
    ),
    "empty": ("Array\n(\n)", ()),
    "var_dump of everything": (
        'array(6) { ["i"]=> int(5) ["f"]=> float(1.5) ["b"]=> bool(true) ["n"]=> NULL '
        '["o"]=> object(stdClass)#1 (1) { ["p":protected]=> string(2) "x)" } '
        '["s"]=> string(0) "" }',
        ((("i", "5"), ("f", "1.5"), ("b", "true"), ("n", ""), ("s", "")), (("p", "x)"),)),
    ),
    "a string that holds its own end": (
        'array(2) { ["t"]=> string(15) "a" ["u"]=> b" }" ["u"]=> int(1) }',
        ((("t", 'a" ["u"]=> b" }'), ("u", "1")),),
    ),
}


@pytest.mark.parametrize(("dump", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("Gửi bình luận", "\nTin khác"), ("<pre>", "</pre>"), ("Xem: ", " Sau")],
)
def test_odd_dumps(
    dump: str, expected: tuple[php_dump.Entry, ...], before: str, after: str
) -> None:
    text = before + dump + after
    [found] = php_dump.find(text)
    assert text[found.start : found.end] == dump
    assert found.entries == expected
    assert not found.truncated


@pytest.mark.parametrize(
    "text",
    [
        "Array (mảng) là kiểu dữ liệu.",
        "Hàm trả về Array().",
        "Array (",
        "Lệnh array(3) tạo mảng { ba } phần tử.",
        "Object ( đối tượng )",
        "new Array(1, 2); x[0] => y",
        "function object(a) { return a; }",
    ],
)
def test_prose_and_code_stay(text: str) -> None:
    assert php_dump.find(text) == []


def test_parentheses_around_a_dump_are_the_prose_s() -> None:
    text = "(xem Array ( [t] => a ) )"
    [found] = php_dump.find(text)
    assert text[found.start : found.end] == "Array ( [t] => a )"


def test_the_class_of_an_object_is_cut_with_it() -> None:
    text = "Xem App\\News Object ( [id] => 5 ) sau."
    [found] = php_dump.find(text)
    assert text[found.start : found.end] == "App\\News Object ( [id] => 5 )"


def test_a_dump_that_nothing_closes_ends_with_its_paragraph() -> None:
    text = "Array ( [0] => Array ( [news_id] => 5 [t] => Họp\n\nTỉnh ủy họp."
    [found] = php_dump.find(text)
    assert text[found.end :] == "\n\nTỉnh ủy họp."
    assert found.truncated


# --- cost ---------------------------------------------------------------------------------

HOSTILE = {
    "openings": ("", "Array ("),
    "nested": ("", "Array ( [a] => "),
    "unclosed": ("", "Array ( [a] => x "),
    "unclosed by lines": ("", "Array\n(\n [a] => x\n"),
    "closed too often": ("", "Array ( [a] => x ) ) "),
    "opening parentheses": ("Array ( [a] => ", "("),
    "closing parentheses": ("Array ( [a] => ", ")"),
    "closing parentheses apart": ("Array ( [a] => ", ") "),
    "closing parentheses with text": ("Array ( [a] => x )        ", " x )"),
    "lines of parentheses": ("Array\n(\n[a] => x", "\n)x"),
    "one key": ("Array ( [a] => x ", "[a] => ) "),
    "blank lines": ("Array ( [a] => x ", "\n\n"),
    "blank lines in many": ("", "Array\n(\n[a] => x \n\n"),
    "spaces": ("Array ( [a] => x ", " "),
    "names": ("", "aA_\\"),
    "brackets": ("Array ( ", "[a"),
    "gaps": ("Array", "&nbsp;<br>"),
    "var_dump nested": ("", 'array(1) { ["a"]=> '),
    "lengths that lie": ("array(9) { ", '["a"]=> string(9999999) "b" '),
    "strings without end": ("", 'array(1) { ["a"]=> string(99) "x '),
    "ends of strings": ('array(1) { ["a"]=> string(9999999) "', '" } '),
}


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        php_dump.find(text)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize(("start", "again"), HOSTILE.values(), ids=HOSTILE.keys())
def test_ten_times_the_text_costs_at_most_twenty_times_the_time(start: str, again: str) -> None:
    assert seconds(start + again * 10_000) <= 20 * max(seconds(start + again * 1_000), 1e-4)
