// Does the main job with openapi-fetch and the types that openapi-typescript made: main.js BASE TOKEN.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };

type NewIssue = components["schemas"]["NewIssue"];

const [base, token] = process.argv.slice(2) as [string, string];
const READER = "typescript@reader.example";
const client = createClient<paths>({ baseUrl: base, headers: { Authorization: `Bearer ${token}` } });
const visitor = createClient<paths>({ baseUrl: base });

function check(holds: boolean, what: unknown): asserts holds {
  if (!holds) throw new Error(JSON.stringify(what));
}

function issue(subject: string): NewIssue {
  const item = { title: "Sommet", url: "https://example.org/sommet", countries: ["kz" as const] };
  return { newsletter: "asie-centrale", subject, parts: [{ kind: "news", items: [item] }] };
}

async function waitFor<T>(what: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("waited in vain");
}

const refused = await client.POST("/api/v1/issues", { body: issue("") });
check(refused.error?.errors?.[0]?.field === "subject", refused.error);
console.log("refused:", refused.error.type);

const header = { "Idempotency-Key": crypto.randomUUID() };
const create = () => client.POST("/api/v1/issues", { params: { header }, body: issue("TypeScript") });
const first = await create();
check(first.data?.status === "draft", first.error);
const { id, status } = first.data;
console.log(status);
const again = await create();
check(again.data?.id === id, again.error);
console.log("the same again");

const wish = { email: READER, newsletter: "asie-centrale", language: "fr" };
const takenIn = await visitor.POST("/api/v1/subscriptions", { body: wish });
check(takenIn.data?.status === "accepted", takenIn.error);
console.log("signed up");

type Mail = { to: string; text: string };
const link = await waitFor(async () => {
  const mails = (await (await fetch(`${base}/mailbox.json`)).json()) as Mail[];
  const mine = mails.filter((mail) => mail.to.includes(READER));
  return mine[0]?.text.match(/http[^\s<>]*\/confirm\/[^\s<>]*/)?.[0];
});
check((await fetch(link, { method: "POST" })).status === 200, link);
console.log("confirmed");

const old = { "If-Match": first.response.headers.get("ETag") ?? "" };
const edit = () =>
  client.PATCH("/api/v1/issues/{id}", {
    params: { path: { id }, header: old },
    body: { subject: "TypeScript, corrected" },
  });
check((await edit()).response.status === 200, "edit");
const stale = await edit();
check(stale.response.status === 412 && stale.error?.type === "/docs#stale", stale.error);
console.log("changed meanwhile");

const sent = await client.POST("/api/v1/issues/{id}/send", { params: { path: { id } } });
check(sent.data?.status === "sending", sent.error);
console.log(sent.data.status);

const watch = (last?: string) =>
  client.GET("/api/v1/issues/{id}/events", {
    params: { path: { id }, header: last === undefined ? {} : { "Last-Event-ID": last } },
    parseAs: "text",
  });
const events = await watch();
const end = events.data?.split("\n\n").find((event) => event.includes("event: end"));
check(end !== undefined, events);
const field = (name: string) => end.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1] ?? "";
console.log("end:", JSON.parse(field("data")).status);
check((await watch(field("id"))).response.status === 204, field("id"));
console.log("not resumed");

const shown = await client.GET("/api/v1/issues/{id}", { params: { path: { id } } });
check(shown.data !== undefined && shown.data.counts.sent === shown.data.counts.audience, shown);
const ledger = await client.GET("/api/v1/issues/{id}/deliveries", {
  params: { path: { id }, query: { state: "sent" } },
});
check(ledger.data?.items.length === shown.data.counts.sent, ledger);
console.log("delivered:", ledger.data.items[0]?.state);

const page = await client.GET("/api/v1/issues", {
  params: { query: { newsletter: "asie-centrale", status: "sent", limit: 1 } },
});
const last = page.data?.items[0];
check(last?.subject === "TypeScript, corrected", page.error);
check((await (await fetch(last.url)).text()).includes("Sommet"), last.url);
console.log("in the archive");
