/* oxlint-disable -- a script of a browser, as the page shows it: typed rules find no types in it */
// The last piece of the page: what people see. Before it stand `words` and `judgeEvidence`.
/* global words, judgeEvidence, document, navigator, Option */

let lang = words.languages.find((one) => navigator.language.startsWith(one)) ?? "en";
let file;
let roots;

function make(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function sayWhy({ says, why, detail = "" }) {
  if (why === "") return "";
  const reason = Object.entries(words.reasons).find(([name]) => name === why)?.[1];
  const text =
    says === "NO" ? `${words.faults[why]?.[lang] ?? ""} (${why})` : (reason?.[lang] ?? why);
  return detail === "" ? text : `${text}: ${detail}`;
}

function showReport({ digest, verdicts }) {
  const { question, answer, why } = words.page[lang];
  const table = make("table");
  const head = make("tr");
  head.append(make("th", question), make("th", answer), make("th", why));
  table.append(head);
  for (const name of words.dimensions) {
    const verdict = verdicts[name] ?? { says: "UNKNOWN", why: "UNREADABLE" };
    const row = make("tr");
    row.dataset["name"] = name;
    row.dataset["says"] = verdict.says;
    const said = make("td", words.answers[verdict.says][lang]);
    said.className = "answer";
    row.append(make("th", words.questions[name][lang]), said, make("td", sayWhy(verdict)));
    table.append(row);
  }
  const sum = make("p", `SHA-256 ${digest}`);
  sum.className = "digest";
  const whole = make("section");
  whole.append(make("p", words.alone[lang]), sum, table);
  return whole;
}

async function judge() {
  if (file === undefined) return make("p");
  try {
    return showReport(await judgeEvidence({ file, roots, now: Date.now() }));
  } catch {
    return make("p", words.page[lang].wrongRoots);
  }
}

function pickFile(label        , id        , take                                          )              {
  const holder = make("label", label);
  const input = document.createElement("input");
  input.type = "file";
  input.id = id;
  input.addEventListener("change", () => {
    const [chosen] = input.files ?? [];
    void chosen?.arrayBuffer().then((bytes) => {
      take(new Uint8Array(bytes));
      return renew();
    });
  });
  holder.append(input);
  return holder;
} // prettier-ignore

function pickLanguage() {
  const holder = make("label", `${words.page[lang].language} `);
  const select = document.createElement("select");
  select.id = "lang";
  for (const one of words.languages) select.append(new Option(one, one, false, one === lang));
  select.addEventListener("change", () => {
    lang = words.languages.find((one) => one === select.value) ?? "en";
    build();
    void renew();
  });
  holder.append(select);
  return holder;
}

let asked = 0;

// what was chosen last is what is shown, whichever is judged first
async function renew() {
  asked += 1;
  const mine = asked;
  const report = await judge();
  if (mine !== asked) return;
  report.id = "report";
  report.setAttribute("role", "status");
  document.querySelector("#report")?.replaceWith(report);
}

function build() {
  const { title, file: fileWords, roots: rootWords, noCrypto } = words.page[lang];
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
  document.title = title;
  const report = make("section");
  report.id = "report";
  // also what is missing is said: a page opened from a disk has no cryptography in some browsers
  const hasCrypto = globalThis.crypto.subtle !== undefined;
  document.querySelector("#main")?.replaceChildren(
    make("h1", title),
    pickLanguage(),
    ...(hasCrypto ? [] : [make("p", noCrypto)]),
    pickFile(fileWords, "file", (bytes) => (file = bytes)),
    pickFile(rootWords, "roots", (bytes) => (roots = bytes)),
    report,
  );
}

build();
