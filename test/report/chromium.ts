/** Opens pages in a real browser, where there is one. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The browser's program; `undefined` where none is installed. */
export const chromium = places.find((place) => place !== '' && existsSync(place));

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-logging=stderr',
];

export interface Opened {
  /** The page as the browser read it. */
  readonly dom: string;
  /** What it had to say against the page. */
  readonly complaints: ReadonlyArray<string>;
}

const run = (args: ReadonlyArray<string>): Promise<{ stdout: string; stderr: string }> => {
  const profile = mkdtempSync(join(tmpdir(), 'seatledger-chromium-'));
  return new Promise((done, failed) => {
    execFile(
      chromium ?? '',
      [...flags, `--user-data-dir=${profile}`, ...args],
      { maxBuffer: 2 ** 28, encoding: 'utf8' },
      (error, stdout, stderr) => {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        if (error === null) done({ stdout, stderr });
        else failed(new Error(`${chromium ?? ''} failed: ${stderr}`, { cause: error }));
      },
    );
  });
};

const inFolder = async <Value>(work: (folder: string) => Promise<Value>): Promise<Value> => {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-page-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Opens the page in a window of this width. */
export const open = (page: string, width = 1280): Promise<Opened> =>
  inFolder(async (folder) => {
    const file = join(folder, 'page.html');
    writeFileSync(file, page);
    const { stdout, stderr } = await run([
      `--window-size=${width},900`,
      '--dump-dom',
      `file://${file}`,
    ]);
    const complaints = stderr.split('\n').filter((line) => /:CONSOLE[:(]/.test(line));
    return { dom: stdout, complaints };
  });

/** What the browser makes of the page: a picture of its beginning, or the sheets of paper it fills. */
const made = (page: string, flag: string, name: string, ...args: ReadonlyArray<string>) =>
  inFolder(async (folder) => {
    const [file, output] = [join(folder, 'page.html'), join(folder, name)];
    writeFileSync(file, page);
    await run([`${flag}=${output}`, ...args, `file://${file}`]);
    return readFileSync(output);
  });

/** A picture of the page as a PNG file, for who prefers a light or a dark one. */
export const picture = (page: string, scheme: 'light' | 'dark', width = 1280): Promise<Buffer> =>
  made(
    page,
    '--screenshot',
    // The browser makes no picture under a name that does not end so.
    'page.png',
    '--hide-scrollbars',
    `--window-size=${width},900`,
    `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
  );

/** How many sheets the page fills on paper. */
export const sheets = async (page: string): Promise<number> => {
  const pdf = await made(page, '--print-to-pdf', 'page.pdf', '--no-pdf-header-footer');
  if (!pdf.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error('This is no PDF file.');
  return [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length;
};

/** What a script finds on the page. The page allows none, so this is a copy that does. */
export const ask = async (page: string, expression: string, width?: number): Promise<unknown> => {
  const script = `<script>document.title = JSON.stringify(${expression})</script></body>`;
  const copy = page
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replace('</body>', () => script);
  const { dom } = await open(copy, width);
  return JSON.parse(/<title>([^<]*)<\/title>/.exec(dom)?.[1] ?? 'null');
};

/** More than the one window in five that opens without the focus would ever need. */
const MOST_WINDOWS = 20;

/** As {@link ask}, of a window that has the keyboard: one that was just opened may not have it yet. */
export const askFocused = async (page: string, expression: string): Promise<unknown> => {
  for (let window = 0; window < MOST_WINDOWS; window += 1) {
    const answer = await ask(page, `document.hasFocus() ? [${expression}] : []`);
    if (Array.isArray(answer) && answer.length > 0) return answer[0];
  }
  throw new Error(`None of ${String(MOST_WINDOWS)} windows had the keyboard.`);
};
