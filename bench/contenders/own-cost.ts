/** Prints what this process has cost so far, as its last line. */
export function printOwnCost(): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cost = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMegabytes: maxRSS / 1024 };
  process.stdout.write(`${JSON.stringify(cost)}\n`);
}

/** Runs a contender: its arguments, then its cost. */
export function contender(act: (args: readonly string[]) => Promise<void>): void {
  act(process.argv.slice(2)).then(printOwnCost, (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  });
}
