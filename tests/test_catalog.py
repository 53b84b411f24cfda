"""What can be asked of which model."""

import json

import pytest

import catalog

EVERYTHING = {
    "temperature": 0.5,
    "top_p": 0.9,
    "max_tokens": 100,
    "reasoning_effort": "low",
    "stop": ["END"],
    "seed": 7,
    "presence_penalty": 0.1,
    "frequency_penalty": -0.1,
    "response_format": {"type": "json_object"},
}


@pytest.mark.parametrize(
    ("model", "takes"),
    [
        ("gpt-4o", set(EVERYTHING) - {"reasoning_effort"}),
        ("some-new-model", set(EVERYTHING) - {"reasoning_effort"}),
        ("o3-mini", {"max_completion_tokens", "reasoning_effort", "seed", "response_format"}),
        ("openai/gpt-5-nano", {"max_completion_tokens", "reasoning_effort", "seed", "response_format"}),
        ("gpt-5-chat-latest", set(EVERYTHING) - {"reasoning_effort", "max_tokens"} | {"max_completion_tokens"}),
        ("claude-sonnet-4-5-20250929", {"temperature", "top_p", "max_tokens", "stop"}),
        ("claude-3-7-sonnet-thinking", {"max_tokens", "stop"}),
        ("deepseek-reasoner", {"max_tokens", "stop"}),
        ("gemini-2.5-flash", set(EVERYTHING)),
        ("gpt-4o-mini-search-preview", {"max_tokens", "response_format"}),
        ("text-embedding-3-small", set()),
    ],
)
def test_only_what_a_model_takes_goes_on_the_wire(model, takes):
    assert set(catalog.to_wire(model, EVERYTHING)) == takes


def test_the_token_limit_is_renamed_and_keeps_its_value():
    assert catalog.to_wire("o4-mini", {"max_tokens": 64}) == {"max_completion_tokens": 64}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 2.1),
        ("temperature", "hot"),
        ("temperature", True),
        ("temperature", float("nan")),
        ("top_p", -0.1),
        ("max_tokens", 0),
        ("max_tokens", 1.5),
        ("stop", ["a", "b", "c", "d", "e"]),
        ("stop", []),
        ("stop", [""]),
        ("seed", 2**60),
        ("presence_penalty", -3),
        ("frequency_penalty", None),
        ("response_format", {"type": "yaml"}),
        ("response_format", "json"),
        ("top_k", 4),
        ("stream", False),
    ],
)
def test_what_nobody_could_take_is_left_out(name, value):
    assert catalog.to_wire("gpt-4o", {name: value}) == {}


@pytest.mark.parametrize("effort", catalog.EFFORTS)
def test_every_effort_reaches_a_reasoning_model(effort):
    assert catalog.to_wire("gpt-5", {"reasoning_effort": effort}) == {"reasoning_effort": effort}


def test_one_stop_word_may_stand_alone():
    assert catalog.to_wire("gpt-4o", {"stop": "END"}) == {"stop": "END"}


@pytest.mark.parametrize(
    "model",
    [
        "text-embedding-3-large",
        "bge-m3",
        "dall-e-3",
        "gpt-image-1",
        "whisper-1",
        "tts-1-hd",
        "gpt-4o-mini-tts",
        "omni-moderation-latest",
        "flux-kontext-pro",
        "mj_imagine",
        "sora-2",
        "veo3-fast",
        "kling-v2",
        "suno_music",
        "gpt-4o-realtime-preview",
        "babbage-002",
        "gemini-2.5-flash-image",
        "jina-reranker-v2",
    ],
)
def test_models_that_cannot_chat_are_not_offered(model):
    assert not catalog.kind_of(model).chat


@pytest.mark.parametrize(
    "model",
    ["gpt-4o", "llama-3.3-70b-versatile", "kimi-k2", "solar-pro1", "sora", "veo3-chat", "gpt-4o-image", "glm-4.7"],
)
def test_models_that_chat_are_offered(model):
    assert catalog.kind_of(model).chat


@pytest.mark.parametrize("model", ["o1", "gpt-5.2", "deepseek-r1", "gpt-4o-image", "gpt-4o-all", "o3-deep-research"])
def test_slow_kinds_may_be_silent_for_ten_minutes(model):
    assert catalog.kind_of(model).first_byte_seconds == 600


def test_other_kinds_may_be_silent_as_long_as_usual():
    assert catalog.kind_of("gpt-4o").first_byte_seconds is None


@pytest.mark.parametrize("model", ["qwq-32b", "deepseek-r1-distill-llama-70b", "r1-1776"])
def test_models_that_think_in_their_text_are_known(model):
    assert catalog.kind_of(model).thinks_in_text


@pytest.mark.parametrize("model", ["deepseek-r1", "deepseek-reasoner", "o3", "gpt-4o"])
def test_models_whose_thoughts_come_apart_are_not_taken_for_them(model):
    assert not catalog.kind_of(model).thinks_in_text


def test_every_name_of_the_recorded_lists_has_a_kind(test_data):
    lists = [path.read_text() for path in (test_data / "data/nonstream").glob("models-*.json")]
    names = [word for text in lists for word in json.dumps(json.loads(text)).split('"')]
    assert all(isinstance(catalog.kind_of(name), catalog.Kind) for name in names)


def test_a_check_passes_what_could_be_taken():
    catalog.check(EVERYTHING)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"temperature": 3}, "temperature must be a number from 0 to 2"),
        ({"seed": 1.5}, "seed must be a whole number from"),
        ({"stop": []}, "stop must be one to 4 words"),
        ({"reasoning_effort": "huge"}, "reasoning_effort must be one of none, minimal"),
        ({"response_format": 1}, "response_format must be an object whose type is one of text"),
        ({"top_k": 4}, "top_k is not a parameter"),
    ],
)
def test_a_check_says_in_a_sentence_what_is_wrong(wish, sentence):
    with pytest.raises(ValueError, match=sentence):
        catalog.check(wish)


def test_every_kind_takes_only_known_parameters():
    assert all(kind.takes <= set(catalog.PARAMETERS) for _pattern, kind in catalog._KINDS)


@pytest.mark.parametrize(("model", "does"), [("qwen-v1", True), ("SparkDesk-v1.1", True), ("qwen-max", False)])
def test_only_the_first_interfaces_repeat_what_they_said(model, does):
    assert catalog.kind_of(model).repeats_itself == does
