import { makeWord } from "./store-draw.ts";

/** A list that is asked for, page after page. */
export interface AskedList {
  readonly name: string;
  readonly path: string;
  /** Of a search. */
  readonly body?: Readonly<Record<string, string>>;
  /** By a caller who may see H0 and H1 alone. */
  readonly isNarrow?: boolean;
}

/** What of the store the lists name: a message, its thread, and times of which a tenth lies between. */
export interface ListPlaces {
  readonly id: string;
  readonly thread: string;
  readonly since: string;
  readonly until: string;
}

const list = (query: string): AskedList => ({ name: query, path: `/v1/messages?${query}` });
const narrow = (query: string): AskedList => ({
  ...list(query),
  name: `${query}, up to H1`,
  isNarrow: true,
});
const search = (body: Readonly<Record<string, string>>): AskedList => ({
  name: `search ${Object.entries(body).map(([name, value]) => `${name}=${value}`).join(" ")}`,
  path: "/v1/messages:search",
  body,
}); // prettier-ignore
const other = (path: string): AskedList => ({ name: path.replace(/^\/v1\//, ""), path });

/** Everything lists can be narrowed by, alone: values that many have, that few have, and that nothing has. */
const filters = [
  "type=alert.incident", "type=notice.vessel", "type=key.share", "crime=drugs", "crime=piracy", "country=NG", "country=ZW",
  "originator=gh/tcu", "originator=ma/moc", "rec=ecowas", "handling=H0", "handling=H3", "urgency=FLASH", "urgency=ROUTINE",
]; // prettier-ignore
/** Two that many have and none or few have both, which is the dearest. */
const pairs = [
  "type=alert.incident&crime=drugs", "type=notice.vessel&crime=piracy", "crime=terror&originator=ma/moc", "handling=H3&urgency=FLASH",
  "country=NG&crime=drugs", "country=ZW&rec=ecowas", "type=hit.notice&country=MA",
]; // prettier-ignore
const words = [makeWord(0), makeWord(5), makeWord(19_900), `${makeWord(0)} ${makeWord(1)}`, `"${makeWord(0)} ${makeWord(1)}"`, "ba*"]; // prettier-ignore

/** Every list a caller can turn pages of, plain, with one filter and with two. */
export function makeLists({ id, thread, since, until }: ListPlaces): readonly AskedList[] {
  const between = `since=${since}&until=${until}`;
  const inbox = [...filters, ...pairs, "state=QUARANTINED", "state=VERIFIED", `since=${since}`, `until=${until}`, between];
  const mixed = ["state=QUARANTINED&crime=drugs", `${between}&crime=piracy`, `${between}&crime=drugs`, `until=${until}&originator=gh/tcu`];
  const outbox = ["state=DELIVERED", "state=REFUSED", "state=QUEUED", "crime=drugs", "state=REFUSED&crime=drugs", "state=DELIVERED&type=notice.vessel", "state=QUEUED&crime=drugs", `state=EXPIRED&${between}`]; // prettier-ignore
  const due = ["", "&crime=drugs", "&crime=piracy", "&type=hit.notice&country=MA", "&state=QUARANTINED", `&${between}`];
  const counted = ["", "&crime=drugs", "&type=alert.incident&crime=drugs", `&${between}&crime=drugs`];
  return [
    ...["box=in", "box=out", ...[...inbox, ...mixed].map((one) => `box=in&${one}`), ...outbox.map((one) => `box=out&${one}`)].map(list),
    ...["box=in", "box=in&crime=piracy", "box=in&type=alert.incident&crime=drugs", "box=in&state=QUARANTINED", "box=out&state=REFUSED", "box=in&order=due"].map(narrow),
    ...due.map((one) => list(`box=in&order=due${one}`)),
    ...counted.map((one) => list(`box=in&count=true${one}`)),
    ...words.map((q) => search({ q })),
    search({ q: makeWord(0), crime: "drugs" }),
    search({ q: makeWord(7), crime: "piracy", box: "in" }),
    search({ q: makeWord(0), since, until }),
    other(`/v1/threads/${thread}`),
    other(`/v1/messages/${id}/related`),
    other("/v1/drafts"),
    other("/v1/exports"),
    other("/v1/changes?from=beginning"),
    ...["", "?who=owner", "?who=person:seldom", "?act=RECORD_READ", "?act=PERSON_INVITED", "?act=MESSAGE_READ", `?object=${id}`, "?object=nothing", "?who=person:seldom&act=RECORD_READ", "?who=person:a&act=RECORD_READ", "?who=nobody"].map((query) => other(`/v1/audit${query}`)),
  ];
} // prettier-ignore
