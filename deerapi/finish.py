"""The words with which the families say that an answer has ended, and what each means. Knows nothing else."""

from typing import Literal

from parts import FinishReason

Meaning = FinishReason | Literal["error"]

_WORDS: dict[str, Meaning] = {
    # OpenAI
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
    "function_call": "tool_calls",
    "tool_calls": "tool_calls",
    # Anthropic
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
    "pause_turn": "length",
    "model_context_window_exceeded": "length",
    # Google
    "safety": "content_filter",
    "recitation": "content_filter",
    "prohibited_content": "content_filter",
    "blocklist": "content_filter",
    "spii": "content_filter",
    "image_safety": "content_filter",
    "language": "content_filter",
    "other": "content_filter",
    "malformed_function_call": "error",
    "unexpected_tool_call": "error",
    # Open weights
    "eos": "stop",
    "eos_token": "stop",
    "complete": "stop",
    "end": "stop",
    "model_length": "length",
    # GLM, DeepSeek, Moonshot and others
    "sensitive": "content_filter",
    "network_error": "error",
    "insufficient_system_resource": "error",
    "error": "error",
    "cancelled": "error",
    "canceled": "error",
    "repetition_truncation": "error",
}


def meaning_of(word: str) -> Meaning:
    """Blind to case; a word that nobody knows, such as the stop token itself, is a stop."""
    return _WORDS.get(word.strip().lower(), "stop")
