import type { Style } from '../present/styled.js';
import type { ThemeName } from '../tui-config.js';

/** A cell's look as blessed keeps it: flags, foreground, background (none: the terminal's own). */
const none = 0x1ff;
const attribute = (flags: number, foreground: number): number => (flags << 18) | (foreground << 9) | none;
const bold = 1;
const underline = 2;

export type Looks = Readonly<Record<Style, number>>;

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
  },
  // Blue, yellow and vermilion stay apart for every kind of colour blindness.
  'colour-blind': {
    ...dark,
    title: attribute(bold, 39),
    good: attribute(0, 39),
    busy: attribute(0, 220),
    bad: attribute(bold, 202),
    key: attribute(bold, 39),
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
};

/** Without colour every theme looks alike. */
export const looksOf = (theme: ThemeName, color: boolean): Looks => (color ? looks[theme] : colourless);
export const plainLook = attribute(0, none);
