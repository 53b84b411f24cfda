// The chat page: its words first, then the elements, which take over what the server wrote.

import { speakAsPage } from "./lib/i18n.js";
import { AnswerEnding } from "./elements/answer-ending.js";
import { AnswerMessage } from "./elements/answer-message.js";
import { AnswerVersions } from "./elements/answer-versions.js";
import { ChatActivity } from "./elements/chat-activity.js";
import { ChatNotices } from "./elements/chat-notices.js";
import { ChatPage } from "./elements/chat-page.js";
import { ConversationList } from "./elements/conversation-list.js";
import { ConversationMenu } from "./elements/conversation-menu.js";
import { ConversationTitle } from "./elements/conversation-title.js";
import { CopyButton } from "./elements/copy-button.js";
import { DraftOffer } from "./elements/draft-offer.js";
import { LeftOut } from "./elements/left-out.js";
import { LocalTime } from "./elements/local-time.js";
import { MarkdownText } from "./elements/markdown-text.js";
import { MessageComposer } from "./elements/message-composer.js";
import { MessageQueue } from "./elements/message-queue.js";
import { MessageThread } from "./elements/message-thread.js";
import { NewsLine } from "./elements/news-line.js";
import { SideDrawer } from "./elements/side-drawer.js";
import { SignOut } from "./elements/sign-out.js";
import { ThreadScroller } from "./elements/thread-scroller.js";

speakAsPage();

customElements.define("thread-scroller", ThreadScroller);
customElements.define("side-drawer", SideDrawer);
customElements.define("conversation-list", ConversationList);
customElements.define("conversation-title", ConversationTitle);
customElements.define("conversation-menu", ConversationMenu);
customElements.define("message-composer", MessageComposer);
customElements.define("copy-button", CopyButton);
customElements.define("local-time", LocalTime);
customElements.define("left-out", LeftOut);
customElements.define("message-thread", MessageThread);
customElements.define("markdown-text", MarkdownText);
customElements.define("answer-ending", AnswerEnding);
customElements.define("answer-versions", AnswerVersions);
customElements.define("answer-message", AnswerMessage);
customElements.define("chat-notices", ChatNotices);
customElements.define("chat-activity", ChatActivity);
customElements.define("draft-offer", DraftOffer);
customElements.define("message-queue", MessageQueue);
customElements.define("news-line", NewsLine);
customElements.define("sign-out", SignOut);
// Last: it asks the others what is under way.
customElements.define("chat-page", ChatPage);
