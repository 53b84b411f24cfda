"""How much each model reads."""

import pytest

import catalog


@pytest.mark.parametrize(
    ("model", "window"),
    [
        ("gpt-4o-mini", 128_000),
        ("openai/gpt-4.1-nano", 1_047_576),
        ("gpt-5-chat-latest", 128_000),
        ("gpt-5-mini", 272_000),
        ("o3-mini", 200_000),
        ("gpt-4", 8_192),
        ("gpt-4-32k", 32_000),
        ("gpt-3.5-turbo", 16_385),
        ("claude-sonnet-4-5-20250929", 200_000),
        ("gemini-2.5-flash", 1_048_576),
        ("gemini-2.5-flash-image", 32_768),
        ("deepseek-chat", 65_536),
        ("Qwen/Qwen3-235B", 131_072),
        ("moonshot-v1-8k", 8_000),
        ("glm-4.6", 200_000),
        ("meta-llama/Llama-3.3-70B", 131_072),
        ("llama3-8b", 8_192),
        ("some-new-model", None),
    ],
)
def test_a_name_tells_how_much_a_model_reads(model: str, window: int | None) -> None:
    assert catalog.window_of(model) == window
