// Keeps the page at what the files say: no reload, so nothing jumps.

document.documentElement.classList.add('scripted');

/** Makes a frame as high as its mail. */
function fit(frame) {
  const measure = () => {
    const root = frame.contentDocument?.documentElement;
    const height = root && Math.ceil(root.getBoundingClientRect().height);
    if (height) frame.style.height = `${height + 2}px`;
  };
  measure();
  const root = frame.contentDocument?.documentElement;
  if (root) new ResizeObserver(measure).observe(root);
}

/** Resolves once the frame shows its mail. */
function loaded(frame) {
  return new Promise(resolve => frame.addEventListener('load', resolve, { once: true }));
}

/** Puts a page that was fetched in the place of this one, its mail once it can be seen. */
async function show(fresh) {
  const [before, after] = [document, fresh].map(page => page.querySelector('.frame'));
  const typed = document.querySelector('#to')?.value;
  const open = document.querySelector('details')?.open;
  const next = fresh.querySelector('main');
  if (before && after && before.className === after.className) {
    // The old mail stays until the new one is there, in the same place.
    const frame = document.importNode(after.querySelector('iframe'), true);
    frame.style.height = before.querySelector('iframe').style.height;
    frame.style.display = 'none';
    frame.removeAttribute('id');
    const ready = loaded(frame);
    before.append(frame);
    await Promise.race([ready, new Promise(resolve => setTimeout(resolve, 5000))]);
    before.querySelector('iframe').remove();
    frame.id = 'mail';
    frame.style.display = '';
    fit(frame);
    for (const part of ['.inboxes', '.checks']) {
      document.querySelector(part).replaceWith(document.importNode(next.querySelector(part), true));
    }
    document.querySelector('.trouble')?.remove();
    const trouble = next.querySelector('.trouble');
    if (trouble) document.querySelector('main').prepend(document.importNode(trouble, true));
  } else {
    document.querySelector('main').replaceWith(document.importNode(next, true));
    begin();
  }
  const field = document.querySelector('#to');
  if (field && typed) field.value = typed;
  const details = document.querySelector('details');
  if (details && open !== undefined) details.open = open;
  document.title = fresh.title;
  document.documentElement.dataset.version = fresh.documentElement.dataset.version;
}

let busy = null;
let again = false;

/** Fetches the page anew; what changes meanwhile is fetched after that. */
async function refresh() {
  again = true;
  busy ??= (async () => {
    while (again) {
      again = false;
      const answer = await fetch(location.pathname === '/' ? location.href : `/${location.search}`);
      await show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    }
  })().finally(() => {
    busy = null;
  });
  await busy;
}

function begin() {
  const frame = document.querySelector('.frame iframe');
  if (!frame) return;
  frame.addEventListener('load', () => fit(frame));
  fit(frame);
}

document.querySelector('.choose')?.addEventListener('change', event => event.currentTarget.requestSubmit());
begin();

const changes = new EventSource('/changes');
changes.addEventListener('message', ({ data }) => {
  if (data !== document.documentElement.dataset.version) refresh().catch(() => location.reload());
});
