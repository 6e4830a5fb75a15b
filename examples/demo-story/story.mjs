/** Tells the story to a ledger as it is written down, and stops where an answer is not the one it says. */

const MINUTE_MS = 60_000;

export class Story {
  /** The commands so far, each as one line of JSON. */
  lines = [];
  #ledger;
  #now = 0;

  constructor(ledger) {
    this.#ledger = ledger;
  }

  /** A new day begins, at nine in the morning. Commands follow each other by the minute. */
  on(date) {
    const morning = Date.parse(`${date}T09:00:00Z`);
    if (morning <= this.#now) throw new Error(`${date} is not after what has been told.`);
    this.#now = morning;
  }

  /** The command is recorded. */
  async yes(principal, command) {
    const answer = await this.#tell(principal, command);
    if (answer._tag === 'Left' || answer.right.events.length === 0) this.#surprise(command, answer);
  }

  /** It was already so. */
  async already(principal, command) {
    const answer = await this.#tell(principal, command);
    if (answer._tag === 'Left' || answer.right.events.length > 0) this.#surprise(command, answer);
  }

  /** The command is refused, for exactly these reasons in this order. */
  async no(principal, command, ...reasons) {
    const answer = await this.#tell(principal, command);
    const given = answer._tag === 'Left' ? (answer.left.rejections ?? []) : [];
    if (given.map(({ type }) => type).join() !== reasons.join()) this.#surprise(command, answer);
  }

  /** What the approval would cost, as an agent sees it before acknowledging. */
  async shown(principal, approval) {
    const preview = await this.#ledger.dryRun(principal, { ...approval, commandId: 'preview' });
    if (preview._tag === 'Left' || preview.right.impact === null) this.#surprise(approval, preview);
    return preview.right.impact;
  }

  /** The last line is sent once more, as after a broken connection. */
  sentTwice() {
    this.lines.push(this.lines.at(-1));
  }

  async #tell(principal, { type, ...rest }) {
    const commandId = `cmd-${String(this.lines.length + 1).padStart(4, '0')}`;
    const command = { type, commandId, ...rest };
    const at = new Date(this.#now).toISOString().replace('.000Z', 'Z');
    this.#now += MINUTE_MS;
    this.lines.push(JSON.stringify({ at, principal, command }));
    return this.#ledger.execute(principal, command, { at });
  }

  #surprise(command, answer) {
    const told = `line ${this.lines.length}, ${JSON.stringify(command)}`;
    throw new Error(`Not as the story says: ${told}\ngot ${JSON.stringify(answer)}`);
  }
}
