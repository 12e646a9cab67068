// Says when the server is gone, and finds out when it is back.

import { address, connection, pause, setLost } from './api.js';
import { announce, byId } from './elements.js';

const longestWait = 10_000;

export function startBanner() {
  const banner = byId('banner');
  connection.addEventListener('lost', async () => {
    banner.textContent = 'The server does not answer. What you typed stays here; the page connects again by itself.';
    banner.hidden = false;
    for (let wait = 500; connection.isLost; wait = Math.min(2 * wait, longestWait)) {
      await pause(wait);
      if (await answers()) setLost(false);
    }
  });
  connection.addEventListener('found', () => {
    banner.hidden = true;
    announce('The server answers again.');
  });
}

async function answers() {
  try {
    return (await fetch(address('healthz'), { cache: 'no-store', signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}
