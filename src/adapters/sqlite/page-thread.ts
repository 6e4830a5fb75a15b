/** The thread that reads pages of a log ahead of whoever takes them in. */
import { numberIn, prepareQuery } from './driver';
import { LOG_BYTES, LOG_PAGE, type LogPage, memoryOf, pageIn } from './log-page';
import type { PageRequest } from './read-ahead';
import { type Opened, serve, type Service } from './thread-service';

/** In bytes. Larger pages would fill the memory of whoever takes them in one after the other. */
const MOST_BYTES = 2_000_000;

const pages = ({ database, inDriver }: Opened): Service<PageRequest, LogPage> => {
  const read = prepareQuery(database, LOG_PAGE);
  const bytes = prepareQuery(database, LOG_BYTES);
  return ({ start, limit }) => {
    const page = inDriver(() =>
      numberIn(bytes(start, limit)) > MOST_BYTES ? undefined : pageIn(read(start, limit)),
    );
    return [page === undefined ? { answer: page } : { answer: page, memory: memoryOf(page) }];
  };
};

serve(pages, { readOnly: true });
