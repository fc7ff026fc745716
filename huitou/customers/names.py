"""Names as stored search keys: folded, by pinyin, by initials."""

import re
from typing import Final, NamedTuple

from huitou.kit.text import folded

_CHINESE: Final = re.compile(r"[㐀-鿿豈-﫿]|[\U00020000-\U0003ffff]")
# Characters that sound otherwise as a family name.
_FAMILY: Final = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "任": "ren",
    "查": "zha",
    "盖": "ge",
    "朴": "piao",
    "区": "ou",
    "缪": "miao",
    "乐": "yue",
    "尉": "wei",
    "燕": "yan",
    "华": "hua",
    "冼": "xian",
    "翟": "zhai",
    "晁": "chao",
    "宓": "mi",
    "员": "yun",
    "召": "shao",
    "折": "she",
    "洗": "xian",
    "訾": "zi",
    "黑": "he",
    "繁": "po",
    "秘": "bi",
    "么": "yao",
    "教": "jiao",
    "覃": "qin",
    "单于": "chan yu",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "長孫": "zhang sun",
    "长孙": "zhang sun",
    "單": "shan",
    "區": "ou",
    "樂": "yue",
    "蓋": "ge",
    "員": "yun",
}


class NameKeys(NamedTuple):
    """The keys a name is found by: ``陈一诺`` is ``chenyinuo`` and ``cyn``."""

    folded: str
    pinyin: str
    initials: str


def name_keys(name: str) -> NameKeys:
    """The keys of one name. Words that are not Chinese stand for themselves, without blanks
    between them."""
    plain = folded(name)
    if not _CHINESE.search(plain):
        words = re.findall(r"\w+", plain)
        return NameKeys(plain, "".join(words), "".join(word[0] for word in words))
    syllables = _syllables(plain)
    return NameKeys(plain, "".join(syllables), "".join(syllable[0] for syllable in syllables))


def _syllables(plain: str) -> list[str]:
    from pypinyin import lazy_pinyin  # its dictionaries take a moment to load

    for length in (2, 1):
        if plain[:length] in _FAMILY:
            parts = [_FAMILY[plain[:length]], *lazy_pinyin(plain[length:])]
            break
    else:
        parts = lazy_pinyin(plain)
    return [word for part in parts for word in re.findall(r"\w+", part)]
