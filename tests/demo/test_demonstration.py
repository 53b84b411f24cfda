"""What the demonstration says to somebody who tries Celadon without a key."""

from time import monotonic

import pytest

from tests.demo.asking import Caller, chat

TITLE_RULES = {"role": "system", "content": "Write a short title for this conversation. Answer with the title alone."}


def test_it_says_plainly_that_nobody_is_thinking(visitor: Caller) -> None:
    text = visitor.ask("Why is the sky blue?", stream=False).message["content"]
    assert "This is a demonstration" in text and "No AI is thinking" in text


def test_it_repeats_a_bit_of_the_question(visitor: Caller) -> None:
    assert "“Why is the sky blue?”" in visitor.ask("Why is the **sky** blue?", stream=False).message["content"]


def test_it_tells_how_an_administrator_adds_a_key(visitor: Caller) -> None:
    text = visitor.ask("How do I get real models?", stream=False).message["content"]
    assert "set-up page" in text and "DEERAPI_API_KEY" in text


@pytest.mark.parametrize("question", ["这是什么？", "怎样添加密钥？", "请写一段 Python 代码", "我的数据安全吗？"])
def test_chinese_gets_chinese(visitor: Caller, question: str) -> None:
    text = visitor.ask(question, stream=False).message["content"]
    assert "你问的是" in text and "You asked" not in text


def test_a_chinese_word_in_an_english_question_gets_english(visitor: Caller) -> None:
    assert "You asked" in visitor.ask("What does 你好 mean?", stream=False).message["content"]


@pytest.mark.parametrize("sign", ["## ", "\n- ", "\n|---|", "```python\n", "> "])
def test_it_shows_what_markdown_can_do(visitor: Caller, sign: str) -> None:
    assert sign in visitor.ask("Show me a table and some code", stream=False).message["content"]


def test_a_second_question_gets_another_page(visitor: Caller) -> None:
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "…"}, {"role": "user", "content": "Hi"}]
    first, second = (visitor.ask("Hi", False, messages=messages).message["content"] for messages in (said[:1], said))
    assert first != second


def test_the_thinker_thinks_before_it_speaks(visitor: Caller) -> None:
    reply = visitor.ask("Hi", model="demo-thinker", max_tokens=3)
    names = [name for choice in reply.choices for name in choice["delta"] if name != "role"]
    assert "written beforehand" in reply.reasoning
    assert names.index("reasoning_content") < len(names) - 1 - names[::-1].index("reasoning_content") < len(names) - 3


def test_words_come_at_a_pace_for_reading(visitor: Caller) -> None:
    began = monotonic()
    visitor.ask("Hi", max_tokens=40)
    assert 40 / (monotonic() - began) < 60


def test_an_answer_that_may_not_be_longer_says_so(visitor: Caller) -> None:
    assert visitor.ask("Hi", max_tokens=2).choices[-1]["finish_reason"] == "length"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How do I prune an old apple tree in winter, and when?", "How do I prune an old apple tree in winter, and…"),
        ("please explain `monads`!", "Explain monads"),
        ("请帮我写一封信，写给房东。", "帮我写一封信"),
        ("什么是量子纠缠？它有什么用？", "什么是量子纠缠"),
        ("Question: Why is the sky blue?\n\nAnswer: Because …", "Why is the sky blue"),
        ("   ", "New chat"),
    ],
)
def test_a_title_is_the_first_words_of_the_question(visitor: Caller, question: str, title: str) -> None:
    messages = [TITLE_RULES, {"role": "user", "content": question}]
    assert visitor.ask("", stream=False, messages=messages).message["content"] == title


def test_nobody_can_script_it(visitor: Caller) -> None:
    assert visitor.get("/__script/asked").status == 404
    assert visitor.post(chat("Hi", stream=False)).status == 200
