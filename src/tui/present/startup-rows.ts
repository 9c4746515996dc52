import { humanDuration } from '../../lib/human-duration.js';
import type { LogState } from '../model/log-state.js';
import { isReady, startupPhases, startupShare } from '../model/vllm-startup.js';
import { bar } from './bar.js';
import type { Context } from './context.js';
import { type Row, row, span } from './styled.js';

/** How far each vLLM server of the log is on its way up, in at most `room` rows: those on their way first. */
export function startupRows({ glyphs, nowMs }: Context, { streams }: LogState, room: number): Row[] {
  const known = streams.flatMap(({ startup, pod, isGone }) => (startup && !isGone ? [{ startup, pod }] : []));
  if (known.length === 0 || room < 1) return [];
  const underWay = known.filter(({ startup }) => !isReady(startup));
  // All of them are ready: one row says it.
  const shown = underWay.slice(0, underWay.length > room ? room - 1 : room);
  const rows = shown.map(({ startup, pod }) => {
    const { phase, share, beganMs } = startup;
    const percent = share > 0 && share < 1 ? ` ${Math.floor(share * 100)} %` : '';
    const rest = startupPhases.slice(phase + 1).join(' → ');
    return row(
      span(bar(startupShare(startup), glyphs), 'busy'),
      ` ${pod} `,
      span(`${startupPhases[phase]}${percent}`, 'bold'),
      span(beganMs > 0 ? ` for ${humanDuration(nowMs - beganMs)}` : '', 'dim'),
      span(` → ${rest}`, 'dim'),
    );
  });
  const readyCount = known.length - underWay.length;
  const hidden = underWay.length - shown.length;
  if (hidden > 0) return [...rows, row(span(`and ${hidden} more start, ${readyCount} ready`, 'dim'))];
  if (readyCount === 0 || rows.length === room) return rows;
  const words = known.length === 1 ? `${known[0]?.pod} ready` : `${readyCount} of ${known.length} ready`;
  return [...rows, row(span(bar(1, glyphs), 'busy'), ` ${words}`)];
}
