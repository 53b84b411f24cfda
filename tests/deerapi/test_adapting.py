"""A refused parameter is left out or renamed, in the words of everybody who refuses one."""

import json
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from deerapi import Client, DeerAPIError, chat, failures
from deerapi.adapting import Change, change_for
from deerapi.errors import InvalidRequest
from tests.deerapi.cases import HI
from tests.deerapi.scripted import Server, answering, serving, streaming

SYSTEM = {"role": "system", "content": "Be brief."}
QUESTION = {"role": "user", "content": "Hello?"}
ASKED: dict[str, Any] = {
    "model": "m",
    "messages": [SYSTEM, QUESTION],
    "stream": True,
    "stream_options": {"include_usage": True},
    "temperature": 0.5,
    "top_p": 0.9,
    "max_tokens": 100,
    "reasoning_effort": "xhigh",
    "stop": ["END"],
    "presence_penalty": 0.1,
    "frequency_penalty": 0.2,
    "seed": 1,
    "response_format": {"type": "text"},
}

WORDINGS = [
    ("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
     Change("max_tokens", "max_completion_tokens")),
    ("Unsupported parameter: 'max_tokens'", Change("max_tokens", "max_completion_tokens")),
    ("max_tokens is too large: 200000. This model supports at most 16384 completion tokens", Change("max_tokens")),
    ("Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
     Change("temperature")),
    ("`temperature` may only be set to 1 when thinking is enabled.", Change("temperature")),
    ("`temperature` is deprecated for this model.", Change("temperature")),
    ("`temperature` and `top_p` cannot both be specified for this model. Please use only one.", Change("top_p")),
    ("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled", Change("top_p")),
    ("Unrecognized request argument supplied: reasoning_effort", Change("reasoning_effort")),
    ("This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.",
     Change("reasoning_effort")),
    ("property 'reasoning_effort' is unsupported", Change("reasoning_effort")),
    ("Model grok-4 does not support parameter reasoningEffort.", Change("reasoning_effort")),
    ("Model grok-4 does not support parameter stop.", Change("stop")),
    ("Unsupported parameter: 'stop' is not supported with this model.", Change("stop")),
    ("Argument not supported on this model: presencePenalty", Change("presence_penalty")),
    ("Invalid JSON payload received. Unknown name \"frequency_penalty\": Cannot find field.",
     Change("frequency_penalty")),
    ("seed: Extra inputs are not permitted", Change("seed")),
    ("'response_format' is not supported by this model", Change("response_format")),
    ("Unrecognized request argument supplied: stream_options", Change("stream_options")),
    ("不支持参数 temperature", Change("temperature")),
    ("Unsupported value: 'messages[0].role' does not support 'system' with this model.", Change("system")),
    ("System role not supported", Change("system")),
    ("Developer instruction is not enabled for models/gemma-3-27b-it", Change("system")),
    ("Please use a valid role: user, model.", Change("system")),
    ("The role 'system' is not supported. Use 'developer' instead.", Change("system", "developer")),
]  # fmt: skip

OTHERS = [
    "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
    "Unknown parameter: 'quality'.",
    "Web search options not supported with this model.",
    "This model's tokenizer stopped; the stop of it is not supported here.",
    "Malformed input request: #/messages/2/content/0: extraneous key [toolResult] is not permitted",
    "The system is busy",
    "",
]


def refusal(words: str, param: str = "", status: int = 400) -> InvalidRequest:
    return InvalidRequest(words, http_status=status, param=param)


@pytest.mark.parametrize(("words", "change"), WORDINGS)
def test_a_refusal_says_what_to_change(words: str, change: Change) -> None:
    assert change_for(refusal(words), ASKED) == change


@pytest.mark.parametrize("words", OTHERS)
def test_another_refusal_changes_nothing(words: str) -> None:
    assert change_for(refusal(words), ASKED) is None


def test_the_parameter_that_is_named_apart_is_believed_first() -> None:
    words = "temperature and others are not supported"
    assert change_for(refusal(words, param="top_p"), ASKED) == Change("top_p")


def test_what_was_not_asked_cannot_be_left_out() -> None:
    bare = {"model": "m", "messages": [QUESTION], "stream": True}
    assert [change_for(refusal(words), bare) for words, _change in WORDINGS] == [None] * len(WORDINGS)


def test_of_the_recorded_refusals_only_those_of_a_parameter_change_something(test_data) -> None:
    changed = {}
    for recorded in map(json.loads, (test_data / "data/errors/http_errors.jsonl").read_text().splitlines()):
        error = failures.from_response(recorded["status"], CaseInsensitiveDict(), recorded["body"].encode())
        if isinstance(error, InvalidRequest) and (change := change_for(error, ASKED)):
            changed[recorded["id"]] = change.name
    assert changed == {
        "err-6c01c4f684": "reasoning_effort",
        "err-f18fae0cb2": "system",
        "err-10b917dc84": "system",
        "err-2d7ea2e62a": "system",
    }


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        (Change("system"), [{"role": "user", "content": "Be brief.\n\nHello?"}]),
        (Change("system", "developer"), [{"role": "developer", "content": "Be brief."}, QUESTION]),
    ],
)
def test_the_system_prompt_is_said_otherwise(change: Change, messages: list[dict[str, str]]) -> None:
    assert change.apply(ASKED)["messages"] == messages
    assert ASKED["messages"] == [SYSTEM, QUESTION]


def refusing(*refusals: dict[str, Any]) -> list[Any]:
    said = [answering(400, json.dumps({"error": error}).encode()) for error in refusals]
    return [*said, streaming(HI)]


def asked(server: Server) -> list[dict[str, Any]]:
    return [json.loads(raw.partition(b"\r\n\r\n")[2]) for raw in server.asked]


def stream(client: Client) -> list[Any]:
    parameters = {"temperature": 0.5, "max_tokens": 7}
    return list(chat.stream(client, model="m", messages=[SYSTEM, QUESTION], parameters=parameters))


def test_a_model_is_asked_once_more_without_and_it_is_remembered() -> None:
    answers = refusing({"message": "Unsupported value", "param": "temperature", "code": "unsupported_value"})
    with serving(*answers) as server:
        client = Client(server.url, "sk-test")
        stream(client)
        stream(client)
    assert ["temperature" in body for body in asked(server)] == [True, False, False]


def test_one_after_the_other_is_left_out() -> None:
    answers = refusing({"message": WORDINGS[0][0]}, {"message": WORDINGS[3][0]})
    with serving(*answers) as server:
        stream(Client(server.url, "sk-test"))
    last = asked(server)[-1]
    assert (last["max_completion_tokens"], "temperature" in last, "max_tokens" in last) == (7, False, False)


def test_another_model_is_asked_with_everything() -> None:
    with serving(*refusing({"message": WORDINGS[3][0]})) as server:
        client = Client(server.url, "sk-test")
        stream(client)
        list(chat.stream(client, model="other", messages=[QUESTION], parameters={"temperature": 0.5}))
    assert "temperature" in asked(server)[-1]


def test_a_model_that_insists_is_not_asked_for_ever() -> None:
    refusals = [{"message": "Unsupported parameter: 'max_tokens', 'max_completion_tokens'"}]
    with serving(*[answering(400, json.dumps({"error": refusals[0]}).encode())]) as server:
        with pytest.raises(DeerAPIError, match="invalid_request"):
            stream(Client(server.url, "sk-test"))
        assert len(server.callers) <= 4
        assert "m" not in Client(server.url, "sk-test").changes
