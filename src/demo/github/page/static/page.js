// Keeps a page of the local GitHub up to date and sends its forms without leaving it. Everything works without this
// script too. It replaces only elements marked data-live, so what somebody is typing stays.

const main = document.querySelector('main[data-last-change]');
const pauseMs = 400;
const retryMs = 2000;

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The first element with an id that is at least partly on screen: what the reader looks at must not move. */
function firstVisible() {
  for (const element of document.querySelectorAll('[data-live] [id]')) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) return { id: element.id, top };
  }
  return undefined;
}

/** What a replaced part would forget: unfolded sections and choices. */
function readChoices(part) {
  const folds = [...part.querySelectorAll('details[id]')].map((fold) => [fold.id, fold.open]);
  const selects = [...part.querySelectorAll('form select')].map((select) => [keyOf(select), select.value]);
  return { folds: new Map(folds), selects: new Map(selects) };
}

function keyOf(select) {
  return `${select.form.getAttribute('action')} ${select.name}`;
}

function applyChoices(part, { folds, selects }) {
  for (const fold of part.querySelectorAll('details[id]')) fold.open = folds.get(fold.id) ?? fold.open;
  for (const select of part.querySelectorAll('form select')) select.value = selects.get(keyOf(select)) ?? select.value;
}

async function refresh() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  const seen = firstVisible();
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = next.querySelector(`[data-live="${part.dataset.live}"]`);
    if (fresh === null || fresh.innerHTML === part.dataset.source) continue;
    const choices = readChoices(part);
    part.dataset.source = fresh.innerHTML;
    part.replaceChildren(...fresh.childNodes);
    applyChoices(part, choices);
  }
  document.title = next.title;
  main.dataset.lastChange = next.querySelector('main')?.dataset.lastChange ?? main.dataset.lastChange;
  const again = seen && document.getElementById(seen.id);
  if (again) scrollBy({ top: again.getBoundingClientRect().top - seen.top, behavior: 'instant' });
}

async function follow() {
  for (;;) {
    try {
      const response = await fetch(`/-/changes?after=${main.dataset.lastChange}`);
      if (!response.ok) throw new Error(`changes: ${response.status}`);
      const { last, isVisible } = await response.json();
      if (isVisible) await refresh();
      main.dataset.lastChange = Math.max(last, Number(main.dataset.lastChange));
      delete document.body.dataset.connection;
      await pause(pauseMs);
    } catch {
      document.body.dataset.connection = 'lost';
      await pause(retryMs);
    }
  }
}

function showProblem(form, text) {
  const place = form.querySelector('.problem');
  if (!place) return;
  place.textContent = text;
  place.hidden = text === '';
}

async function send(form, submitter) {
  const response = await fetch(form.action, {
    method: 'POST',
    body: new URLSearchParams(new FormData(form, submitter)),
  });
  if (!response.ok) {
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    showProblem(form, page.querySelector('.problem')?.textContent ?? `It did not work (${response.status}).`);
    return;
  }
  const target = new URL(response.url);
  if (target.pathname !== location.pathname) {
    location.assign(target);
    return;
  }
  showProblem(form, '');
  form.reset();
  form.closest('details.picker, details.fold')?.removeAttribute('open');
  await refresh();
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.getAttribute('action')?.startsWith('/-/do/')) return;
  event.preventDefault();
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  send(form, event.submitter)
    .catch(() => showProblem(form, 'The local GitHub did not answer.'))
    .finally(() => {
      form.ariaBusy = 'false';
    });
});

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-submit-on-change]')) event.target.form.requestSubmit();
});

for (const element of document.querySelectorAll('[data-only-without-script]')) element.hidden = true;
for (const part of document.querySelectorAll('[data-live]')) part.dataset.source = part.innerHTML;
if (main) void follow();
