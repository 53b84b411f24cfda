// The page of my settings.

import { speakAsPage } from "./lib/i18n.js";
import { NotificationChoice } from "./elements/notification-choice.js";
import { SignOut } from "./elements/sign-out.js";

speakAsPage();

customElements.define("notification-choice", NotificationChoice);
customElements.define("sign-out", SignOut);
