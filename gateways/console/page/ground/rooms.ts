import { may } from "./session.ts";
import type { WordId } from "./words.ts";

/** A screen that one goes to by name. */
export interface Room {
  readonly path: string;
  readonly word: WordId;
  /** What it asks the gateway for: who may not, does not see it; empty: everybody does. */
  readonly asks: string;
  /** Whose it is. */
  readonly role: WordId;
}

/** The rooms of the console, in the order they are shown in. */
export const rooms: readonly Room[] = [
  { path: "home", word: "nav.home", asks: "/v1/messages", role: "role.officer" },
  { path: "inbox", word: "nav.inbox", asks: "/v1/messages", role: "role.officer" },
  { path: "write", word: "nav.write", asks: "/v1/drafts", role: "role.officer" },
  { path: "sent", word: "nav.sent", asks: "/v1/messages", role: "role.officer" },
  { path: "drafts", word: "nav.drafts", asks: "/v1/drafts", role: "role.officer" },
  { path: "approvals", word: "nav.approvals", asks: "/v1/releases", role: "role.approver" },
  { path: "handover", word: "nav.handover", asks: "/v1/handover", role: "role.officer" },
  { path: "analysis", word: "nav.analysis", asks: "/v1/trends", role: "role.analyst" },
  { path: "admin", word: "nav.admin", asks: "/v1/people-changes", role: "role.administrator" },
  { path: "oversight", word: "nav.oversight", asks: "/v1/audit/check", role: "role.auditor" },
  { path: "help", word: "nav.help", asks: "", role: "role.officer" },
];

/** Whether the person may go there. */
export function mayEnter({ asks }: Room): boolean {
  return asks === "" || may("GET", asks);
}

/** The room that a place is in; what stands under another name belongs to one of them. */
export function roomOf(path: string): Room | undefined {
  const name = path === "message" ? "inbox" : path;
  return rooms.find((one) => one.path === name);
}
