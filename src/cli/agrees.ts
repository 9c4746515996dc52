import { createInterface } from 'node:readline/promises';

/** Asks on the terminal; an empty answer is `otherwise`. */
export async function agrees(question: string, otherwise: boolean): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await lines.question(question)).trim().toLowerCase();
    return answer === '' ? otherwise : answer.startsWith('y');
  } finally {
    lines.close();
  }
}
