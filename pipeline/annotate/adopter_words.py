"""Who adopts models, and what adopters do, as lexicon/models.toml knows the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline import lexicon
from pipeline.annotate import people, places
from pipeline.gazetteer import Gazetteer
from pipeline.vietnamese import match_key

JOINED: Final = re.compile(r"\s*,\s*|\s+và\s+|\s+cùng\s+|\s*-\s*")
_MOBILISED: Final = re.compile(
    r"\b(?:vận\s+động|phát\s+động|huy\s+động|cho|cùng|với|giúp|kêu\s+gọi)\s+\Z"
)
_CROWD_OF: Final = re.compile(r"(?:\b(?:các|nhiều|những|mỗi|từng|số|hết|bộ|cả|\w*\d)\s+)\Z")
# What a later sentence of the paragraph says of the name before it.
_DOING: Final = (
    r"(?:làm|thực\s+hiện|triển\s+khai|tổ\s+chức|duy\s+trì|khởi\s+xướng|áp\s+dụng|phát\s+động|xây\s+dựng"
    r"|ra\s+mắt|vận\s+hành)"
)
_MANNER: Final = (
    r"(?:nhận|đang|đã|đứng\s+ra|bắt\s+đầu|đầu\s+tiên|trước\s+tiên|trước|sớm\s+nhất|đến\s+nay|và"
    r"|mô\s+hình(?:\s+(?:này|ấy|đó))?|cách\s+làm(?:\s+(?:này|ấy|đó)))"
)
_PLACE_OF: Final = r"(?:xã|phường|thị\s+trấn|thôn|ấp|bản|buôn|khóm|làng|nơi|đơn\s+vị|địa\s+phương)"
SAID_LATER: Final = re.compile(
    rf"""
    (?<=[.!?]\s) (?:
        (?: mô\s+hình | cách\s+làm | phong\s+trào ) (?: \s+ (?: này | ấy | đó | trên ) )?
        \s+ (?P<do> do | được ) \s+ (?=(?P<doer>\S))
        # "Nơi làm đầu tiên là xã A"; "Đứng ra tổ chức và duy trì đến nay là Chi bộ B"
      | (?: (?:(?:hai|ba|\d|những|các)\s+)? (?:nơi|đơn\s+vị|địa\s+phương|tập\s+thể) \s+
          | (?=đứng\s|khởi\s) )
        (?: {_MANNER} \s+ ){{0,4}} {_DOING} \s+ (?: (?:{_MANNER}|{_DOING}) \s+ ){{0,5}}
        là \s+ (?=(?P<body>\S))
        # "Tân Hòa là xã làm đầu tiên"
      | (?P<name> [^,;:.!?()\n"]{{2,40}}? ) \s là \s+ {_PLACE_OF} \s+
        (?:{_MANNER}\s+){{0,3}} {_DOING} \s+ (?:mô\s+hình\s+(?:này\s+)?)?
        (?:đầu\s+tiên|trước|sớm\s+nhất)\b
    )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Verb:
    """What is done to a model; who does it runs it."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    announces: bool = False
    starts: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watching:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crowd:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    whole: bool = False  # a name as it stands: "Chi đoàn giáo viên"
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandIn:
    """What a sentence calls the unit that the sentence before is about."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@cache
def announcing() -> frozenset[str]:
    """Verbs before a quotation that make it a model's name."""
    verbs = lexicon.read("models", Verb)
    return frozenset(match_key(p) for verb in verbs if verb.announces for p in verb.phrases)


@cache
def verbs() -> Gazetteer[bool]:
    """What adopters do, and whether that tells when a model began."""
    return Gazetteer(
        {p: verb.starts for verb in lexicon.read("models", Verb) for p in verb.phrases}
    )


@cache
def watching() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("models", Watching)))


@cache
def crowds() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("models", Crowd)))


def is_body(folded: str, at: int) -> bool:
    """Whether a body's name, or a unit's, may begin at `at`."""
    return _bodies().begins(folded, at)


@cache
def _bodies() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("models", Body)))


@cache
def whole() -> Gazetteer[None]:
    known = lexicon.read("models", Body)
    return Gazetteer({p: None for entry in known if entry.whole for p in entry.phrases})


@cache
def stand_ins() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("models", StandIn)))


@cache
def lone_body() -> re.Pattern[str]:
    """A body's head at the start of a clause, with its capital."""
    heads = sorted(lexicon.phrases("models", Body), key=len)
    known = "|".join(re.escape(h[0].upper() + h[1:]) for h in reversed(heads))
    return re.compile(rf"(?<![\w\"“])(?:{known})(?!\w)")


@cache
def territory() -> re.Pattern[str]:
    """A named territory as written: xã Phú Cường, Phường 3, TP. Bạc Liêu, ấp Tân Lập 1."""
    known = places.divisions().values()
    full = {form for d in known for form in (d.name, *d.forms)}
    heads = sorted({f for name in full for f in (name, name[0].upper() + name[1:])}, key=len)
    short = sorted({s.upper() for d in known for s in d.short}, key=len)
    syllable = people.SYLLABLE
    return re.compile(
        rf"(?<!\w)(?:(?:{'|'.join(map(re.escape, reversed(heads)))})[ ]"
        rf"|(?:{'|'.join(map(re.escape, reversed(short)))})\.?[ ]?)"
        rf"(?:số[ ])?(?:\d{{1,3}}[A-Z]?(?!\w|/)|{syllable})"
        rf"(?:[ ](?:{syllable}|\d{{1,2}}(?![\w/])))*"
    )


def is_crowd(between: str) -> bool:
    """Whether the doers are none in particular: "14 chi bộ đăng ký", "các xã thực hiện"."""
    hits = crowds().find(between)
    for n, hit in enumerate(hits):
        following = hits[n + 1] if n + 1 < len(hits) else None
        many = _CROWD_OF.search(between, max(0, hit.start - 16), hit.start)
        listed = following and JOINED.fullmatch(between, hit.end, following.start)
        does = re.split(r"[,:(]", between[following.end if listed and following else hit.end :])[0]
        if many and verbs().find(does) and not _MOBILISED.search(between, 0, many.start()):
            return True
    return False
