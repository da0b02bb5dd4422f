// SPDX-License-Identifier: Apache-2.0
// Keeps the page as the files are, without losing the place: fetches it anew and replaces what has changed.
"use strict";

const main = document.getElementById("main");
const status = document.getElementById("status");
// The source of every keyed piece as the server wrote it, before this script touched it.
const sources = new Map();

function keyed(root) { return [...root.querySelectorAll("[data-key]")]; }

function remember(root) { for (const piece of keyed(root)) sources.set(piece.dataset.key, piece.outerHTML); }

// MARK: What only a script can do

function prepare(root) {
  // In the strip of messages on a phone.
  root.querySelector("[aria-current=page]")?.scrollIntoView({block: "nearest", inline: "center"});
  for (const frame of root.querySelectorAll("iframe.mail")) frame.addEventListener("load", () => fit(frame));
  if (!("speechSynthesis" in window)) return;
  for (const button of root.querySelectorAll(".listen")) button.hidden = false;
}

// A mail as high as it is: it cannot tell, since it runs no script.
function fit(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  // Two for the frame's own border.
  frame.style.height = `${Math.ceil(page.getBoundingClientRect().height) + 2}px`;
}

function listen(button) {
  const isSpeaking = button.getAttribute("aria-pressed") === "true";
  speechSynthesis.cancel();
  for (const other of document.querySelectorAll(".listen[aria-pressed]")) other.removeAttribute("aria-pressed");
  if (isSpeaking) return;
  const speech = new SpeechSynthesisUtterance(button.previousElementSibling.textContent);
  speech.lang = button.dataset.voice;
  speech.voice = speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-") === speech.lang) ?? null;
  speech.onend = speech.onerror = () => button.removeAttribute("aria-pressed");
  button.setAttribute("aria-pressed", "true");
  speechSynthesis.speak(speech);
}

// MARK: Replacing what has changed

let turn = 0;

async function show(address, isNewChoice) {
  const mine = ++turn;
  let text;
  try {
    const answer = await fetch(address);
    text = await answer.text();
  } catch { return say("Connection lost", true); }
  // A later choice was made meanwhile.
  if (mine !== turn) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const isOtherMessage = page.title !== document.title;
  document.title = page.title;
  document.body.dataset.revision = page.body.dataset.revision;
  const theme = page.documentElement.dataset.theme;
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
  const focused = document.activeElement?.closest("a")?.textContent;
  const group = document.activeElement?.closest("[aria-label]")?.getAttribute("aria-label");
  const isSameShape = outline(page) === outline(document);
  if (isSameShape) patch(page, !isNewChoice); else replaceColumns(page);
  for (const frame of document.querySelectorAll("iframe.mail")) if (isNewChoice) fit(frame);
  if (isOtherMessage) main.scrollTop = main.scrollLeft = 0;
  if (focused && !document.activeElement?.closest("a")) refocus(group, focused);
}

// What pieces there are, in which order.
function outline(page) {
  const columns = page.getElementById("columns");
  return page.title + " " + keyed(page.body).map((piece) => piece.dataset.key).join(" ") + (columns ? "" : " none");
}

function patch(page, isFlashing) {
  const old = document.getElementById("columns");
  const columns = page.getElementById("columns");
  if (old && columns) old.className = columns.className;
  for (const fresh of keyed(page.body)) replace(fresh, isFlashing);
}

function replaceColumns(page) {
  for (const fresh of keyed(page.body)) if (!fresh.closest("#columns") && !fresh.matches(".nothing")) replace(fresh, false);
  const place = document.getElementById("columns") ?? document.querySelector("main > .nothing");
  const columns = document.adoptNode(page.getElementById("columns") ?? page.querySelector("main > .nothing"));
  remember(columns);
  place.replaceWith(columns);
  prepare(columns);
}

function replace(fresh, isFlashing) {
  const key = fresh.dataset.key;
  const old = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!old || sources.get(key) === fresh.outerHTML) return;
  sources.set(key, fresh.outerHTML);
  document.adoptNode(fresh);
  const folds = [...old.querySelectorAll("details")];
  [...fresh.querySelectorAll("details")].forEach((fold, index) => { fold.open = folds[index]?.open ?? false; });
  const frame = fresh.querySelector("iframe.mail"), before = old.querySelector("iframe.mail");
  // Keeps its height until the new mail is there, so that nothing below jumps.
  if (frame && before) frame.style.height = before.style.height;
  const scrolled = [old.scrollTop, old.scrollLeft];
  old.replaceWith(fresh);
  [fresh.scrollTop, fresh.scrollLeft] = scrolled;
  prepare(fresh);
  if (isFlashing && fresh.matches(".part")) fresh.classList.add("fresh");
}

function refocus(group, label) {
  const scope = [...document.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === group);
  [...(scope ?? document).querySelectorAll("a")].find((link) => link.textContent === label)?.focus({preventScroll: true});
}

// MARK: Events

document.addEventListener("click", (event) => {
  const button = event.target.closest(".listen");
  if (button) return listen(button);
  const link = event.target.closest("a");
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.target || !link.getAttribute("href").startsWith("?")) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show(link.href, true);
});

addEventListener("popstate", () => show(location.href, true));
addEventListener("resize", () => { for (const frame of document.querySelectorAll("iframe.mail")) fit(frame); });

function say(words, isLost) {
  status.hidden = false;
  status.textContent = words;
  status.classList.toggle("lost", isLost);
}

const events = new EventSource("/events");
events.addEventListener("revision", (event) => {
  say("Follows your files", false);
  if (event.data !== document.body.dataset.revision) show(location.href, false);
});
events.addEventListener("error", () => say("The preview has ended", true));

remember(document);
prepare(document);
for (const frame of document.querySelectorAll("iframe.mail")) fit(frame);
