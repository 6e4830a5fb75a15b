/** What the marks of the drawings mean. */
import { type Markup, markup } from './html';

/** A mark, and its meaning in words. */
export const sample = (mark: Markup, meaning: string): Markup => markup`
  <li><svg viewBox="0 0 28 14" aria-hidden="true">${mark}</svg>${meaning}</li>
`;

/** For all timelines. */
export const legend = markup`
  <ul class="legend" aria-label="What the timelines show">
    ${sample(
      markup`<path class="h" d="M0 12V5H28V12z"/><path class="l" d="M0 2H28"/>`,
      'mailboxes held, and the dashed line of the limit',
    )}
    ${sample(markup`<path class="o" d="M0 1H28V13H0z"/>`, 'held over the limit')}
    ${sample(
      markup`<path class="b" d="M0 2H12V12H0z"/><path class="x" d="M16 3l8 8m0-8l-8 8"/>`,
      'a mailbox that was deleted',
    )}
    ${sample(
      markup`<path class="b" d="M0 2H12V12H0z"/><path class="x" d="M15 7h10m-4-4l4 4l-4 4"/>`,
      'a mailbox that moved to another seat',
    )}
    ${sample(
      markup`<path class="r" d="M4 7H26"/><circle class="q" cx="4" cy="7" r="3.5"/><path class="e" d="M26 1v12"/>`,
      'a request from asked to closed',
    )}
    ${sample(markup`<circle class="q f" cx="14" cy="7" r="3.5"/>`, 'a request closed at once')}
    ${sample(markup`<path class="k" d="M0 1H28V13H0z"/>`, 'the seat was locked')}
    ${sample(markup`<path class="w" d="M9 7l5-5l5 5l-5 5z"/>`, 'stopped prospects went on')}
  </ul>
`;
