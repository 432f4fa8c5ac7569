// The desk's script. Without it every page works as plain forms.
import { refresh } from './preview.js';

const draft = document.querySelector('#draft');
if (draft) editDraft(draft);
const live = document.querySelector('#live[data-events]');
if (live) follow(live);
// A finger held down, or two clicks, are one.
document.querySelector('#go')?.addEventListener('submit', event => {
  const form = event.currentTarget;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
});
document.querySelector('#at')?.addEventListener('input', () => {
  document.querySelector('[name=when][value=later]').checked = true;
});

function editDraft(form) {
  const pause = 350;
  const at = selector => document.querySelector(selector);
  const [saved, problem, said] = ['#saved', '#problem', '#said'].map(at);
  const list = form.querySelector('.candidates');
  let timer = null;
  let saving = null;
  let dirty = false;
  let old = false;
  let looking = '';
  // Answers without words for us.
  const lost = {
    401: 'You are not signed in any more. Sign in in another tab, then go on here.',
    404: 'This draft was deleted. Copy what you want to keep.',
  };
  form.classList.add('live');

  const change = () => {
    dirty = true;
    if (!old) saved.textContent = 'Not saved yet';
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  // One save at a time: each is over the version that the one before made.
  async function save() {
    clearTimeout(timer);
    while (saving) await saving;
    if (!dirty || old) return;
    dirty = false;
    saving = send();
    await saving;
    saving = null;
  }

  async function send() {
    const body = new URLSearchParams(new FormData(form));
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body,
      });
      if (response.status >= 500) throw new Error('tried again');
      const answer = await response.json().catch(() => ({ problem: lost[response.status] }));
      if (!response.ok) return refused(answer);
      form.elements.version.value = answer.version;
      form.elements.subject.placeholder = answer.subject;
      form.elements.preheader.placeholder = answer.preheader;
      at('#picked').textContent = answer.picks;
      problem.textContent = '';
      if (!dirty) saved.textContent = 'Saved';
      refresh(looking).catch(() => 'the next save shows it');
    } catch {
      dirty = true;
      saved.textContent = 'Not saved yet: trying again';
      timer = setTimeout(save, 5000);
    }
  }

  // What was refused is still to be saved: until then nothing is sent, and the page is not left.
  function refused({ problem: words, old: isOld }) {
    dirty = true;
    problem.textContent = words ?? 'This could not be saved.';
    saved.textContent = 'Not saved';
    if (!isOld) return;
    old = true;
    const again = document.createElement('a');
    again.href = location.pathname;
    again.textContent = 'Load it again';
    problem.append(' ', again);
  }

  const rows = () => [...list.children];
  const box = row => row.querySelector('[name=pick]');
  const title = row => row.querySelector('.what > label').textContent;

  function move(row, by) {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (by < 0) other.before(row);
    else other.after(row);
    focused?.focus();
    row.scrollIntoView({ block: 'nearest' });
    said.textContent = `${title(row)}: now number ${rows().indexOf(row) + 1}`;
    looking = row.dataset.url;
    change();
  }

  form.addEventListener('input', event => {
    const row = event.target.closest('li');
    looking = row ? row.dataset.url : '';
    if (event.target.name === 'pick') row.classList.toggle('picked', event.target.checked);
    change();
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    const [way] = (event.submitter?.value ?? '').split(' ');
    if (way === 'up' || way === 'down') move(event.submitter.closest('li'), way === 'up' ? -1 : 1);
    else {
      dirty = true;
      save();
    }
  });

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    const all = rows();
    const now = all.indexOf(document.activeElement?.closest?.('.candidates > li'));
    const row = all[now];
    if (event.altKey) {
      if (!row || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
      event.preventDefault();
      return move(row, event.key === 'ArrowUp' ? -1 : 1);
    }
    if (event.key === 'j' || event.key === 'k') {
      const to = all[event.key === 'j' ? now + 1 : Math.max(now, 1) - 1];
      if (to) box(to).focus();
      to?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'x' && row) box(row).click();
    else return;
    event.preventDefault();
  });

  function isTyping({ tagName, type }) {
    return tagName === 'TEXTAREA' || tagName === 'SELECT' || (tagName === 'INPUT' && !['checkbox', 'radio'].includes(type));
  }

  at('#send').addEventListener('click', async event => {
    if (!dirty && !saving) return;
    event.preventDefault();
    await save();
    if (!dirty && !problem.textContent) location.assign(at('#send').href);
  });
  at('#test').addEventListener('submit', async event => {
    event.preventDefault();
    const test = event.currentTarget;
    const tell = words => {
      at('#tested').textContent = words;
    };
    await save();
    if (dirty) return tell('No test was sent: what you typed is not saved.');
    tell('Sending…');
    try {
      const response = await fetch(test.action, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams(new FormData(test)),
      });
      const { done, problem: words } = await response.json();
      tell(done ?? words);
    } catch {
      tell('It is not known whether the test was sent: no answer.');
    }
  });
  addEventListener('beforeunload', event => {
    if (dirty && !old) event.preventDefault();
  });
}

function follow(live) {
  const acts = document.querySelector('#acts');
  const said = document.querySelector('#said');
  let status = live.dataset.status;
  const events = new EventSource(live.dataset.events);
  events.addEventListener('message', ({ data }) => {
    const heard = JSON.parse(data);
    // Our own templates made it: what comes from elsewhere is text in it.
    live.innerHTML = heard.live;
    if (heard.status === status) return;
    status = heard.status;
    acts.innerHTML = heard.acts;
    said.textContent = `The edition is ${status}`;
  });
  events.addEventListener('end', () => {
    events.close();
    if (status === 'sent' && document.querySelector('table')) location.reload();
  });
}
