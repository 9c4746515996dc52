import { humanDuration } from '../../lib/human-duration.js';
import type { LogState } from '../model/log-state.js';
import { isReady, type Startup, startupPhases, startupShare } from '../model/startup.js';
import { bar } from './bar.js';
import type { Context } from './context.js';
import { type Row, row, span } from './styled.js';

/** How far each inference server of the log is on its way up, in at most `room` rows: those on their way first. */
export function startupRows({ glyphs, nowMs }: Context, { streams }: LogState, room: number): Row[] {
  const known = streams.flatMap(({ startup, pod, isGone, end }) => {
    const hasEnded = end.state === 'ended';
    return startup && !isGone && !(hasEnded && isReady(startup)) ? [{ startup, pod, hasEnded }] : [];
  });
  if (known.length === 0 || room < 1) return [];
  const underWay = known.filter(({ startup }) => !isReady(startup));
  // All of them are ready: one row says it.
  const shown = underWay.slice(0, underWay.length > room ? room - 1 : room);
  const rows = shown.map(({ startup, pod, hasEnded }) => {
    const { phase, share } = startup;
    const percent = share > 0 && share < 1 ? ` ${Math.floor(share * 100)} %` : '';
    const rest = startupPhases.slice(phase + 1).join(' → ');
    return row(
      span(bar(startupShare(startup), glyphs), hasEnded ? 'dim' : 'busy'),
      ` ${pod} `,
      span(`${startupPhases[phase]}${percent}`, 'bold'),
      span(hasEnded ? ': there its log ends' : `${spanWords(startup, nowMs)} → ${rest}`, 'dim'),
    );
  });
  const readyCount = known.length - underWay.length;
  const hidden = underWay.length - shown.length;
  if (hidden > 0) return [...rows, row(span(`and ${hidden} more start, ${readyCount} ready`, 'dim'))];
  if (readyCount === 0 || rows.length === room) return rows;
  const words = known.length === 1 ? `${known[0]?.pod} ready` : `${readyCount} of ${known.length} ready`;
  return [...rows, row(span(bar(1, glyphs), 'busy'), ` ${words}`)];
}

/** " for 3s of 33s": in this phase, and since the server began. */
function spanWords({ phaseMs, beganMs }: Startup, nowMs: number): string {
  if (beganMs === 0) return '';
  const inAll = phaseMs === beganMs ? '' : ` of ${humanDuration(nowMs - beganMs)}`;
  return ` for ${humanDuration(nowMs - phaseMs)}${inAll}`;
}
