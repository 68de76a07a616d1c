import { startEmulator } from '../../../rehearsal/rig/start-emulator.ts';

/** A parent to be killed: starts a rehearsal, says what it consists of, and never stops it. */
const emulator = await startEmulator();
console.log(JSON.stringify({ pids: emulator.processIds, folder: emulator.folder }));
