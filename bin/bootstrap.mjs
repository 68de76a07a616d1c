// Installs what a command needs and is missing: `node bin/bootstrap.mjs packages emulator container …`.
// Plain JavaScript, and nothing an old Node could not parse, so that an old Node gets a sentence and not a syntax error.
const OLDEST_NODE = 20;
const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  process.stderr.write(
    `modelway: Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}; install a newer one from https://nodejs.org and run this again\n`,
  );
  process.exit(2);
}
import('../scripts/install/install.mjs')
  .then((install) => install.main(process.argv.slice(2)))
  .then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      process.stderr.write(`modelway: a bug in the installation: ${error.stack}\n`);
      process.exitCode = 2;
    },
  );
