"""That Celadon's own client understands the demonstration."""

import pytest

from deerapi import Client, chat
from deerapi.errors import DeerAPIError
from deerapi.models import model_list
from parts import Finish, TextDelta
from tests.demo.asking import Caller
from tests.support.upstream import Upstream

HI = [{"role": "user", "content": "你好"}]


def test_the_client_reads_its_thoughts_its_words_and_its_count(visitor: Caller) -> None:
    client = Client(visitor.address, "demonstration")
    said = list(chat.stream(client, model="demo-thinker", messages=HI, parameters={"max_tokens": 8}))
    text = "".join(part.text for part in said if isinstance(part, TextDelta) and part.type == "text")
    assert [part.type for part in said if isinstance(part, TextDelta)][0] == "reasoning"
    assert text.startswith("你问的是：“你好”")
    assert isinstance(said[-1], Finish) and said[-1].usage and said[-1].usage.reasoning_tokens > 20


def test_the_client_reads_its_answer_in_one_piece(visitor: Caller) -> None:
    completion = chat.complete(Client(visitor.address, "demonstration"), model="demo-quick", messages=HI, parameters={})
    assert "这是一个演示" in completion.text and completion.finish_reason == "stop"


def test_the_client_reads_its_models(visitor: Caller) -> None:
    rows = model_list(Client(visitor.address, "demonstration"))
    assert [row.id for row in rows] == ["demo-quick", "demo-thinker"]


def test_the_client_understands_a_scripted_failure(upstream: Upstream) -> None:
    upstream.will_fail(403, code="insufficient_user_quota")
    with pytest.raises(DeerAPIError) as refused:
        chat.complete(Client(upstream.base_url, upstream.api_key), model="demo-quick", messages=HI, parameters={})
    assert refused.value.code == "quota_upstream"
