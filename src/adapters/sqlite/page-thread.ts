/** The thread that reads pages of a log ahead of whoever takes them in. */
import { prepareQuery } from './driver';
import { LOG_PAGE, type LogPage, memoryOf, pageIn, sizeOf } from './log-page';
import type { PageRequest } from './read-ahead';
import { type Opened, serve, type Service } from './thread-service';

/** In bytes. Larger pages would fill the memory of whoever takes them in one after the other. */
const MOST_BYTES = 2_000_000;

const pages = ({ database, inDriver }: Opened): Service<PageRequest, LogPage> => {
  const read = prepareQuery(database, LOG_PAGE);
  return ({ start, limit }) => {
    const page = pageIn(inDriver(() => read(start, limit)));
    if (page === undefined || sizeOf(page) > MOST_BYTES) return { answer: undefined };
    return { answer: page, memory: memoryOf(page) };
  };
};

serve(pages);
