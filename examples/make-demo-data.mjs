/**
 * Prints the demonstration's commands, `examples/data/organization.jsonl`: five weeks of two made-up
 * organizations. Every command is executed here first, so that each answer is the one the story says,
 * and each acknowledged loss is the one that was shown.
 *
 * After `npm run build`: node examples/make-demo-data.mjs > examples/data/organization.jsonl
 */
import { memoryStore, openLedger } from 'seatledger';
import { Story } from './demo-story/story.mjs';
import { settingUp } from './demo-story/week-1-setting-up.mjs';
import { sending } from './demo-story/week-2-sending.mjs';
import { moving } from './demo-story/week-3-moving.mjs';
import { deleting } from './demo-story/week-4-deleting.mjs';
import { newContract } from './demo-story/week-5-new-contract.mjs';

const ledger = await openLedger({
  store: memoryStore(),
  addressSecret: 'only for making the demonstration',
});
const story = new Story(ledger);
for (const week of [settingUp, sending, moving, deleting, newContract]) await week(story);
await ledger.close();

for (const line of story.lines) console.log(line);
