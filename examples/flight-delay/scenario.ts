import type { Scenario, Stage } from '../../contracts/scenario.ts';
import { prepareFlights } from './data/prepare.ts';
import { brokenUpload } from './story/broken-upload.ts';
import { buildCallers } from './story/callers.ts';
import { alarmWithoutData, outcomesArrive } from './story/drift-and-retraining.ts';
import { faultyRelease } from './story/faulty-release.ts';
import { tellFigures } from './story/figures.ts';
import { firstModel } from './story/first-model.ts';
import { readLiveFlights } from './story/live-flights.ts';
import { reproduction } from './story/reproduction.ts';
import { shuffledLabels } from './story/shuffled-labels.ts';
import { playWeeks, type WindowSeen } from './story/weeks.ts';

const START = '2001-02-01T01:00:00Z';
const SHUFFLED_UPLOAD = new Date('2001-02-20T09:00:00Z');
const FAULTY_RELEASE = { from: new Date('2001-03-06T00:00:00Z'), at: new Date('2001-03-06T21:00:00Z') };
/** Noon of the Monday after the last whole week of the data. */
const END = new Date('2001-07-02T12:00:00Z');

/** Five months of real flights, and the people around them. Where drift is found, and in what, is for the data to say. */
export const scenario: Scenario = { model: 'flight-delay', startsAt: START, play };

async function play(stage: Stage): Promise<void> {
  const flights = await stage.stage('prepare data', () => prepareFlights());
  const callers = buildCallers(stage, await readLiveFlights(flights.live));
  const windows: WindowSeen[] = [];

  await firstModel(stage, flights);
  await brokenUpload(stage, flights);

  await stage.stage('live in February', () => playWeeks(stage, callers, windows, SHUFFLED_UPLOAD, false));
  await shuffledLabels(stage, flights);

  await stage.stage('live until March', () => playWeeks(stage, callers, windows, FAULTY_RELEASE.from, false));
  await stage.advanceTo(FAULTY_RELEASE.at);
  await faultyRelease(stage, callers);

  const alarm = await stage.stage('live until drift', () => playWeeks(stage, callers, windows, END, true));
  stage.expect(alarm === 'alarm', 'no week of the data raised the drift alarm');
  await alarmWithoutData(stage, new Date(stage.now().getTime() - 12 * 3_600_000));
  await outcomesArrive(stage, flights, callers);
  await reproduction(stage);

  await stage.stage('live until July', () => playWeeks(stage, callers, windows, END, false));
  tellFigures(stage, { tally: callers.tally, windows });
}
