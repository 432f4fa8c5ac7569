// Keeps a preview at what the edition is: no reload, so nothing jumps.

const place = document.querySelector('#preview');

/** Makes a frame as high as its mail, where it may be measured. */
function fit(frame) {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  const measure = () => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (height) frame.style.height = `${height + 2}px`;
  };
  measure();
  new ResizeObserver(measure).observe(root);
}

function begin() {
  const frame = place.querySelector('#mail');
  frame?.addEventListener('load', () => fit(frame));
  if (frame) fit(frame);
}

/** Puts a new mail in the place of the old one once it is there. `to`: the link to be seen in it. */
async function replaceMail(before, after, to) {
  const old = before.querySelector('#mail');
  const next = document.importNode(after.querySelector('#mail'), true);
  if (to) next.src += `&to=${encodeURIComponent(to)}#here`;
  next.style.height = old.style.height;
  next.removeAttribute('id');
  next.className = 'coming';
  const loaded = new Promise(resolve => next.addEventListener('load', resolve, { once: true }));
  before.append(next);
  await Promise.race([loaded, new Promise(resolve => setTimeout(resolve, 5000))]);
  for (const frame of [...before.children]) if (frame !== next) frame.remove();
  next.id = 'mail';
  next.className = '';
  fit(next);
}

/** Puts what a fetched page shows in the place of what is here. */
async function show(fresh, to) {
  const next = fresh.querySelector('#preview');
  const [before, after] = [place, next].map(one => one.querySelector('.mail'));
  // What is beside the mail on this page, the other may not have, and the other way round.
  const alone = place.parentElement.tagName === 'MAIN';
  if (alone && Boolean(before) !== Boolean(after)) {
    place.replaceChildren(...document.importNode(next, true).childNodes);
    begin();
  } else {
    const [frame, coming] = [before, after].map(mail => mail?.querySelector('.frame'));
    if (frame && coming && frame.className === coming.className) await replaceMail(frame, coming, to);
    else if (before && after) {
      before.replaceWith(document.importNode(after, true));
      begin();
    }
    const open = place.querySelector('details')?.open;
    for (const part of ['.inboxes', '.checks']) {
      const [here, there] = [place, next].map(one => one.querySelector(part));
      if (here && there) here.replaceWith(document.importNode(there, true));
    }
    const details = place.querySelector('details');
    if (details) details.open = open === true;
    place.querySelector('.trouble')?.remove();
    const trouble = next.querySelector('.trouble');
    if (trouble) place.prepend(document.importNode(trouble, true));
  }
  place.dataset.version = next.dataset.version;
  if (alone) document.title = fresh.title;
}

let busy = null;
let again = false;
let looking = '';

/** Fetches the page anew; what changes meanwhile is fetched after that. `to`: a link to be seen in it. */
export async function refresh(to = '') {
  again = true;
  looking = to;
  busy ??= (async () => {
    while (again) {
      again = false;
      const answer = await fetch(`${place.dataset.fresh}${location.search}`);
      await show(new DOMParser().parseFromString(await answer.text(), 'text/html'), looking);
    }
  })().finally(() => {
    busy = null;
  });
  await busy;
}

const chooser = document.querySelector('.choose');

if (place) {
  begin();
  place.addEventListener('click', event => {
    const tab = event.target.closest('.tabs a');
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(null, '', tab.href);
    if (chooser) chooser.elements.view.value = new URLSearchParams(location.search).get('view');
    refresh().catch(() => location.reload());
  });
}

if (chooser) {
  document.documentElement.classList.add('scripted');
  chooser.addEventListener('change', () => chooser.requestSubmit());
  const changes = new EventSource('/changes');
  changes.addEventListener('message', ({ data }) => {
    if (data !== place.dataset.version) refresh().catch(() => location.reload());
  });
}
