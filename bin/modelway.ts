import { confirmAtTerminal } from '../cli/confirm.ts';
import { main } from '../cli/main.ts';

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  cwd: process.cwd(),
  ...confirmAtTerminal(process.stdin, process.stderr),
});
