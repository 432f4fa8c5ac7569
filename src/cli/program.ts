import { Command } from 'commander';
import { domain, selector, settingsHelp } from '../config/config.ts';
import { type Io, version } from './io.ts';
import { checkedBy, dateOption, listOf, numberFrom, oneOf } from './options.ts';

/** What a command does: given its arguments, then its options; resolves to the exit code. */
type Action = (io: Io, ...given: never[]) => Promise<number>;

type Definition = {
  readonly about: string;
  /** One a line, `command  # what for`. */
  readonly examples: string;
  /** Loaded when called, so that `digest` need not wait for a database driver. */
  readonly load: () => Promise<Action>;
  /** Whether its group's name alone means this one. */
  readonly isDefault?: boolean;
};

/**
 * The command line: names, options and help of every command. `done` is told the exit code.
 */
export function createProgram(io: Io, done: (code: number) => void): Command {
  const program = new Command('paperround')
    // Errors are thrown, not answered by leaving the process; the commands inherit all of this.
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used)')
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
    });
  const add = (
    parent: Command,
    usage: string,
    { about, examples, load, isDefault = false }: Definition,
  ) =>
    parent
      .command(usage, { isDefault })
      .description(about)
      .addHelpText('after', `\nExamples:\n${examples.replace(/^/gm, '  ')}`)
      .action(async (...given: unknown[]) => {
        const action = await load();
        // Commander hands over the command itself as the last argument.
        done(await action(io, ...(given.slice(0, -1) as never[])));
      });
  program
    .description("Delivers the day's research papers to people's inboxes.")
    .version(version())
    .option('--verbose', 'show stack traces')
    .addHelpText('after', () => `\n${settingsHelp()}\n\n${exitCodesHelp}`);
  addPublishing(program, add);
  addEditions(program, add);
  addSubscribers(program, add);
  addUpkeep(program, add);
  return program;
}

type Add = (parent: Command, usage: string, definition: Definition) => Command;

function addPublishing(program: Command, add: Add): void {
  add(program, 'start', {
    about: 'run everything: pages, scheduler, lanes; with no settings, the demo',
    examples: 'paperround start',
    load: async () => (await import('./start.ts')).start,
  });
  add(program, 'desk', {
    about: 'serve the desk alone, where an editor makes and sends editions; no schedule',
    examples: 'paperround desk',
    load: async () => (await import('./start.ts')).desk,
  });
  const preview = add(program, 'preview [digest]', {
    about:
      'show an edition in a browser, live, as mail clients show it; or check it; sends nothing',
    examples: `paperround preview                       # today's papers, from DIGEST
paperround preview capture.txt --intro "Hello."
paperround preview digests/              # any day of a folder with files such as 2025-09-03.txt
paperround preview sample --out preview  # edition.html, edition.txt, edition.eml
paperround preview sample --check        # for continuous integration`,
    load: async () => (await import('./preview.ts')).preview,
  })
    .option(
      '--port <n>',
      'where to listen on 127.0.0.1 (PORT, or any free one)',
      numberFrom(1, 65_535),
    )
    .option('--out <dir>', 'write the parts into this folder instead; made where there is none')
    .option('--check', 'check it instead, and exit 1 where there is an error')
    .addOption(dateOption())
    .option('--papers <n>', 'how many papers (PAPERS)', numberFrom(1, 50));
  addEditOptions(preview).option('--json', 'print one JSON object, of --check or --out');
  const send = add(program, 'send [digest]', {
    about: 'send an edition: shows what would go to how many, asks, delivers',
    examples: `paperround send capture.txt --dry-run           # only show
paperround send capture.txt --test me@example.org
paperround send capture.txt --intro "Hello."    # to all readers, after a question
paperround send capture.txt                     # once more: only to who lacks it
paperround send capture.txt --drop 2 --note 5="Read this." --at 07:30
paperround send --kind daily --yes              # today's, from DIGEST`,
    load: async () => (await import('./send.ts')).send,
  })
    .option('--kind <kind>', 'manual, or daily: today’s', oneOf('manual', 'daily'), 'manual')
    .addOption(dateOption())
    .option('--papers <n>', 'how many papers (PAPERS)', numberFrom(1, 50));
  addEditOptions(send)
    .option('--at <time>', 'begin then: 2025-09-04 07:30, or 07:30 (in TIMEZONE)')
    .option('--to <address>', 'only to this address; may be repeated (manual only)', listOf, [])
    .option('--test <address>', 'to this address alone, as a test: nothing is recorded')
    .option('--again', 'send as a new edition, though the same was sent before')
    .option('--public', 'list the edition on the web')
    .option('--dry-run', 'show what would be sent, and to how many')
    .option('--wait', 'stay until what was deferred is done, too')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON object');
  add(program, 'digest [digest]', {
    about: 'parse a digest and show it, or why each of its papers is picked or not',
    examples: `paperround digest sample
paperround digest capture.txt --json
paperround digest - < capture.txt
paperround digest --explain                     # for today's edition, from DIGEST
paperround digest --backtest answers --late 30  # editions from stored days`,
    load: async () => (await import('./digest.ts')).showDigest,
  })
    .addOption(dateOption())
    .option('--explain', 'say why the daily edition picks each paper or not')
    .option('--backtest <dir>', 'pick day by day from YYYY-MM-DD.json or .json.gz in a folder')
    .option('--papers <n>', 'how many papers are picked (PAPERS)', numberFrom(1, 50))
    .option('--late <percent>', 'how many of each stored day come late', numberFrom(0, 90))
    .option('--json', 'print one JSON object');
}

/** How an editor changes an edition. */
function addEditOptions(command: Command): Command {
  return command
    .option('--intro <text>', 'words above the papers, Markdown, at most 2,000 characters')
    .option('--subject <text>', 'the subject, instead of one made from the first papers')
    .option('--preheader <text>', 'what an inbox shows after the subject')
    .option(
      '--pick <id>',
      'this paper first (arXiv id or number in the digest; repeatable)',
      listOf,
      [],
    )
    .option('--drop <id>', 'not this paper; may be repeated', listOf, [])
    .option('--note <id=text>', 'a word of yours on a paper; may be repeated', listOf, [])
    .option('--title <id=text>', 'a paper’s title, corrected; may be repeated', listOf, [])
    .option(
      '--summary <id=text>',
      'a summary in place of the one made; may be repeated',
      listOf,
      [],
    );
}

function addEditions(program: Command, add: Add): void {
  const load = async () => import('./editions.ts');
  const editions = program
    .command('editions')
    .description('the editions, their deliveries, and why there was none')
    .helpCommand(false);
  add(editions, 'list', {
    about: 'the latest editions and scheduled days',
    examples: 'paperround editions list',
    load: async () => (await load()).listCommand,
    isDefault: true,
  })
    .option('--limit <n>', 'how many', numberFrom(1, 1_000), 20)
    .option('--json', 'print one JSON object');
  add(editions, 'show <id>', {
    about: 'one edition: counts by state, and the commonest replies',
    examples: `paperround editions show 3
paperround editions show 3 --missing`,
    load: async () => (await import('./editions-show.ts')).showEdition,
  })
    .option('--missing', 'list who does not have it, and why')
    .option('--json', 'print one JSON object');
  add(editions, 'resend <id>', {
    about: 'send an edition once more to some, whether or not they have it',
    examples: `paperround editions resend 3 --to ada@example.org
paperround editions resend 3 --missed`,
    load: async () => (await import('./editions-resend.ts')).resendEdition,
  })
    .option('--to <address>', 'to this address; may be repeated', listOf, [])
    .option('--missed', 'to those whose delivery failed, where their address was not to blame');
  const changes = {
    pause: 'stop sending an edition until it is resumed',
    resume: 'go on sending a paused edition',
    cancel: 'give an edition up: who lacks it will not get it',
  };
  for (const [name, about] of Object.entries(changes) as [keyof typeof changes, string][]) {
    const examples = `paperround editions ${name} 3`;
    add(editions, `${name} <id>`, { about, examples, load: async () => (await load())[name] });
  }
}

function addSubscribers(program: Command, add: Add): void {
  const subscribers = program
    .command('subscribers')
    .description('the list: who gets the editions')
    .helpCommand(false);
  const load = async () => import('./subscribers.ts');
  add(subscribers, 'list', {
    about: 'all subscribers, or those of one status',
    examples: 'paperround subscribers list --status active',
    load: async () => (await load()).listCommand,
    isDefault: true,
  })
    .option('--status <status>', 'only these', oneOf(...statuses))
    .option('--json', 'print one JSON object');
  add(subscribers, 'show <address>', {
    about: 'one subscriber',
    examples: 'paperround subscribers show ada@example.org',
    load: async () => (await load()).show,
  }).option('--json', 'print one JSON object');
  add(subscribers, 'add <address...>', {
    about: 'put people on the list who asked for it',
    examples: `paperround subscribers add ada@example.org
paperround subscribers add "Ada Lovelace <ada@example.org>" --frequency weekly`,
    load: async () => (await load()).add,
  }).option('--frequency <frequency>', 'daily or weekly', oneOf('daily', 'weekly'), 'daily');
  add(subscribers, 'remove <address...>', {
    about: 'take people off the list; no import brings them back',
    examples: 'paperround subscribers remove ada@example.org',
    load: async () => (await load()).remove,
  });
  add(subscribers, 'suppress <file|address...>', {
    about: 'take over people who opted out elsewhere, known here or not; no import adds them',
    examples: `paperround subscribers suppress unsubscribed.csv
paperround subscribers suppress ada@example.org grace@example.org --reason complained
paperround subscribers suppress - < addresses.txt`,
    load: async () => (await load()).suppressCommand,
  })
    .option(
      '--reason <reason>',
      'why: left, bounced, complained, or editor (you took them off); else what a file says, or left',
      oneOf('left', 'bounced', 'complained', 'editor'),
    )
    .option('--json', 'print one JSON object');
  add(subscribers, 'unsuppress <address>', {
    about: 'undo a removal or suppression: the address may be mailed again',
    examples: 'paperround subscribers unsuppress ada@example.org',
    load: async () => (await load()).unsuppressCommand,
  });
  add(subscribers, 'forget <address>', {
    about: 'delete all that is known of an address, but for a hash that keeps it off the list',
    examples: 'paperround subscribers forget ada@example.org',
    load: async () => (await load()).forgetCommand,
  });
  add(subscribers, 'import <file>', {
    about:
      'add the people of a CSV file (email, name, frequency), and suppress whom it says opted out; says which rows it left out',
    examples: `paperround subscribers import colleagues.csv
paperround subscribers import members.csv --dry-run
paperround subscribers import members.csv --opt-out "Wants mail=no,never" --ignore-column Notes`,
    load: async () => (await load()).importCommand,
  })
    .option(
      '--opt-out <column=values>',
      'who has one of these values, with commas between, is not to be mailed; the column alone: any value; may be repeated',
      listOf,
      [],
    )
    .option(
      '--ignore-column <column>',
      'this column says nothing of who is to be mailed; may be repeated',
      listOf,
      [],
    )
    .option('--dry-run', 'show what would become of each row; changes nothing')
    .option('--json', 'print one JSON object');
  add(subscribers, 'export', {
    about: 'print the list as CSV',
    examples: 'paperround subscribers export > list.csv',
    load: async () => (await load()).exportCommand,
  });
}

const statuses = ['pending', 'active', 'unsubscribed', 'bounced', 'complained', 'guest'] as const;

function addUpkeep(program: Command, add: Add): void {
  add(program, 'backup <file>', {
    about: 'write a consistent copy of the running database',
    examples: 'paperround backup papers-2025-09-03.db',
    load: async () => (await import('./backup.ts')).makeBackup,
  });
  add(program, 'dkim', {
    about: 'make a key to sign mail with, and show its DNS record; or that of the key set',
    examples: `paperround dkim                               # for the domain of MAIL_FROM
paperround dkim --domain example.org --selector papers --out dkim.pem`,
    load: async () => (await import('./dkim.ts')).showDkim,
  })
    .option('--domain <domain>', 'the domain that signs (that of MAIL_FROM)', checkedBy(domain))
    .option('--selector <name>', 'the name of the key in the DNS (papers)', checkedBy(selector))
    .option('--out <file>', 'where the private key goes; never overwritten (dkim.pem)');
  add(program, 'config', {
    about: 'show the settings as understood, secrets masked',
    examples: 'paperround config',
    load: async () => (await import('./config.ts')).showConfig,
  }).option('--json', 'print one JSON object');
}

const exitCodesHelp =
  'Exit codes: 0 done, 1 failed, 2 usage or settings, 3 not everybody has it yet.';
