import { render, type VNode } from "preact";
import { useEffect } from "preact/hooks";

import { every, type Timer } from "./ground/clock.ts";
import { askFlash, unreadFlash } from "./ground/flash.ts";
import { followKeys, isListShown } from "./ground/keys.ts";
import { askStatus, follow, tick } from "./ground/live.ts";
import { followAddress, place } from "./ground/place.ts";
import { followPresence } from "./ground/presence.ts";
import { whenQuiet } from "./ground/quiet.ts";
import { beginInbox } from "./ground/inbox.ts";
import { mayEnter, roomOf } from "./ground/rooms.ts";
import { askSession, isNobody, session } from "./ground/session.ts";
import { askShell, followShell } from "./ground/shell.ts";
import { findLanguage, say, speak } from "./ground/words.ts";
import { Header } from "./parts/header.tsx";
import { Heading } from "./parts/heading.tsx";
import { FlashNews } from "./parts/flash-news.tsx";
import { NoRight } from "./parts/no-right.tsx";
import { SessionEnd } from "./parts/session-end.tsx";
import { StatusBar } from "./parts/status-bar.tsx";
import { ShellNews } from "./parts/shell-news.tsx";
import { Undo } from "./parts/undo.tsx";
import { lazily } from "./parts/lazily.tsx";
import { Home } from "./screens/home.tsx";
import { Inbox } from "./screens/inbox.tsx";
import { MessageScreen } from "./screens/message.tsx";
import { Sent } from "./screens/sent.tsx";
import { SignIn } from "./screens/sign-in.tsx";
import "./style.css";

const Write = lazily(async () => (await import("./screens/write.tsx")).Write);
const Compose = lazily(async () => (await import("./screens/compose.tsx")).Compose);
const Check = lazily(async () => (await import("./screens/check.tsx")).Check);
const Drafts = lazily(async () => (await import("./screens/drafts.tsx")).Drafts);
const Approvals = lazily(async () => (await import("./screens/approvals.tsx")).Approvals);
const Approval = lazily(async () => (await import("./screens/approvals.tsx")).Approval);
const Analysis = lazily(async () => (await import("./screens/analysis.tsx")).Analysis);
const Administration = lazily(
  async () => (await import("./screens/administration.tsx")).Administration,
);
const AdminDesk = lazily(async () => (await import("./screens/administration.tsx")).AdminDesk);
const Handover = lazily(async () => (await import("./screens/handover.tsx")).Handover);
const Oversight = lazily(async () => (await import("./screens/oversight.tsx")).Oversight);
const Palette = lazily(async () => (await import("./parts/palette.tsx")).Palette);
const Help = lazily(async () => (await import("./screens/help.tsx")).Help);

function NotFound(): VNode {
  return <Heading title={say("notFound")} />;
}

type Screen = (props: { readonly id: string }) => VNode;

/** The screens, by the first piece of the path; what has an id behind it is one of its things. */
const screens: Readonly<Record<string, { readonly all?: Screen; readonly one?: Screen }>> = {
  home: { all: Home },
  inbox: { all: Inbox },
  message: { one: MessageScreen },
  sent: { all: Sent },
  write: { all: Write, one: Compose },
  drafts: { all: Drafts },
  approvals: { all: Approvals, one: Approval },
  handover: { all: Handover },
  analysis: { all: Analysis },
  admin: { all: Administration, one: AdminDesk },
  oversight: { all: Oversight },
  help: { all: Help },
};

function findScreen([room = "", id = "", act = ""]: readonly string[]): Screen | undefined {
  const found = screens[room];
  if (id === "") return found?.all;
  return room === "write" && act === "check" ? Check : found?.one;
}

function Screen(): VNode {
  const { path } = place.value;
  const [name = "", id = ""] = path;
  const room = roomOf(name);
  // the first page is everybody's: it shows what each may see
  if (room !== undefined && name !== "home" && !mayEnter(room)) {
    return <NoRight title={room.word} role={room.role} />;
  }
  const Shown = findScreen(path);
  return Shown === undefined ? <NotFound /> : <Shown key={path.join(" ")} id={id} />;
}

/** Follows what becomes of messages once the screen is there: that comes first. */
function followLater(): Timer {
  let following: Timer | undefined;
  let isOver = false;
  const begin = async (): Promise<void> => {
    await whenQuiet();
    if (!isOver) following = follow();
  };
  void begin();
  return {
    stop: () => {
      isOver = true;
      following?.stop();
    },
  };
}

function Signed(): VNode {
  useEffect(() => {
    const following = followLater();
    return () => following.stop();
  }, []);
  useEffect(() => {
    // whoever works is not idle: the gateway says anew when the session ends
    if (tick.value > 0) void askSession();
  }, [tick.value]);
  useEffect(() => {
    // who leaves a message has read it; a newer console is asked for too, now and then
    if (unreadFlash.peek().length > 0) askFlash().catch(() => undefined);
  }, [place.value]);
  return (
    <>
      <Header />
      <SessionEnd />
      <ShellNews />
      <FlashNews />
      <Undo />
      {isListShown.value ? <Palette id="" /> : null}
      <main id="main">
        <Screen />
      </main>
    </>
  );
}

const tryAgainMs = 3_000;

/** Nobody knows yet who works here; where the gateway is not reached, that is said, and it is asked again. */
function Opening(): VNode {
  useEffect(() => {
    const timer = every(tryAgainMs, () => void askSession().catch(() => undefined));
    return () => timer.stop();
  }, []);
  return (
    <>
      <header>
        <StatusBar />
      </header>
      <main id="main">
        <p>{say("load.wait")}</p>
      </main>
    </>
  );
}

function App(): VNode {
  if (session.value !== undefined) return <Signed />;
  if (isNobody.value) return <SignIn />;
  return <Opening />;
}

async function start(): Promise<void> {
  followAddress();
  followKeys();
  followPresence(() => {
    // nothing was asked while nobody was there
    if (session.peek() !== undefined) void askStatus();
    askShell();
  });
  // asked together: on a thin line every turn counts. What fails is said by the bar, and asked again
  const asked = askSession().catch(() => undefined);
  beginInbox(place.peek());
  await speak(findLanguage());
  const root = document.getElementById("app");
  if (root !== null) render(<App />, root);
  await asked;
  await whenQuiet();
  followShell();
}

void start();
