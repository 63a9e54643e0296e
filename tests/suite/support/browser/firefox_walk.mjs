// A reader's way through the demo in Firefox, by clicks and keys alone, driven over WebDriver BiDi.
// Arguments: the address of the demo, the language. Prints each step that was reached.

import { createRequire } from "node:module";

const require = createRequire(process.env.MODULES + "/");
const puppeteer = require("puppeteer-core");

const [base, language] = process.argv.slice(2);
const EMAIL = "aigerim@reader.example";
const PATIENCE = 60_000;

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: "/usr/bin/firefox-esr",
  headless: true,
  extraPrefsFirefox: { "intl.accept_languages": language },
});

async function click(page, css) {
  const found = await page.waitForSelector(css, { visible: true, timeout: PATIENCE });
  await found.scrollIntoView();
  await found.click();
}

// Clicks what leads to another page, and waits for that.
async function follow(page, css) {
  await Promise.all([page.waitForNavigation({ timeout: PATIENCE }), click(page, css)]);
}

async function see(page, css) {
  await page.waitForSelector(css, { visible: true, timeout: PATIENCE });
}

// Opens the newest mail once the mailbox shows so many, clicks its link, and returns the page that opens.
async function followInNewestMail(page, mails, css) {
  await page.goto(`${base}/mailbox`);
  await see(page, `.mails li:nth-child(${mails})`);
  await follow(page, ".mails li:first-child a");
  const frame = await (await page.waitForSelector("iframe.mail")).contentFrame();
  const link = await frame.waitForSelector(css, { timeout: PATIENCE });
  const opened = new Promise((done) => browser.once("targetcreated", (target) => done(target.page())));
  await link.click();
  const tab = await opened;
  await see(tab, "main h1");
  return tab;
}

try {
  const page = await browser.newPage();
  await page.goto(`${base}/subscribe`);
  await see(page, `html[lang=${language}] main`);
  // As fast as a person: whoever is quicker is taken for a program.
  await page.type("#email", EMAIL, { delay: 150 });
  await click(page, "input[name=consent]");
  await follow(page, "main .card > button[type=submit]");
  await see(page, "main a[href^='/mailbox']");
  console.log("signed up");

  // The browser that signed up confirms with the click on the link.
  const confirmed = await followInNewestMail(page, 1, "a[href*='/confirm/']");
  await see(confirmed, "main a[href*='/preferences/']");
  console.log("confirmed");
  await confirmed.close();

  const preferences = await followInNewestMail(page, 2, "a[href*='/preferences/']");
  await click(preferences, "input[name=countries][value=kg]");
  await follow(preferences, "main button[type=submit]:not(.second)");
  await see(preferences, "[role=status]");
  console.log("chose");
  await follow(preferences, "main a[href*='/unsubscribe/']");
  await see(preferences, "main a[href*='/preferences/']");
  await follow(preferences, "main button:not(.second)");
  await see(preferences, "form[action^='/undo/']");
  console.log("left");
} finally {
  await browser.close();
}
