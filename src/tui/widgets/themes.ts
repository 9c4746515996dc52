import { type SourceStyle, type Style, sourceStyles } from '../present/styled.js';
import type { ThemeName } from '../tui-config.js';

/** A cell's look as blessed keeps it: flags, foreground, background (none: the terminal's own). */
const none = 0x1ff;
const attribute = (flags: number, foreground: number): number => (flags << 18) | (foreground << 9) | none;
const bold = 1;
const underline = 2;
const inverse = 8;

export type Looks = Readonly<Record<Style, number>>;

const sources = (...foregrounds: readonly number[]): Record<SourceStyle, number> =>
  Object.fromEntries(
    sourceStyles.map((style, index) => [style, attribute(0, foregrounds[index] ?? none)]),
  ) as Record<SourceStyle, number>;

/** Numbers are of the 256 colours; 0 to 7 are what the terminal's own scheme makes of them. */
const dark: Looks = {
  plain: attribute(0, none),
  dim: attribute(0, 245),
  bold: attribute(bold, none),
  title: attribute(bold, 6),
  good: attribute(0, 2),
  busy: attribute(0, 3),
  bad: attribute(bold, 1),
  key: attribute(bold, 6),
  match: attribute(inverse, none),
  ...sources(75, 114, 180, 176, 80, 210),
};

const looks: Readonly<Record<ThemeName, Looks>> = {
  dark,
  // Darker than the scheme's own: yellow and cyan of most schemes are not to be read on white.
  light: {
    ...dark,
    dim: attribute(0, 242),
    title: attribute(bold, 24),
    good: attribute(0, 22),
    busy: attribute(0, 94),
    bad: attribute(bold, 124),
    key: attribute(bold, 24),
    ...sources(25, 28, 130, 90, 30, 125),
  },
  // Nothing is paler than the text itself; what is bad is underlined as well.
  'high-contrast': {
    ...dark,
    dim: attribute(0, none),
    title: attribute(bold | underline, none),
    good: attribute(bold, none),
    busy: attribute(bold, 11),
    bad: attribute(bold | underline, 9),
    key: attribute(bold, 14),
    ...sources(14, 10, 11, 13, 12, 15),
  },
  // Blue, yellow and vermilion stay apart for every kind of colour blindness.
  'colour-blind': {
    ...dark,
    title: attribute(bold, 39),
    good: attribute(0, 39),
    busy: attribute(0, 220),
    bad: attribute(bold, 202),
    key: attribute(bold, 39),
    ...sources(39, 214, 36, 175, 228, 252),
  },
};

const colourless: Looks = {
  plain: attribute(0, none),
  dim: attribute(0, none),
  bold: attribute(bold, none),
  title: attribute(bold, none),
  good: attribute(0, none),
  busy: attribute(0, none),
  bad: attribute(bold, none),
  key: attribute(bold, none),
  match: attribute(inverse, none),
  ...sources(),
};

/** Without colour every theme looks alike. */
export const looksOf = (theme: ThemeName, color: boolean): Looks => (color ? looks[theme] : colourless);
export const plainLook = attribute(0, none);
