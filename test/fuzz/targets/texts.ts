import {
  parseFeedChannel,
  parseIntakeSubject,
  isLanguage,
  parseInstant,
  parseLanguage,
  parsePause,
  renderFeedChannel,
  renderInstant,
  renderPause,
  streamOf,
} from "../../../schemas/index.ts";
import {
  parseBase64url,
  parseUtf8,
  parseUuid,
  renderBase64url,
  renderUuid,
  sameBytes,
  utf8,
} from "../../../schemas/ground/index.ts";
import { findAgencyName, parseAgencyUri, renderAgencyUri } from "../../../certs/shape/index.ts";
import { makeHubKeys, parseServerVersion } from "../../../broker/index.ts";
import { parseViolation } from "../../../broker/audit/index.ts";
import { publicNkeyBytes, seedNkeyBytes } from "../../../broker/nats/index.ts";
import { parseEvent } from "../../../gateways/cli/watching.ts";
import { messageForms } from "../../../gateways/api/message-forms.ts";
import { parseTextWish } from "../../../gateways/api/message-text.ts";
import { chooseForm, choosePacking, findLanguage } from "../../../gateways/api/negotiate.ts";
import { parseListQuery } from "../../../gateways/api/read-list.ts";
import { parseIdempotencyKey } from "../../../gateways/api/read-query.ts";
import { renderMoment } from "../../../schemas/render/index.ts";
import { fuzzNow } from "../submissions.ts";
import { certain, hold, holdSame } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

/** A text that is taken is the only spelling of its value. */
function oneSpelling<T>(
  name: string,
  seeds: readonly string[],
  { parse, render }: { parse: (text: string) => T; render: (value: T) => string },
): Target {
  return textTarget(name, seeds, (text) => {
    const value = parse(text);
    hold(certain("rendering", () => render(value)) === text, "one value has two spellings");
  });
}

const uuid = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";

const uuidTarget = oneSpelling(
  "schemas/parseUuid",
  [uuid, "00000000-0000-7000-8000-000000000000"],
  { parse: parseUuid, render: renderUuid },
);

const base64Target = oneSpelling(
  "schemas/parseBase64url",
  ["", "AA", "AAE", "_-8", "AAECAwQFBgc", "a".repeat(43) + "A"],
  { parse: parseBase64url, render: renderBase64url },
);

const feedTarget = oneSpelling(
  "schemas/parseFeedChannel",
  ["ecowas.drugs.h1.alert.incident", "eccas.piracy.h0.bulletin.red_flag"],
  {
    parse: (text) => {
      const channel = parseFeedChannel(text);
      certain("the stream of a channel", () => streamOf(text));
      return channel;
    },
    render: renderFeedChannel,
  },
);

const agencyTarget = oneSpelling("certs/parseAgencyUri", ["spiffe://ng.atumpan/tcu", "spiffe://ecowas.atumpan/hub-1"], {
  parse: (text) => {
    const name = parseAgencyUri(text);
    holdSame(findAgencyName(text), name, "two readers of one name disagree");
    return name;
  },
  render: ({ agency }) => renderAgencyUri(agency),
}); // prettier-ignore

const intakeTarget = textTarget(
  "schemas/parseIntakeSubject",
  ["in.ng.tcu.msg.ecowas.drugs.h1.alert.incident", "in.gh.fiu.direct.abcdefghijklmnopqrstuvwxyz", "in.ng.tcu.receipt.gh.tcu",
    "in.ng.tcu.heads", "in.ng.tcu.register.snapshot"],
  (text) => {
    const { origin, kind, target } = parseIntakeSubject(text);
    hold(text.startsWith(`in.${origin.replace("/", ".")}.${kind}`), "an origin is not what was stamped");
    hold(kind === "heads" || target !== undefined, "a question has no target");
  },
); // prettier-ignore

const instantTarget = textTarget(
  "schemas/parseInstant",
  ["2026-03-09T14:05:00.000Z", "2026-02-28T23:59:59+23:59", "2024-02-29T00:00:00.5-01:00", "9999-12-31T23:59:59Z"],
  (text) => {
    const at = parseInstant(text);
    if (at === undefined || at < 0 || at > 253_402_300_799_999) return;
    // oxlint-disable-next-line no-restricted-globals -- the platform's own reader is the second opinion
    hold(new Date(text).getTime() === at, "the platform reads another moment");
    hold(parseInstant(renderInstant(at)) === at, "a moment does not come back from its text");
  },
); // prettier-ignore

const pauseTarget = textTarget("schemas/parsePause", [renderPause(5_000), renderPause(300_000), "no login for 9999 s;"], (text) => {
  const forMs = parsePause(text);
  if (forMs === undefined) return;
  hold(forMs >= 0 && forMs <= 3_600_000, "a pause is longer than any hub may ask for");
  holdSame(parsePause(renderPause(forMs)), forMs, "a pause does not come back from its text");
}); // prettier-ignore

const versionTarget = textTarget(
  "broker/parseServerVersion",
  ["2.14.9", "v2.14.9", "2.15.0-RC.1"],
  (text) => {
    const { numbers } = parseServerVersion(text);
    hold(numbers.every(Number.isSafeInteger), "a version is not of numbers");
  },
);

const logTarget = textTarget(
  "broker/parseViolation",
  [
    '[7] 2026/06/01 00:00:00.000001 [ERR] 10.0.0.7:5555 - cid:19 - "v3.4.0:nats.js:gh/tcu" - Publish Violation - Subject "out.x"',
    '[7] 2026/06/01 00:00:00.000001 [ERR] 10.0.0.7:5555 - cid:19 - Subscription Violation - User "a\\"b", Subject "feed.>", Queue q',
  ],
  (text) => {
    const found = parseViolation(text);
    if (found === undefined) return;
    hold(/^[\u0021-\u007e]{0,200}$/.test(found.subject), "a subject may reach a log as it was sent");
    hold(Number.isFinite(found.connection), "a connection is no number");
  },
); // prettier-ignore

const keys = makeHubKeys();

const nkeyTarget = textTarget("broker/publicNkeyBytes", [keys.issuer.publicKey], (text) =>
  hold(publicNkeyBytes(text, "A").length === 32, "an nkey is not of 32 bytes"),
);

const seedTarget = textTarget("broker/seedNkeyBytes", [keys.curve.seed], (text) =>
  hold(seedNkeyBytes(text, "X").length === 32, "a seed is not of 32 bytes"),
);

const queryTarget = textTarget(
  "gateways/parseListQuery",
  ["box=in&limit=50&state=VERIFIED", "box=out&type=alert.incident&crime=drugs&cursor=MTI", "limit=200",
    "order=due&country=NG,GH&originator=ng/tcu&rec=ecowas&handling=H0,H1&since=2026-03-09T00:00:00Z&count=true"],
  (text) => {
    const { limit, cursor = "a" } = parseListQuery(new URLSearchParams(text));
    hold(limit >= 1 && limit <= 200 && cursor.length <= 200, "a list is asked for beyond its limits");
  },
); // prettier-ignore

const keyTarget = textTarget("gateways/parseIdempotencyKey", ["a", "018f3c2a-7b1e"], (text) => {
  hold(parseIdempotencyKey(text).length <= 200, "a key is longer than it may be");
});

const utf8Target: Target = {
  name: "schemas/parseUtf8",
  shape: "text",
  seeds: [utf8("Été à Lomé \u0627 \u{1f6a2}\ufeff"), utf8("")],
  run: (input) => hold(sameBytes(utf8(parseUtf8(input)), input), "text is written in other bytes"),
};

const eventTarget = textTarget(
  "gateways/parseEvent",
  [`event: message\ndata: {"id":"${uuid}","box":"in","state":"VERIFIED"}`, ": still here"],
  (text) => {
    const event = certain("reading an event", () => parseEvent(text));
    hold(event === undefined || typeof event.id === "string", "an event has no id");
  },
);

const languageTarget = textTarget(
  "schemas/parseLanguage",
  ["fr", "pt-BR", "sw-TZ", "AR", "en-Latn-NG"],
  (text) => {
    const lang = parseLanguage(text);
    hold(lang === undefined || isLanguage(lang), "a tag asks for a language we do not have");
    hold(
      lang === undefined || text.toLowerCase().startsWith(lang),
      "a tag asks for another language",
    );
  },
);

const wishTarget = textTarget(
  "gateways/parseTextWish",
  [
    "text/plain;lang=fr;zone=Africa/Dakar",
    'text/html; lang="pt-BR"',
    "application/json",
    "text/plain, */*;q=0.1",
  ],
  (text) => {
    const packing = choosePacking(text);
    hold(packing === undefined || /br|gzip|\*/i.test(text), "an answer is packed as nobody asked");
    const wanted = findLanguage(text);
    hold(wanted === undefined || isLanguage(wanted), "a language is wanted that we do not have");
    const form = chooseForm(text, messageForms);
    hold(
      messageForms.some((one) => one === form.type),
      "a form is chosen that there is not",
    );
    const wish = parseTextWish(form, new Headers());
    if (wish === undefined) return;
    hold(isLanguage(wish.lang), "a text is wished in a language we do not have");
    // a zone that is taken is one that moments are shown in
    certain("showing a moment", () => renderMoment(fuzzNow, wish.zone));
  },
);

/** Readers of short texts. */
export const shortTextTargets: readonly Target[] = [
  uuidTarget,
  utf8Target,
  eventTarget,
  base64Target,
  feedTarget,
  agencyTarget,
  intakeTarget,
  instantTarget,
  languageTarget,
  wishTarget,
  pauseTarget,
  versionTarget,
  logTarget,
  nkeyTarget,
  seedTarget,
  queryTarget,
  keyTarget,
];
