import { isIP } from "node:net";

import { changesQuery, eventsQuery, parseLiveQuery } from "../../../gateways/api/changes.ts";
import { parseChangeCursor, renderChangeCursor } from "../../../gateways/exchange/change-cursor.ts";
import { canonicalAddress, kindOfAddress } from "../../../gateways/hooks/addresses.ts";
import { makeEgress } from "../../../gateways/hooks/egress.ts";
import { parseRetryAfter } from "../../../gateways/hooks/schedule.ts";
import { hookShape, parseWish, renderWish } from "../../../gateways/hooks/wish.ts";
import { limits, parseJsonText } from "../../../schemas/index.ts";
import {
  Fault,
  makeSeededChance,
  sha256,
  systemClock,
  utf8,
  tryShape,
} from "../../../schemas/ground/index.ts";
import { certain, hold, holdSame } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const chance = makeSeededChance("fuzz cursors");
const key = sha256(utf8("fuzz")).subarray(0, 16);
const place = (position: number): string =>
  renderChangeCursor(
    key,
    { position, mark: sha256(utf8(String(position))).subarray(0, 6) },
    chance,
  );

const cursorTarget: Target = {
  ...textTarget("gateways/parseChangeCursor", [place(0), place(7), place(2 ** 48 - 1)], (text) => {
    const found = parseChangeCursor(key, text);
    hold(Number.isSafeInteger(found.position) && found.position >= 0, "a cursor names no place");
    hold(found.mark.length === 6, "a cursor has another mark than six bytes");
    const again = certain("writing a cursor anew", () =>
      parseChangeCursor(key, renderChangeCursor(key, found, chance)),
    );
    holdSame(again, found, "a cursor does not come back");
  }),
  codes: ["REQUEST_INVALID"],
};

const queryTarget: Target = {
  ...textTarget(
    "gateways/parseLiveQuery",
    ["", `cursor=${place(3)}&limit=50&wait=30`, "from=beginning"],
    (text) => {
      const { limit = 1, wait = 0 } = parseLiveQuery(changesQuery, new URLSearchParams(text));
      hold(
        limit >= 1 && limit <= 200 && wait >= 0 && wait <= 55,
        "a page is asked for beyond its limits",
      );
      if (!/limit|wait|from/.test(text))
        certain("the stream's", () => parseLiveQuery(eventsQuery, new URLSearchParams(text)));
    },
  ),
  codes: ["REQUEST_INVALID"],
};

const hook = {
  url: "https://cases.example/hook",
  types: ["alert.incident"],
  crimes: ["drugs"],
  boxes: ["in"],
  states: ["VERIFIED"],
  fat: true,
  handlingUpTo: "H1",
};

/** A definition that is taken is kept as it was, and leads nowhere that is not listed. */
const hookTarget: Target = {
  ...jsonTarget("gateways/hookShape", [hook, { url: hook.url }], (text) => {
    const { data } = tryShape(hookShape, parseJsonText(text, limits.maxRequestBytes));
    if (data === undefined) throw new Fault("REQUEST_INVALID", "not a webhook");
    const { url, handlingUpTo: _ceiling, ...wish } = data;
    const kept = certain("reading a kept wish", () => parseWish({ wish: renderWish(wish) }));
    holdSame(kept, wish, "a wish does not come back");
    const listed = makeEgress({ allow: ["cases.example"], clock: systemClock }).checkUrl(url);
    hold(
      listed.hostname === "cases.example" && listed.username === "",
      "a webhook may be where nothing is listed",
    );
  }),
  codes: ["REQUEST_INVALID", "EGRESS_REFUSED", "JSON_MALFORMED", "CODEC_TOO_DEEP"],
};

const urls = [
  "http://10.1.2.3/",
  "http://[::ffff:10.1.2.3]:8080/a?b",
  "http://0x0a.1.515/",
  "http://167838211/",
  "http://[fd12:3456::1]/",
];

/** However an address is spelt, it is the listed network that is called. */
const urlTarget: Target = {
  ...textTarget("gateways/checkUrl", urls, (text) => {
    const egress = makeEgress({ allow: ["10.1.2.0/24", "fd12:3456::/32"], clock: systemClock });
    const { hostname } = egress.checkUrl(text);
    const host = hostname.replace(/^\[|\]$/g, "");
    // a name is judged when it is looked up
    if (isIP(host) === 0) return;
    const address = canonicalAddress(host) ?? "";
    hold(kindOfAddress(address) === "INSIDE", "an address outside every list is called");
    hold(
      address.startsWith("10.1.2.") || address.startsWith("fd12:3456:"),
      "another network is called than the listed one",
    );
  }),
  codes: ["REQUEST_INVALID", "EGRESS_REFUSED"],
};

const now = Date.UTC(2026, 2, 9);
const retryTarget: Target = textTarget(
  "gateways/parseRetryAfter",
  ["120", "Mon, 09 Mar 2026 00:02:00 GMT"],
  (text) => {
    const ms = parseRetryAfter(text, now);
    hold(
      ms === undefined || (ms >= 5_000 && ms <= 86_400_000),
      "a receiver has us come back at once, or never",
    );
  },
);

/** Readers of what follows the log of changes, and of where webhooks may be. */
export const liveTargets: readonly Target[] = [cursorTarget, queryTarget, hookTarget, urlTarget, retryTarget]; // prettier-ignore
