/** The test server in a process of its own, so that it takes no time from whoever is measured. */
import { startTestServer } from '../eventstoredb/server';

void startTestServer().then(({ connectionString }) => {
  process.stdout.write(`${connectionString}\n`);
});
