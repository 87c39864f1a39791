import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { applyTheme, storedTheme, type Theme, themes } from './theme.js';

const names: Readonly<Record<Theme, string>> = { system: 'as the device', light: 'light', dark: 'dark' };
const icons = { system: 'contrast', light: 'sun', dark: 'moon' } as const;

/** A button that goes from the device's theme to light to dark and round again. */
export function ThemeToggle(): JSX.Element {
  const [theme, setTheme] = useState(storedTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const toggle = (): void => {
    applyTheme(next);
    setTheme(next);
  };
  const label = `Theme: ${names[theme]}. Switch to ${names[next]}`;
  return (
    <button type="button" class="icon-button" onClick={toggle} aria-label={label} title={label}>
      <Icon name={icons[theme]} />
    </button>
  );
}
