import { scenarios } from '../src/catalogue/scenarios.ts';
import { send } from '../src/parts/talk.ts';
import { loadScenario } from './k6/load-scenario.ts';

const scenario = loadScenario('send', scenarios.send, send);

/** What k6 is told: VUs with one iteration each, and the thresholds. */
export const options = scenario.options;

/** Ends the run at once when there is no gateway. */
export const setup = scenario.setup;

/** One VU. */
export default scenario.run;

/** The table, and the file of `SUMMARY_FILE`. */
export const handleSummary = scenario.handleSummary;
