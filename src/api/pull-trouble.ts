/** Why an image could not be pulled, as far as the words of engine and registry tell. */
export type PullTrouble =
  | 'missing'
  | 'denied'
  | 'architecture'
  | 'rateLimit'
  | 'diskFull'
  | 'unknownHost'
  | 'network'
  | 'invalidName'
  | 'other';

// First match counts. Docker Hub says "denied" of what does not exist as well; registries that hide names say "not found" of what is denied.
const words: readonly (readonly [PullTrouble, RegExp])[] = [
  ['invalidName', /invalid reference format|couldn't parse image name|repository name must be lowercase/i],
  ['rateLimit', /toomanyrequests|pull rate limit|429 too many requests/i],
  ['diskFull', /no space left on device|disk quota exceeded/i],
  [
    'architecture',
    /no matching manifest for|no match for platform|does not match the specified platform|no image found in (manifest|image) (list|index) for/i,
  ],
  [
    'denied',
    /unauthorized|access denied|no basic auth credentials|denied:|authentication required|incorrect username or password|invalid username\/password|\b40[13] (unauthorized|forbidden)/i,
  ],
  [
    'missing',
    /manifest unknown|manifest for .* not found|repository .*not found|name unknown|not found: manifest|404 not found|: not found\b|does not exist/i,
  ],
  // A slip in the name, or no network: unlike other trouble of the network it need not end by itself.
  ['unknownHost', /no such host/i],
  [
    'network',
    /timeout|timed out|deadline exceeded|connection (refused|reset)|network is unreachable|no route to host|temporary failure|server misbehaving|i\/o timeout|unexpected EOF|\bEOF\b|50[234] /i,
  ],
];

export const pullTrouble = (message: string): PullTrouble =>
  words.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
