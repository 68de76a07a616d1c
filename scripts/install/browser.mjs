import { createReadStream, createWriteStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { runStep } from './run.mjs';

/** The packages of the browser tests: their own lock file, so that nothing else installs a browser. */
const PREFIX = join('test', 'browser');
const HOST_WITH_BUILD = 'linux-x64';

/** Folder below the checkout that holds the unpacked Chromium, one for each version. */
export function browserFolder(root) {
  const lock = JSON.parse(readFileSync(join(root, PREFIX, 'package-lock.json'), 'utf8'));
  return join(root, '.build', `chromium-${lock.packages['node_modules/@sparticuz/chromium'].version}`);
}

/** Whether the browser tests lack their packages or their Chromium. Only Linux x64 has a build; others use one of the system. */
export function browserMissing(root, host = `${process.platform}-${process.arch}`) {
  const stamp = join(root, PREFIX, 'node_modules', '.package-lock.json');
  return !existsSync(stamp) || (host === HOST_WITH_BUILD && !existsSync(join(browserFolder(root), 'chromium')));
}

/** Installs the packages and unpacks Chromium; the executable appears last, so that an interrupted one is unpacked again. */
export async function installBrowser(root) {
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await runStep('browser for tests', 'npm', args, { cwd: join(root, PREFIX) });
  if (`${process.platform}-${process.arch}` !== HOST_WITH_BUILD) return;
  const packed = join(root, PREFIX, 'node_modules', '@sparticuz', 'chromium', 'bin');
  const folder = browserFolder(root);
  rmSync(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Libraries that a bare system lacks, and a font.
  for (const archive of ['al2023.tar', 'fonts.tar']) {
    const plain = join(folder, archive);
    await inflate(join(packed, `${archive}.br`), plain);
    await runStep('browser for tests', 'tar', ['-xf', plain, '-C', folder]);
    rmSync(plain);
  }
  writeFileSync(join(folder, 'fonts.conf'), fontsConfig(folder));
  const executable = join(folder, 'chromium');
  await inflate(join(packed, 'chromium.br'), `${executable}.part`);
  await chmod(`${executable}.part`, 0o755);
  await rename(`${executable}.part`, executable);
}

async function inflate(from, to) {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

const fontsConfig = (folder) =>
  `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>\n`;
