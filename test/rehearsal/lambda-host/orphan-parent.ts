import { startContainer } from '../../../rehearsal/sagemaker/container-process.ts';
import { DEFAULT_SETTINGS } from '../../../rehearsal/sagemaker/settings.ts';
import { virtualControl } from '../sagemaker/virtual-control.ts';
import { functionRig } from './function-rig.ts';

/** A sidecar to be killed: a function that never answers and a container that never ends print their process ids. */
const rig = functionRig();
const hang = rig.deploy('hang', `exports.handler = () => new Promise(() => setInterval(() => {}, 1000));`);
const pid = rig.deploy('pid', `exports.handler = async () => process.pid;`);
void hang();
const waiting = await pid();

const container = startContainer(
  {
    control: virtualControl(rig.sidecar.clockFile, new Date()),
    actAs: async () => {
      throw new Error('this container needs no rights');
    },
    settings: DEFAULT_SETTINGS,
    sidecar: rig.sidecar,
    processes: new Set(),
  },
  {
    args: ['-c', 'import os, time; print(os.getpid()); time.sleep(600)'],
    folder: rig.folder,
    variables: {},
    onLine: (line) => console.log(JSON.stringify({ folder: rig.folder, pids: [waiting.body, Number(line)] })),
  },
);
await container.ended;
