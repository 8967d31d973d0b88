import { render, type VNode } from "preact";
import { useEffect } from "preact/hooks";

import { every } from "./ground/clock.ts";
import { followKeys } from "./ground/keys.ts";
import { follow, tick } from "./ground/live.ts";
import { followAddress, place } from "./ground/place.ts";
import { askSession, isNobody, session } from "./ground/session.ts";
import { followShell } from "./ground/shell.ts";
import { findLanguage, say, speak } from "./ground/words.ts";
import { Header } from "./parts/header.tsx";
import { Heading } from "./parts/heading.tsx";
import { SessionEnd } from "./parts/session-end.tsx";
import { StatusBar } from "./parts/status-bar.tsx";
import { ShellNews } from "./parts/shell-news.tsx";
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
const Handover = lazily(async () => (await import("./screens/handover.tsx")).Handover);
const Oversight = lazily(async () => (await import("./screens/oversight.tsx")).Oversight);
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
  admin: { all: Administration },
  oversight: { all: Oversight },
  help: { all: Help },
};

function Screen(): VNode {
  const [room = "", id = "", act = ""] = place.value.path;
  const found = screens[room];
  const Shown = id === "" ? found?.all : room === "write" && act === "check" ? Check : found?.one;
  return Shown === undefined ? <NotFound /> : <Shown key={`${room} ${id} ${act}`} id={id} />;
}

function Signed(): VNode {
  useEffect(() => {
    const following = follow();
    return () => following.stop();
  }, []);
  useEffect(() => {
    // whoever works is not idle: the gateway says anew when the session ends
    void askSession();
  }, [tick.value]);
  return (
    <>
      <Header />
      <SessionEnd />
      <ShellNews />
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
  await speak(findLanguage());
  const root = document.getElementById("app");
  if (root !== null) render(<App />, root);
  followShell();
  // said by the bar, and asked again
  await askSession().catch(() => undefined);
}

void start();
