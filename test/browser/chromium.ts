import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { browserFolder } from '../../scripts/install/browser.mjs';
import { ROOT } from '../architecture/checkout.ts';

/** The parts of playwright-core that the tests use; its own types are only there when the browser is installed. */
export interface Page {
  on(event: 'console', listen: (message: { type(): string; text(): string }) => void): void;
  on(event: 'pageerror', listen: (error: Error) => void): void;
  on(event: 'dialog', listen: (dialog: { message(): string; dismiss(): Promise<void> }) => void): void;
  on(event: 'request', listen: (request: { url(): string }) => void): void;
  goto(url: string): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  emulateMedia(media: { colorScheme?: 'dark' | 'light'; media?: 'print' }): Promise<void>;
  screenshot(options: { path: string; fullPage: boolean }): Promise<unknown>;
  close(): Promise<void>;
}
export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  readonly chromium: {
    launch(options: {
      executablePath: string;
      args: readonly string[];
      env: Readonly<Record<string, string | undefined>>;
    }): Promise<Browser>;
  };
}

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * A headless Chromium: `MODELWAY_CHROMIUM`, else the pinned one (Linux x64), else one of the system.
 * @throws Error that says what to install where there is none
 */
export async function openChromium(): Promise<Browser> {
  const folder = browserFolder(ROOT);
  const pinned = join(folder, 'chromium');
  const executablePath = [process.env.MODELWAY_CHROMIUM, pinned, ...SYSTEM_BROWSERS].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined)
    throw new Error('there is no Chromium: run node bin/bootstrap.mjs browser, or name one in MODELWAY_CHROMIUM');
  // The libraries that come along are only for systems that have none of their own; the pinned build runs with them everywhere.
  const own =
    executablePath === pinned
      ? { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') }
      : {};
  const playwright: Playwright = createRequire(join(ROOT, 'test', 'browser', 'package.json'))('playwright-core');
  return playwright.chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage'],
    env: { ...process.env, ...own },
  });
}
