import { explainViolation } from "../../schemas/explain/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { Fault, sameBytes, tryShape } from "../../schemas/ground/index.ts";
import type { HandedIn, ReleaseDesk, ReleaseFiles, ShownRelease } from "../approval/index.ts";
import { type Outfit, secondsFor } from "../attachments/index.ts";
import { digestOfJson } from "../exchange/index.ts";
import { visibleTo } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseLiveQuery } from "./changes.ts";
import { parseTextWish, renderShown, showMessage, textForms } from "./message-text.ts";
import { chooseForm } from "./negotiate.ts";
import { readJsonBody } from "./read-body.ts";
import { releaseQueryShape, returnShape } from "./releases-shapes.ts";
import { renderDetail } from "./render-message.ts";

type Release = ShownRelease["release"];

function deskOf({ services }: Desk): ReleaseDesk {
  const releases = services?.releases;
  if (releases === undefined) throw new Fault("NOT_FOUND", "nothing waits at this gateway");
  return releases;
}

function outfitAs(desk: Desk, who: string, mayRead: (id: string) => boolean): Outfit | undefined {
  return desk.services?.attachments?.outfit({ who, mayRead });
}

/** The files of who handed it in: those it was handed in with, and no others. */
function makeFilesOf(desk: Desk): (release: Release) => ReleaseFiles | undefined {
  return ({ maker, readable, filled: digest }) => {
    const outfit = outfitAs(desk, maker, (id) => readable.includes(id));
    if (outfit === undefined) return undefined;
    return {
      fill: (submission) => {
        const filled = outfit.fill(submission);
        if (sameBytes(digestOfJson(filled), digest)) return filled;
        throw new Fault("PRECONDITION_FAILED", "its files are not those it was handed in with; have it handed in anew");
      },
      bind: (message) => outfit.bind(message),
    };
  };
} // prettier-ignore

function renderRelease(release: Release): Record<string, unknown> {
  const { id, state, type, handling, urgency, maker: by, writers, reasons, audience } = release;
  const { decidedBy, decidedAt, reason, message: sentAs } = release;
  const times = {
    madeAt: renderInstant(release.madeAt),
    expiresAt: renderInstant(release.endsAt),
    ...(decidedAt === undefined ? {} : { decidedAt: renderInstant(decidedAt) }),
  };
  const said = { decidedBy, reason, sentAs };
  return { id, state, type, handling, urgency, by, writers, reasons, audience, ...times, ...said };
}

/** The regional edition that goes with a message. */
export function renderProjection(
  regional: NonNullable<ShownRelease["preview"]>["regional"],
): object {
  if (regional === undefined) return {};
  const { message, bytes } = regional;
  return { projection: { audience: message.audience, bytes, message: renderDetail(message) } };
}

function renderWhole({ exchange }: Desk, { release, version, preview, problems }: ShownRelease): Record<string, unknown> {
  const explained = problems.map((one) => ({ ...one, ...explainViolation(one, release.type) }));
  const shown = { ...renderRelease(release), version, problems: explained };
  if (preview === undefined) return shown;
  const { message, bytes, regional } = preview;
  const { audience } = message;
  const now = {
    audience,
    joined: audience.filter((agency) => !release.audience.includes(agency)),
    left: release.audience.filter((agency) => !audience.includes(agency)),
    bytes,
    seconds: secondsFor(bytes, exchange.status().hub.sentPerSecond),
    message: renderDetail(message),
    ...renderProjection(regional),
  };
  return { ...shown, now };
} // prettier-ignore

/**
 * Keeps what takes two officers until another's word: 202. Called where the exchange refused to send it alone.
 *
 * @throws {Fault} RELEASE_NEEDED where nothing can wait; and as `keep`
 */
export async function keepForSecond(desk: Desk, call: Call, handed: Pick<HandedIn, "submission" | "key" | "writers">): Promise<Response> {
  const { caller, record } = call;
  const readable = new Set<string>();
  const outfit = outfitAs(desk, caller.id, (id) => {
    const message = desk.exchange.glance(id);
    const may = message !== undefined && visibleTo(caller, message);
    if (may) readable.add(id);
    return may;
  });
  const filled = outfit?.fill(handed.submission) ?? handed.submission;
  record.as("RELEASE_ASKED");
  const files = { filled, readable: [...readable] };
  const also = (id: string): void => record.keep(id);
  const kept = await deskOf(desk).keep({ ...handed, caller, files, also });
  record.about(kept.id);
  return renderAnswer(renderRelease(kept), { status: 202, headers: { location: `/v1/releases/${kept.id}` } });
} // prettier-ignore

/** What waits, the first that ends first; or what ended, the last first. */
export function getReleases(desk: Desk, { caller, url, record }: Call): Response {
  const { state } = parseLiveQuery(releaseQueryShape, url.searchParams);
  const items = deskOf(desk).list(caller, state).map(renderRelease);
  record.count(items.length);
  return renderAnswer({ items });
}

/** One of them, and exactly what would be sent now and to whom; as text for people when that is accepted. */
export async function getRelease(desk: Desk, { caller, params, request }: Call): Promise<Response> {
  const form = chooseForm(request.headers.get("accept"), ["application/json", ...textForms]);
  const shown = await deskOf(desk).show(caller, params["id"] ?? "", makeFilesOf(desk));
  const { version, preview } = shown;
  const wish = parseTextWish(form, request.headers);
  const isText = wish !== undefined && preview !== undefined;
  const response = isText
    ? renderShown(showMessage(preview.message, wish), wish)
    : renderAnswer(renderWhole(desk, shown));
  if (version !== undefined) response.headers.set("etag", version);
  return response;
}

/** Sends it, as the second officer. */
export async function postRelease(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, request, record } = call;
  const sent = await deskOf(desk).release({
    caller,
    id: params["id"] ?? "",
    match: request.headers.get("if-match"),
    filesOf: makeFilesOf(desk),
    also: (release) => record.keep(release.id),
  });
  const headers = { location: `/v1/messages/${sent.id}` };
  return renderAnswer(sent, { status: sent.created ? 201 : 200, headers });
}

/** Gives it back to who wrote it, with a reason. */
export async function postReturn(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, request, record } = call;
  const found = tryShape(returnShape, await readJsonBody(request));
  if (!found.success) throw new Fault("REQUEST_INVALID", `say {"reason": "…"}, up to 500 characters`);
  const act = { caller, id: params["id"] ?? "", also: () => record.keep() };
  return renderAnswer(renderRelease(await deskOf(desk).giveBack(act, found.data.reason)));
} // prettier-ignore

/** Its writer takes it back: nothing is sent. */
export async function postWithdrawal(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record } = call;
  const act = { caller, id: params["id"] ?? "", also: () => record.keep() };
  return renderAnswer(renderRelease(await deskOf(desk).withdraw(act)));
}

/** Stops a message of ours that has not left yet. */
export async function postStop(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record } = call;
  const id = params["id"] ?? "";
  const message = desk.exchange.glance(id);
  const { exchange } = desk;
  if (message?.box !== "out" || !visibleTo(caller, message) || exchange.stop === undefined) {
    throw new Fault("NOT_FOUND", "no message of ours here has this id");
  }
  await exchange.stop(id, () => record.keep());
  return renderAnswer({ id, state: "STOPPED" });
}
