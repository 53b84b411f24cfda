"""What an answer is dressed in: colours, formulas, notes, links that say where they lead; fetched when it is needed."""

from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.support.upstream import GATE, Upstream

CODE = "```python\ndef cup(glaze):\n    return 'celadon'  # why not\n```\n"
COLOURS = "() => [...CSS.highlights].map(([name, { size }]) => [name, size])"
LAZY = ("highlight", "temml", "stix", "worker")


def fetched(page: Page) -> list[str]:
    """The names of the files that were fetched only for what there is to dress."""
    names: list[str] = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return [lazy for lazy in LAZY if any(lazy in name for name in names)]


def test_code_is_coloured_without_a_node_more(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(CODE, "\nAnd so on.")
    chat.ask_and_read("Some code, please")
    chat.page.wait_for_function("() => CSS.highlights.size >= 4")
    assert {name for name, _ in chat.page.evaluate(COLOURS)} == {"code-key", "code-fn", "code-str", "code-com"}
    assert chat.text.locator("code *").count() == 1


def test_colours_leave_with_the_code(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(CODE)
    chat.ask_and_read("Some code, please")
    chat.page.wait_for_function("() => CSS.highlights.size >= 4")
    chat.answer.evaluate("(answer) => answer.remove()")
    assert sum(size for _, size in chat.page.evaluate(COLOURS)) == 0


def test_a_browser_without_highlights_gets_spans(visit, upstream: Upstream) -> None:
    upstream.will_say(CODE)
    page = visit()
    page.add_init_script("delete CSS.highlights; Object.defineProperty(CSS, 'highlights', { value: undefined });")
    chat = Chat(page).open()
    chat.ask_and_read("Some code, please")
    expect(chat.text.locator("code .code-str")).to_have_text("'celadon'")
    assert chat.text.locator("code").inner_text().startswith("def cup(glaze):\n    return 'celadon'  # why not")


def test_code_is_coloured_as_soon_as_it_is_whole_and_moves_nothing(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(CODE, "\nAnd", GATE, " so on.")
    chat.ask("Some code, please")
    chat.page.wait_for_function("() => CSS.highlights.size >= 4")
    height = chat.text.locator("code-block").bounding_box()
    upstream.open_gate()
    chat.wait_until("complete")
    assert chat.text.locator("code-block").bounding_box() == height


def test_formulas_are_drawn_and_what_cannot_be_stays_source(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(
        "So $\\frac{a}{b}$ and\n\n$$\n\\sum_{i=1}^n i\n$$\n\nbut $\\nothing{x$ and $\\href{javascript:alert(1)}{x}$."
    )
    chat.ask_and_read("Some formulas, please")
    expect(chat.text.locator("math-text[display] math")).to_have_count(1)
    expect(chat.text.locator("p math mfrac")).to_have_count(1)
    expect(chat.text.locator("math-text", has_text="\\nothing{x")).to_have_count(1)
    assert chat.text.locator("math-text a, math-text [href]").count() == 0


def test_notes_tasks_and_links_say_what_they_are(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("See[^1] [here](https://b.example/x)\n\n- [x] done\n- [ ] not yet\n\n[^1]: A note.")
    chat.ask_and_read("Notes, please")
    expect(chat.text.locator(".footnotes li")).to_contain_text("A note.")
    expect(chat.text.locator("li.task")).to_have_count(2)
    assert "b.example" in chat.text.locator("p a").last.evaluate("(link) => getComputedStyle(link, '::after').content")
    chat.text.locator("sup a").click()
    assert chat.page.url.endswith("-note-1")


def test_a_diagram_of_words_and_a_first_page_fetch_none_of_it(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Only words, `code` and\n\n```\nno language\n```\n")
    chat.ask_and_read("Words, please")
    assert fetched(chat.page) == []
