"""Invented names, phones and addresses. Any likeness is chance."""

from typing import Final

import numpy as np

# From the most to the least frequent.
SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩"
    "唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
FIRST: Final = "一子思雨嘉诗宇浩欣梓若安景亦沐知书清晓明文静佳语以云"
SECOND: Final = "诺涵宁轩怡然辰瑶琪彤阳泽航萱妍霖恒川禾南舟苒言月白青"


def person_names(
    count: int, random: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """``count`` names of two or three characters; names may repeat, as they do in life."""
    surnames = np.array(list(SURNAMES))[(len(SURNAMES) * random.random(count) ** 1.6).astype(int)]
    first = np.array(list(FIRST))[random.integers(0, len(FIRST), count)]
    second = np.array(list(SECOND))[random.integers(0, len(SECOND), count)]
    short = random.random(count) < 0.18
    return np.char.add(np.char.add(surnames, first), np.where(short, "", second))


def phones(count: int, random: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """``count`` different eleven-digit mobile numbers; the demonstration never sends to them."""
    tails = random.choice(100_000_000, count, replace=False)
    return np.array([f"199{tail:08d}" for tail in tails])
