"""Rows I: pictures, files and what reverse models write around them."""

from typing import Any

from tests.deerapi.cases import DONE, Case, chunk, message, sse

_STOP = sse(chunk("stop"), DONE)
_DATA = "iVBORw0KGgo+/" * 80 + "AAAA=="
_PNG = f"data:image/png;base64,{_DATA}"
_WEB = "https://x.test/1.png"
_PICTURE = ("image", {"url": _PNG})
_TOLD = {"media_type": "image/png", "bytes": len(_DATA) * 3 // 4}


def _said(row: str, *texts: str, text: str | None = None, **more: Any) -> Case:
    body = sse(*(chunk(content=words) for words in texts), _STOP)
    return Case(row, body, "".join(texts) if text is None else text, **more)


def _pictures(row: str, *texts: str, text: str, items: tuple[Any, ...] = (_PICTURE,), **more: Any) -> Case:
    return _said(row, *texts, text=text, **{"items": items} | more)


def _parts(value: Any) -> Any:
    return chunk(images=value)


CASES = [
    _said("I1", f"Look: ![image]({_WEB}) and [a film](https://x.test/f.mp4)"),
    _pictures("I2", f"Look: ![image]({_PNG}) nice", text="Look:  nice", order=("text", "image", "text")),
    _pictures("I2", f"![image]({_PNG})", text="", items=(_PICTURE,)),
    _pictures("I2", f"Wow![image]({_PNG})!", text="Wow!!"),
    _pictures("I2", f'[![a]({_PNG} "Its title")](https://x.test/)', text="[](https://x.test/)"),
    _pictures("I2", f"![a]({_PNG}", " \nno bracket", text=" \nno bracket"),
    _pictures("I2", f"![a](<data:IMAGE/PNG;base64,{_DATA}>)", text=""),
    _pictures("I2", f"![a]({_PNG}) ![b]({_PNG})", text=" ", items=(_PICTURE, _PICTURE)),
    _pictures("I2", f"![a]({_PNG}) x", text=" x", items=(("image", _TOLD),), asks={"file_bytes": 900}),
    Case("I2", sse(message(content=f"![image]({_PNG})")), items=(_PICTURE,)),
    # What is short is an example, and what only begins like a file is text.
    _said("I2", "Write ![dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=) or `![](data:image/png;base64,...)`."),
    _said("I2", "[1] [a](b) ![ [x](data [y](data:text/plain,hi) see[", "0]! ![alt", "](dat", "e) [![", "!"),
    _pictures(
        "I3",
        *("Look!", " !", "[ima", "ge]", "(da", "ta:image", "/png;base", "64", ","),
        *(_DATA[at : at + 160] for at in range(0, len(_DATA), 160)),
        *(")", " nice"),
        text="Look!  nice",
    ),
    _pictures("I3", f"![a](data:image/png;base64,{_DATA[:500]}\n", f"{_DATA[500:]})", text=""),
    Case(
        "I3",
        sse(chunk(content=f"A ![a]({_PNG}")),
        "A ",
        finish=None,
        error="no_end",
        items=(("image", {**_TOLD, "is_cut": True}),),
    ),
    Case("I3", sse(chunk(content="A ![a](data:im"), chunk("stop")), "A ![a](data:im"),
    Case(
        "I3",
        sse(chunk(content="<think>Hm</think>"), chunk(content=f"![a]({_PNG})"), _STOP),
        "",
        "Hm",
        items=(_PICTURE,),
    ),
    _pictures(
        "I4",
        f"[media](data:audio/mpeg;base64,{_DATA})",
        text="",
        items=(("file", {"url": f"data:audio/mpeg;base64,{_DATA}"}),),
    ),
    _pictures(
        "I4",
        f"[media](data:audio/wav;codecs=1;base64,{_DATA})",
        text="",
        items=(("file", {"media_type": "audio/wav", "bytes": _TOLD["bytes"]}),),
        asks={"file_bytes": 0},
    ),
    Case(
        "I5",
        sse(
            chunk(content="Here:"),
            chunk(images=[{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}]),
            _STOP,
        ),
        "Here:",
        items=(("image", {"url": "data:image/png;base64,AA"}),),
        order=("text", "image"),
    ),
    Case(
        "I5",
        sse(message(content="", images=[{"image_url": _WEB}, {"image_url": {}}, 4])),
        items=(("image", {"url": _WEB}),),
    ),
    Case(
        "I5",
        sse(_parts([{"image_url": {"url": _WEB}}]), _parts([{"image_url": {"url": _WEB}}]), _STOP),
        items=(("image", {"url": _WEB}),),
    ),
    Case(
        "I5",
        sse(_parts([{"image_url": {"url": _PNG}}]), _STOP),
        items=(("image", {"media_type": "image/png", "bytes": len(_PNG) * 3 // 4}),),
        asks={"file_bytes": 1000},
    ),
    # What looked like the beginning of a file is none once something else follows.
    Case(
        "I5",
        sse(chunk(content="[1]"), _parts([{"image_url": {"url": _WEB}}]), chunk(content="(data"), _STOP),
        "[1](data",
        items=(("image", {"url": _WEB}),),
        order=("text", "image", "text"),
    ),
    Case(
        "I5",
        sse(chunk(content="["), chunk(reasoning_content="Hm"), chunk(content="1]"), _STOP),
        "[1]",
        "Hm",
        order=("text", "reasoning", "text"),
    ),
    _said(
        "I7",
        '```json\n{"prompt": "a deer"}\n```\n\n',
        "> ID: `task_1`\n> 排队中.",
        "\n> 生成中 ⏳\n> 进度 12..",
        "48..[100](https://x.test/p)\n\n✅ 生成完成\n\n",
        "![gen_1](https://filesystem.site/cdn/1.png)\n\n[点击下载](https://filesystem.site/cdn/download/1.png)",
    ),
    _said("I9", "见https://x.test/a?b=1&amp;c=2）。(https://x.test/d_(e))"),
    _said("I10", "<video src=x></video><details>a</details>", "<img onerror=", "alert(1) src=x><script>"),
    _said("I11", "```python\n1+1\n```\n", "```output\n2\n```\n"),
]
