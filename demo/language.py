"""Small facts about a question's words: their language, a short form, a title; knows no answers."""

import re

HAN = r"[\u3400-\u9fff]"
MARKUP = re.compile(r"[`*_#|<>\[\]\\~]+")
LABEL = re.compile(r"^\s*(user|question|用户|问题)\s*[:：]\s*", re.IGNORECASE)
FILLER = re.compile(r"^(please|can you|could you|hi|hello|hey|请问|请|帮我)[\s,，]+|^(请问|请|帮我)", re.IGNORECASE)
ENDS = " \t,.;:!?，。；：！？、…\"'“”‘’"


def is_chinese(text: str) -> bool:
    """Whether a text with words of several languages is mainly Chinese."""
    return len(re.findall(HAN, text)) > len(re.findall(r"[A-Za-zÀ-ɏ]+", text))


def shorten(text: str, most: int) -> str:
    """One line without markup, at most that many characters."""
    line = " ".join(MARKUP.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1].rstrip(ENDS) + "…"


def title_for(question: str) -> str:
    """The first words of a question, as a person would write them on a folder."""
    first = LABEL.sub("", question).strip().partition("\n")[0]
    line = shorten(first, 200)
    line = FILLER.sub("", line) or line
    if is_chinese(line):
        title = re.split(r"[，。；：！？、,.;:!?]", line)[0][:14].strip(ENDS)
    else:
        title = shorten(line.strip(ENDS), 48)
    return title[:1].upper() + title[1:] or "New chat"
