// Sending one message: makes the conversation first when there is none. Every call may be repeated without harm.

import { request } from "../lib/api.js";

/**
 * @param {{conversation: string, text: string, model: string, ids: {conversation: string, message: string}, draft?: string}}
 *   what  `draft` is "new" when this was the draft of the chat that was still to be made
 * @param {(conversation: object) => void} made  called when the conversation is new
 * @returns {Promise<{question: object, answer: object}>}
 */
export async function send({ conversation, text, model, ids, draft }, made, ask = request) {
  let id = conversation;
  if (!id) {
    const fresh = await ask("POST", "/api/v1/conversations", { client_id: ids.conversation, model });
    id = fresh.id;
    made(fresh);
  }
  return ask("POST", `/api/v1/conversations/${id}/messages`, { text, client_id: ids.message, model, ...(draft && { draft }) });
}
